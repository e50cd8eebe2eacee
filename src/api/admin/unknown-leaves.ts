/** The route that lists leaves that a provider sends and this version does not know, or cannot read. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { listUnknownLeaves } from "../../store/unknown-leaves.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { id, iso, time } from "./parameters.ts";

const shown = z.object({
  resource: z.string(),
  kind: z
    .enum(["unknown", "unreadable"])
    .describe("`unknown`: no ledger lists it. `unreadable`: null in the record, unchanged in the raw body"),
  path: z.string().describe("The path as in ledgers: `[]` for items, `{}` for keys that are data"),
  times: z.int().describe("About how many bodies had it; counted at most once a minute"),
  first_seen_at: time,
  last_seen_at: time,
  raw_payload_id: id.describe("One of the bodies"),
  raw: z.string().nullable().describe("The path of that body; null when it was erased"),
});

export function unknownLeafRoutes(app: Api, { store, providers }: ApiServices): void {
  const schema = {
    tags: ["Admin: providers"],
    summary: "Fields from providers that no ledger knows or that could not be read, last seen first",
    params: z.object({ slug: z.string() }),
    response: { 200: z.object({ data: z.array(shown) }) },
  };
  app.get("/providers/:slug/unknown-leaves", { schema }, async (request) => {
    const { slug } = request.params;
    if (!providers.some((provider) => provider.slug === slug)) {
      throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
    }
    const rows = await listUnknownLeaves(store.db, environmentIdOf(request), slug);
    return {
      data: rows.map((row) => ({
        resource: row.resource,
        kind: row.kind,
        path: row.path,
        times: Number(row.times),
        first_seen_at: iso(row.first_seen_at),
        last_seen_at: iso(row.last_seen_at),
        raw_payload_id: row.raw_payload_id,
        raw: row.user_id && `/admin/v1/users/${row.user_id}/raw/${row.raw_payload_id}`,
      })),
    };
  });
}
