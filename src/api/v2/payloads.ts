/**
 * Serves the bodies behind links. The token in the link's path is the only credential: anyone with the link may read
 * the event's body until the link expires.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { readPayloadToken } from "../../delivery/payload-link.ts";
import { SystoleError } from "../../errors.ts";
import { findEvent } from "../../store/events.ts";
import { header } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";

export function payloadRoutes(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Data"],
    summary: "The body of an event that was sent as a link",
    description:
      "The `url` of an `s3_payload` event. No credentials are needed: the token is in the address.",
    security: [],
    params: z.object({ token: z.string() }),
    response: { 200: z.unknown().describe("The event's body, byte for byte") },
  };
  app.get("/v2/payloads/:token", { schema }, (request, reply) =>
    sendPayload(services, request.params.token, request, reply),
  );
}

/** @throws SystoleError PAYLOAD_LINK_UNKNOWN, PAYLOAD_LINK_EXPIRED, PAYLOAD_GONE */
async function sendPayload(
  { store }: ApiServices,
  token: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const linked = readPayloadToken(store.keyRing, token);
  if (linked === null) throw new SystoleError("PAYLOAD_LINK_UNKNOWN");
  const { environmentId, eventId, expiresAt } = linked;
  const remainingMs = expiresAt - Date.now();
  if (remainingMs <= 0) throw new SystoleError("PAYLOAD_LINK_EXPIRED", { event_id: eventId });
  const event = await findEvent(store.db, environmentId, eventId);
  if (event === null) throw new SystoleError("PAYLOAD_GONE", { event_id: eventId });
  // An event never changes, so its id identifies its body.
  const etag = `"${eventId}"`;
  reply.headers({
    etag,
    "cache-control": `private, max-age=${Math.floor(remainingMs / 1_000)}, immutable`,
    "x-content-type-options": "nosniff",
  });
  if (isKnown(header(request, "if-none-match"), etag)) return reply.code(304).send();
  return reply.type("application/json; charset=utf-8").send(event.body);
}

/** Compares weakly, as RFC 9110 §13.1.2 demands. */
const isKnown = (given: string | null, etag: string): boolean =>
  (given ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
