/** Routes for raw payloads: what a provider really sent, as proof that nothing was changed. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Connection } from "../../store/connections.ts";
import { findPayload, listPayloads, type PayloadFacts } from "../../store/raw-payload-facts.ts";
import { readRawPayload } from "../../store/raw-payloads.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { id, iso, oneMore, page, pageOf, pageQuery, time } from "./parameters.ts";
import { rawFilename } from "./raw-filename.ts";
import { userParams } from "./users.ts";

const tags = ["Admin: users"];

export const shownPayload = z.object({
  id,
  resource: z.string(),
  resource_key: z.string(),
  request: z.object({ method: z.string(), path: z.string() }),
  status: z.int(),
  content_type: z.string().nullable(),
  bytes: z.int(),
  sha256: z.string().describe("The hash of the provider's bytes, in hex"),
  fetched_at: time,
});

export function rawPayloadRoutes(app: Api, { store }: ApiServices): void {
  const querystring = pageQuery.extend({ resource: z.string().optional() });
  const list = {
    tags,
    summary: "The bodies fetched for a user, newest first",
    params: userParams,
    querystring,
    response: { 200: pageOf(shownPayload) },
  };
  app.get("/users/:id/raw", { schema: list }, async (request) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const filter = { resource: request.query.resource };
    const rows = await listPayloads(store.db, idOf(connection), filter, oneMore(request.query));
    return page(rows, request.query.limit, showPayload);
  });

  const params = userParams.extend({ payload: id });
  const bytes = { schema: { type: "string", format: "binary" } };
  const response = { 200: { description: "As the provider sent it", content: { "*/*": bytes } } };
  const read = { tags, summary: "The provider's answer, byte for byte", params, response };
  app.get("/users/:id/raw/:payload", { schema: read }, async (request, reply) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const payload = await findPayload(store.db, idOf(connection), request.params.payload);
    const body = await readRawPayload(store, idOf(connection), request.params.payload);
    if (payload === null || body === null) {
      throw new SystoleError("RESOURCE_NOT_FOUND", { raw_payload_id: request.params.payload });
    }
    return reply
      .type(payload.content_type ?? "application/octet-stream")
      .headers(downloadHeaders(payload, body))
      .send(body);
  });
}

const idOf = ({ environment_id: environmentId, user_id: userId }: Connection) => ({ environmentId, userId });

/** Makes browsers download a provider's body, and never open it as a page of ours. */
function downloadHeaders(payload: PayloadFacts, body: Buffer) {
  const { provider, resource, resource_key: resourceKey, content_type: contentType, sha256 } = payload;
  const named = { provider, resource, resourceKey, contentType, rawPayloadId: payload.raw_payload_id };
  return {
    "content-disposition": `attachment; filename="${rawFilename(named, body)}"`,
    "x-content-type-options": "nosniff",
    "x-systole-sha256": sha256.toString("hex"),
  };
}

export const showPayload = (payload: PayloadFacts): z.output<typeof shownPayload> => ({
  id: payload.raw_payload_id,
  resource: payload.resource,
  resource_key: payload.resource_key,
  request: { method: payload.request_method, path: payload.request_path },
  status: payload.response_status,
  content_type: payload.content_type,
  bytes: payload.body_bytes,
  sha256: payload.sha256.toString("hex"),
  fetched_at: iso(payload.fetched_at),
});
