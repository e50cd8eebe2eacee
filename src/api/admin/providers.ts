/** Routes for the credentials of each provider and the state of our webhook there. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { dataTypes } from "../../models/index.ts";
import { needsNoSettings } from "../../providers/environment.ts";
import type { Provider } from "../../providers/provider.ts";
import {
  findProviderConfig,
  openSettings,
  type ProviderConfig,
  saveProviderConfig,
} from "../../store/provider-configs.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component, jsonSchema, requestInvalid } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { assertSecretsGiven } from "./changed-address.ts";
import { mergeSettings, shownSettings } from "./masking.ts";
import { time } from "./parameters.ts";
import { fieldOf, settingSchema } from "./setting-schema.ts";
import { subscriptionShown } from "./subscription-view.ts";

const tags = ["Admin: providers"];
const settings = z.record(z.string(), z.unknown());

const eventShown = z.object({
  event: z.string(),
  state: z.string(),
  expires_at: time.nullable(),
  error: z.string().nullable(),
  checked_at: time,
});

export const shownProvider = component(
  "ProviderState",
  z.object({
    provider: z.string(),
    slug: z.string(),
    name: z.string(),
    data_types: z.array(z.enum(dataTypes)),
    chosen: z
      .object({ data_types: z.array(z.enum(dataTypes)), samples: z.boolean() })
      .describe("The data types that the environment handles, and whether its events have samples"),
    connecting: z
      .enum(["oauth", "key", "upload"])
      .describe(
        "How people connect: at the provider, with a key that they paste, or by uploads of their own",
      ),
    configured: z.boolean().describe("Whether people can connect. A provider without settings always is"),
    origin: z.enum(["process", "admin"]).nullable().describe("`process`: from environment variables"),
    settings: settings.nullable().describe("Secrets are masked"),
    settings_schema: settings.describe("JSON Schema; `secret: true` marks secrets"),
    subscription: z
      .object({
        form: z
          .enum(["client", "events", "person", "manual"])
          .describe("One webhook for all, one for each event or each person, or one made by hand"),
        state: z
          .string()
          .describe(
            "`manual`: made by hand, and Systole cannot check it; `missing`: the provider says that it does not exist",
          ),
        url: z.string().nullable(),
        error: z.string().nullable(),
        checked_at: time.nullable(),
        last_notification_at: time.nullable().describe("When the provider's last notification came"),
        last_change: z
          .object({ action: z.string(), at: time.nullable() })
          .nullable()
          .describe("The last change that a check made: `created`, `updated` or `reactivated`"),
        silent_since: time
          .nullable()
          .describe("Set while new data is found that the provider did not announce although it should have"),
        steps: z.array(z.string()).optional().describe("The operator's steps at the provider"),
        events: z.array(eventShown).optional().describe("Where each event has a subscription of its own"),
        people: z
          .object({ subscribed: z.int(), waiting: z.int(), failing: z.int() })
          .optional()
          .describe("Where each person has a subscription of their own"),
      })
      .nullable()
      .describe("Our webhook at the provider; null where it has none"),
  }),
);

export function providerRoutes(app: Api, services: ApiServices): void {
  const list = {
    tags,
    summary: "Every provider",
    response: { 200: z.object({ data: z.array(shownProvider) }) },
  };
  app.get("/providers", { schema: list }, async (request) => {
    const environmentId = environmentIdOf(request);
    return {
      data: await Promise.all(
        services.providers.map((provider) => showProvider(services, environmentId, provider)),
      ),
    };
  });
  putProvider(app, services);
}

function putProvider(app: Api, services: ApiServices): void {
  const { store, providers } = services;
  const schema = {
    tags,
    summary: "Set a provider's credentials",
    description:
      "A masked value that is sent back as it was shownProvider keeps what is stored. A change of address wants the secrets again.",
    params: z.object({ slug: z.string() }),
    body: settings,
    response: { 200: shownProvider },
  };
  app.put("/providers/:slug", { schema }, async (request) => {
    const provider = providers.find(({ slug }) => slug === request.params.slug);
    if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.params.slug });
    const id = { environmentId: environmentIdOf(request), provider: provider.slug };
    const config = await findProviderConfig(store.db, id);
    const kept = config === null ? {} : (openSettings(store.keyRing, config) as Record<string, unknown>);
    assertDeclared(provider, request.body);
    const given = mergeSettings(provider.settings, kept, request.body);
    assertSecretsGiven(provider.settings, { kept, change: request.body, merged: given });
    const parsed = provider.settings.safeParse(given);
    if (!parsed.success) throw requestInvalid(parsed.error, "body");
    services.assertProviderAddresses(provider, parsed.data);
    await saveProviderConfig(store.db, store.keyRing, id, given, "admin");
    services.providerConfigured(id);
    const [before, after] = [kept, given].map((each) => shownSettings(provider.settings, each));
    noteChange(request, { before: config && before, after });
    return showProvider(services, id.environmentId, provider);
  });
}

/**
 * Refuses settings that are not declared, since a misspelt one would be stored without effect. @throws SystoleError
 * REQUEST_INVALID
 */
function assertDeclared(provider: Provider, given: Readonly<Record<string, unknown>>): void {
  const schema = settingSchema(provider.settings);
  const fields = Object.keys(given)
    .filter((name) => given[name] !== null && fieldOf(schema, name).length === 0)
    .map((field) => ({ in: "body", field, problem: `is not a setting of ${provider.displayName}` }));
  if (fields.length > 0) throw new SystoleError("REQUEST_INVALID", { fields });
}

/** Returns the choice with every chosen type named. */
export const shownChoice = (
  provider: Provider,
  config: Pick<ProviderConfig, "data_types" | "samples"> | null,
) => ({
  data_types: provider.dataTypes.filter((type) => config?.data_types?.includes(type) ?? true),
  samples: config?.samples ?? true,
});

export async function showProvider(
  { store, publicUrl }: ApiServices,
  environmentId: string,
  provider: Provider,
) {
  const config = await findProviderConfig(store.db, { environmentId, provider: provider.slug });
  return {
    provider: provider.name,
    slug: provider.slug,
    name: provider.displayName,
    data_types: [...provider.dataTypes],
    chosen: shownChoice(provider, config),
    connecting: provider.connecting.kind,
    configured: config !== null || needsNoSettings(provider),
    origin: config?.origin ?? null,
    settings: config && shownSettings(provider.settings, openSettings(store.keyRing, config)),
    settings_schema: jsonSchema(provider.settings),
    subscription: config && (await subscriptionShown({ store, publicUrl }, config, provider)),
  };
}
