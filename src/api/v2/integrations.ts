/** Routes that list the providers and the data that each of them has. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { findEnvironment } from "../../store/environments.ts";
import { header } from "../auth.ts";
import { configuredAnywhere, configuredProviders } from "../configured.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { flag } from "./parameters.ts";

const tags = ["Integrations"];
const listedTypes = ["activity", "body", "nutrition", "daily", "sleep", "menstruation"] as const;
/** Whether its data is pushed by a client of the person's own, such as an app on their phone. */
const isPushed = ({ connecting }: Provider): boolean => connecting.kind === "upload";

const integration = z.object({
  provider: z.string(),
  name: z.string(),
  icon: z.string(),
  setup: z.literal("API_KEYS_MANAGED"),
  enabled: z.boolean(),
  types: z.record(z.string(), z.boolean()).describe(`Whether it has each of ${listedTypes.join(", ")}`),
});

export function integrationRoutes(app: Api, services: ApiServices): void {
  listIntegrations(app, services);
  listDetailed(app, services);
}

const whose =
  "With a `dev-id` header those that have credentials in that environment, without it those that have some in any.";

function listIntegrations(app: Api, services: ApiServices): void {
  const names = z.array(z.string());
  const answer = z.object({
    status: z.literal("success"),
    providers: names,
    sdk_providers: names,
    sdk_resource: names.describe("The same list under the name that Terra's SDK uses"),
  });
  const schema = {
    tags,
    summary: "Providers that can be connected",
    description: whose,
    security: [],
    response: { 200: answer },
  };
  app.get("/v2/integrations", { schema }, async (request) => {
    const listed = await listedFor(services, header(request, "dev-id"));
    const pushed = listed.filter(isPushed).map(({ name }) => name);
    return {
      status: "success",
      providers: listed.filter((provider) => !isPushed(provider)).map(({ name }) => name),
      sdk_providers: pushed,
      sdk_resource: pushed,
    };
  });
}

function listDetailed(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Providers that can be connected, with their data types",
    description: whose,
    querystring: z.object({ sdk: flag.optional() }),
    security: [],
    response: { 200: z.object({ status: z.literal("success"), providers: z.array(integration) }) },
  };
  app.get("/v2/integrations/detailed", { schema }, async (request) => {
    const listed = await listedFor(services, header(request, "dev-id"));
    return {
      status: "success",
      providers: listed.map((provider) => described(provider, services.publicUrl)),
    };
  });
}

/** @throws SystoleError CREDENTIALS_INVALID */
async function listedFor(services: ApiServices, devId: string | null): Promise<readonly Provider[]> {
  if (devId === null) return configuredAnywhere(services);
  const environment = await findEnvironment(services.store.db, devId);
  if (environment === null) throw new SystoleError("CREDENTIALS_INVALID");
  return configuredProviders(services, environment.environment_id);
}

function described(provider: Provider, publicUrl: string): z.output<typeof integration> {
  const types = listedTypes.map((type) => [type, provider.dataTypes.includes(type)] as const);
  return {
    provider: provider.name,
    name: provider.displayName,
    icon: `${publicUrl}/connect/icons/${provider.slug}.svg`,
    setup: "API_KEYS_MANAGED",
    enabled: true,
    types: Object.fromEntries(types),
  };
}
