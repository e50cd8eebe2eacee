/** The ledger of a provider: every field and its use, for all bodies or for one record. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { recordLeaves } from "../../ingest/record-leaves.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import type { Fate } from "../../providers/ledger.ts";
import type { Provider, Resource } from "../../providers/provider.ts";
import { isOffering } from "../../providers/provider-data.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { id } from "./parameters.ts";
import { userParams } from "./users.ts";

const type = z.enum(dataTypes as [DataType, ...DataType[]]);

const fateShown = component(
  "LeafFate",
  z.object({
    fate: z.enum(["mapped", "carried", "ignored"]),
    to: z
      .array(z.string())
      .describe("Fields of the models that it feeds: `activity.distance_data.summary.distance_meters`"),
    how: z.string().nullable().describe("`exact`, or how it is converted or derived"),
    why: z.string().nullable().describe("Unit and meaning of what is carried, or why it is ignored"),
    carried_in: z.array(z.string()).describe("Where `provider_data` has it, for what is carried"),
  }),
);

const leafShown = z.object({ resource: z.string(), path: z.string(), ...fateShown.shape });

export function ledgerRoutes(app: Api, services: ApiServices): void {
  providerLedger(app, services);
  recordLedger(app, services);
}

function providerLedger(app: Api, { providers }: ApiServices): void {
  const schema = {
    tags: ["Admin: providers"],
    summary: "The use of each field of a provider's bodies",
    description:
      "`[]` stands for the items of a list, `{}` for keys that are data, `[field=value]` for items of one kind.",
    params: z.object({ slug: z.string() }),
    response: { 200: z.object({ data: z.array(leafShown) }) },
  };
  app.get("/providers/:slug/ledger", { schema }, async (request) => {
    const provider = providers.find(({ slug }) => slug === request.params.slug);
    if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.params.slug });
    const data = provider.resources.flatMap((resource) =>
      Object.entries(resource.ledger).map(([path, fate]) => ({
        resource: resource.name,
        path,
        ...showFate(fate, placesOf(provider, resource, path)),
      })),
    );
    return { data };
  });
}

const partShown = z.object({
  raw_payload_id: id,
  raw: z.string().describe("Where the whole body is, byte for byte"),
  resource: z.string(),
  key: z.string(),
  value: z.unknown().describe("The part of the body that belongs to the record, keys in snake_case"),
  problem: z
    .enum(["missing", "too-large", "unreadable"])
    .nullable()
    .describe("Why there is no value: the body is gone, or has more than 4 MiB, or cannot be read"),
  leaves: z
    .array(
      z.object({ path: z.string(), fates: z.array(fateShown).describe("None: the ledger does not know it") }),
    )
    .describe("Every path at which the value has something, once"),
});

function recordLedger(app: Api, { store, providers }: ApiServices): void {
  const schema = {
    tags: ["Admin: users"],
    summary: "The raw bodies of a record, and the use of each field",
    params: userParams.extend({ type, natural_key: z.string() }),
    response: { 200: z.object({ parts: z.array(partShown) }) },
  };
  app.get("/users/:id/records/:type/:natural_key/ledger", { schema }, async (request) => {
    const { id: userId, type, natural_key: naturalKey } = request.params;
    const connection = await connectionOf(store.db, environmentIdOf(request), userId);
    const provider = providers.find(({ slug }) => slug === connection.provider);
    if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: connection.provider });
    const owner = { environmentId: connection.environment_id, userId: connection.user_id };
    const parts = await recordLeaves(store, provider, owner, { type, naturalKey });
    return {
      parts: parts.map(({ leaves, ...part }) => ({
        raw_payload_id: part.rawPayloadId,
        raw: `/admin/v1/users/${owner.userId}/raw/${part.rawPayloadId}`,
        resource: part.resource,
        key: part.partKey,
        value: part.value,
        problem: part.problem,
        leaves: leaves.map(({ path, fates }) => {
          const resource = provider.resources.find(({ name }) => name === part.resource);
          const places = resource === undefined ? [] : placesOf(provider, resource, path);
          return { path, fates: fates.map((fate) => showFate(fate, places)) };
        }),
      })),
    };
  });
}

/** The paths of carried leaves in `provider_data`, by the types of the records that offer them. */
function placesOf({ slug, normalizers }: Provider, { name }: Resource, path: string): string[] {
  return normalizers.filter(isOffering).flatMap(({ type, offered: { one, several = [] } }) => {
    const isList = several.some((resource) => resource.name === name);
    if (!isList && !one.some((resource) => resource.name === name)) return [];
    return `${type}.provider_data.${slug}.${name}${isList ? "[]" : ""}.${path}`;
  });
}

function showFate(fate: Fate, places: readonly string[]): z.output<typeof fateShown> {
  const nothing = { to: [], how: null, why: null, carried_in: [] };
  switch (fate.fate) {
    case "mapped":
      return { ...nothing, fate: "mapped", to: [...fate.to], how: fate.how, why: fate.why ?? null };
    case "carried":
      return {
        ...nothing,
        fate: "carried",
        to: [...(fate.also ?? [])],
        why: fate.what,
        carried_in: [...places],
      };
    case "ignored":
      return { ...nothing, fate: "ignored", why: fate.reason };
  }
}
