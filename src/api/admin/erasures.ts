/** Routes for the receipts of erasures: what was deleted here, and where copies may still exist. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { type Erasure, findReceipt, listErasures } from "../../store/erasures.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { id, idParams, iso, isoOrNull, oneMore, page, pageOf, pageQuery, time } from "./parameters.ts";

const tags = ["Admin: users"];
const notReached = [
  "What destinations were sent, with what they made of it: see sent_to.",
  "Events under way to a destination at that moment.",
  "Backups of the database, replicas of its write-ahead log, snapshots of its disk.",
  "The provider's own copy.",
];

export const receipt = component(
  "ErasureReceipt",
  z.object({
    id,
    user_id: id,
    provider: z.string(),
    erased_at: time,
    permission: z
      .enum(["given_back", "ordered", "kept"])
      .describe(
        "The grant at the provider. `ordered`: the provider was not reached, and is tried again; `kept`: another user has the account",
      ),
    deleted: z.record(z.string(), z.int()).describe("Rows by table"),
    sent_to: z
      .array(
        z.object({
          destination_id: id,
          kind: z.string().nullable().describe("Null: the destination was deleted"),
          events: z.int(),
          link_destination_id: id.nullable().describe("The object store with the bodies of linked events"),
        }),
      )
      .describe("Destinations that were sent events about the user, as far back as deliveries are kept"),
    not_reached: z.array(z.string()).describe("Places with possible copies that Systole cannot delete"),
    vacuumed_at: time.nullable().describe("When the dead rows were removed from the database"),
  }),
);

export const showReceipt = (erasure: Erasure): z.output<typeof receipt> => ({
  id: erasure.erasure_id,
  user_id: erasure.user_id,
  provider: erasure.provider,
  erased_at: iso(erasure.erased_at),
  permission: erasure.permission,
  deleted: erasure.deleted,
  sent_to: [...erasure.sent_to],
  not_reached: notReached,
  vacuumed_at: isoOrNull(erasure.vacuumed_at),
});

export function erasureRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  getRoute(app, services);
}

function listRoute(app: Api, { store: { db } }: ApiServices): void {
  const schema = {
    tags,
    summary: "Receipts of erasures, newest first; those of `deauthenticateUser` included",
    querystring: pageQuery.extend({ user_id: id.optional() }),
    response: { 200: pageOf(receipt) },
  };
  app.get("/erasures", { schema }, async (request) => {
    const { limit, before, user_id: userId } = request.query;
    const wanted = { ...oneMore({ limit, before }), userId };
    return page(await listErasures(db, environmentIdOf(request), wanted), limit, showReceipt);
  });
}

function getRoute(app: Api, { store: { db } }: ApiServices): void {
  const schema = { tags, summary: "One receipt", params: idParams, response: { 200: receipt } };
  app.get("/erasures/:id", { schema }, async (request) => {
    const erasure = await findReceipt(db, environmentIdOf(request), request.params.id);
    if (erasure === null) throw new SystoleError("RESOURCE_NOT_FOUND", { erasure: request.params.id });
    return showReceipt(erasure);
  });
}
