/**
 * Serves the bodies behind links. The token in the link's path is the only credential: anyone with the link may read
 * the event's body until the link expires.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { formerEvents } from "../../delivery/former-records.ts";
import { readPayloadToken } from "../../delivery/payload-link.ts";
import { SystoleError } from "../../errors.ts";
import type { RecordFormat } from "../../export/contract.ts";
import { loadFormat } from "../../export/formats.ts";
import type { JoinedBody } from "../../export/joined.ts";
import { wantsBirthDate } from "../../store/environments.ts";
import { type EventRow, findEvent } from "../../store/events.ts";
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
    querystring: z.object({ format: z.string().optional().describe("The format of its destination") }),
    response: { 200: z.unknown().describe("The event's body, byte for byte") },
  };
  app.get("/v2/payloads/:token", { schema }, (request, reply) =>
    sendPayload(services, { ...request.params, ...request.query }, request, reply),
  );
}

interface Wanted {
  readonly token: string;
  readonly format?: string | undefined;
}

/** @throws SystoleError PAYLOAD_LINK_UNKNOWN, PAYLOAD_LINK_EXPIRED, PAYLOAD_GONE, FORMAT_UNKNOWN */
async function sendPayload(
  services: ApiServices,
  { token, format = "terra" }: Wanted,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { store } = services;
  const linked = readPayloadToken(store.keyRing, token);
  if (linked === null) throw new SystoleError("PAYLOAD_LINK_UNKNOWN");
  const { environmentId, eventId, expiresAt } = linked;
  const remainingMs = expiresAt - Date.now();
  if (remainingMs <= 0) throw new SystoleError("PAYLOAD_LINK_EXPIRED", { event_id: eventId });
  const event = await findEvent(store, environmentId, eventId);
  if (event === null) throw new SystoleError("PAYLOAD_GONE", { event_id: eventId });
  const other = format === "terra" ? null : await loadFormat(format);
  // An event never changes, so its id identifies its body.
  const etag = other === null ? `"${eventId}"` : `"${eventId}-${other.name}"`;
  // Set only on an answer that succeeds: an error must not be kept in its place.
  const headers = {
    etag,
    "cache-control": `private, max-age=${Math.floor(remainingMs / 1_000)}, immutable`,
    "x-content-type-options": "nosniff",
  };
  if (isKnown(header(request, "if-none-match"), etag)) return reply.headers(headers).code(304).send();
  const formed = other === null ? null : await formOf(services, event, other);
  const { contentType, bytes } = formed ?? { contentType: jsonType, bytes: event.body };
  return reply.headers(headers).type(contentType).send(bytes);
}

const jsonType = "application/json; charset=utf-8";

/** A link with a format is made only where the event has a form in it. */
async function formOf(
  { store, exports, converter }: ApiServices,
  { environment_id, event_id, user_id, reference_id, records, body }: EventRow,
  { name: format, comparesFormer }: RecordFormat,
): Promise<JoinedBody | null> {
  const event = { userId: user_id, referenceId: reference_id, records, body };
  const identified = { ...event, environmentId: environment_id, eventId: event_id };
  const formers = comparesFormer === true ? await formerEvents(store, identified) : [];
  const settings = { ...exports, birthDate: await wantsBirthDate(store.db, environment_id) };
  const whenUnsupported = "leave_out";
  const task = { event: { ...event, formers }, format, settings, whenUnsupported } as const;
  return (await converter.convert("event", task)).body;
}

/** Compares weakly, as RFC 9110 §13.1.2 demands. */
const isKnown = (given: string | null, etag: string): boolean =>
  (given ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
