/** The route by which an environment's data types of a provider are chosen, and whether events have samples. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { chooseData } from "../../ingest/choose-data.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import { needsNoSettings } from "../../providers/environment.ts";
import type { Provider } from "../../providers/provider.ts";
import { findProviderConfig, saveProviderConfig } from "../../store/provider-configs.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { shownChoice, shownProvider, showProvider } from "./providers.ts";

const body = z.strictObject({
  data_types: z
    .array(z.enum(dataTypes))
    .min(1)
    .describe("Each a type that the provider has. All of them: also those that a later release adds"),
  samples: z.boolean().default(true).describe("False: events have no samples. Reads keep `with_samples`"),
});

export function providerDataRoute(app: Api, services: ApiServices): void {
  const { store, providers } = services;
  const schema = {
    tags: ["Admin: providers"],
    summary: "Choose which data types of a provider are handled, and whether samples are sent",
    description:
      "A type that is not chosen makes no records and no events, and what only it needs is not fetched. Records that exist stay readable. What was missed is fetched once the type is chosen again.",
    params: z.object({ slug: z.string() }),
    body,
    response: { 200: shownProvider },
  };
  app.put("/providers/:slug/data", { schema }, async (request) => {
    const provider = providers.find(({ slug }) => slug === request.params.slug);
    if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.params.slug });
    const environmentId = environmentIdOf(request);
    const { data_types: types, samples } = request.body;
    assertOfProvider(provider, types);
    await ensureConfig(services, environmentId, provider);
    const before = await chooseData(store, { provider, environmentId, types, samples });
    const after = await showProvider(services, environmentId, provider);
    const former = { data_types: before.types === null ? null : [...before.types], samples: before.samples };
    noteChange(request, { before: shownChoice(provider, former), after: after.chosen });
    return after;
  });
}

/** @throws SystoleError REQUEST_INVALID */
function assertOfProvider({ dataTypes: own, displayName }: Provider, types: readonly DataType[]): void {
  const fields = types
    .filter((type) => !own.includes(type))
    .map((type) => ({ in: "body", field: "data_types", problem: `${displayName} has no ${type}` }));
  if (fields.length > 0) throw new SystoleError("REQUEST_INVALID", { fields });
}

/** A provider without settings can be used without a row; its choice needs one. */
async function ensureConfig(
  { store }: ApiServices,
  environmentId: string,
  provider: Provider,
): Promise<void> {
  const id = { environmentId, provider: provider.slug };
  if (!needsNoSettings(provider) || (await findProviderConfig(store.db, id)) !== null) return;
  await saveProviderConfig(store.db, store.keyRing, id, {}, "admin");
}
