/** Routes that list deliveries and their attempts. */
import { z } from "zod";
import { eventTypes } from "../../models/index.ts";
import { type Attempt, listAttempts } from "../../store/deliveries.ts";
import { type ListedDelivery, listDeliveryPage } from "../../store/delivery-list.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { id, idParams, instant, iso, isoOrNull, listOf, pageOf, pageQuery, time } from "./parameters.ts";

const tags = ["Admin: deliveries"];
const states = ["pending", "delivered", "dead", "cancelled"] as const;

const delivery = z.object({
  id,
  event_id: id,
  destination_id: id,
  type: z.string().nullable().describe("Null where the event is no longer kept"),
  user_id: z.string().nullable(),
  reference_id: z.string().nullable(),
  state: z.enum(states),
  attempts: z.int(),
  next_attempt_at: time.nullable(),
  last_status: z.int().nullable(),
  last_code: z.string().nullable(),
  created_at: time,
  finished_at: time.nullable(),
});

const sentRequest = z.object({
  method: z.string().describe("The HTTP method, or the operation in the target's own words"),
  target: z.string().describe("The URL, its secrets masked, or the place that was written to"),
  headers: z.record(z.string(), z.string()).nullable().describe("Headers or attributes, secret ones masked"),
  bytes: z.int().describe("The length of the body as it was sent; the body is the event's"),
});

const attempt = z.object({
  id,
  number: z.int(),
  started_at: time,
  duration_ms: z.int(),
  outcome: z.enum(["delivered", "retry", "dead", "disabled"]),
  status: z.int().nullable(),
  code: z.string().nullable(),
  response: z.string().nullable().describe("The first kilobyte of the target's answer"),
  left_out: z
    .array(
      z.object({
        record: z.string().describe("The natural key"),
        field: z.string().nullable().describe("The field's path in the model; null: the whole record"),
        reason: z.string(),
      }),
    )
    .describe("What could not be expressed in the destination's format"),
  request: sentRequest.nullable().describe("Null where nothing was sent, or it was not kept"),
});

export function deliveryRoutes(app: Api, { store }: ApiServices): void {
  const querystring = pageQuery.extend({
    states: listOf(states).optional().describe("Separated by commas"),
    destination_id: id.optional(),
    event_id: id.optional(),
    types: listOf(eventTypes as unknown as [string, ...string[]])
      .optional()
      .describe("Separated by commas"),
    user_id: id.optional(),
    since: instant.optional(),
    until: instant.optional(),
  });
  const list = {
    tags,
    summary: "Deliveries, newest first",
    description:
      "By destination, type or a finished state a page looks through some thousand deliveries: it may be short or empty and have a `next` all the same.",
    querystring,
    response: { 200: pageOf(delivery) },
  };
  app.get("/deliveries", { schema: list }, async (request) => {
    const { states: wanted, destination_id, event_id, user_id, limit, before, ...others } = request.query;
    const filter = {
      ...others,
      states: wanted,
      destinationId: destination_id,
      eventId: event_id,
      userId: user_id,
    };
    const { rows, next } = await listDeliveryPage(store.db, environmentIdOf(request), filter, {
      limit,
      before,
    });
    return { data: rows.map(showDelivery), next };
  });

  const response = { 200: z.object({ data: z.array(attempt) }) };
  const attempts = { tags, summary: "The attempts of a delivery, in order", params: idParams, response };
  app.get("/deliveries/:id/attempts", { schema: attempts }, async (request) => {
    const target = { environmentId: environmentIdOf(request), deliveryId: request.params.id };
    return { data: (await listAttempts(store.db, target)).map(showAttempt) };
  });
}

const showDelivery = (row: ListedDelivery): z.output<typeof delivery> => ({
  id: row.delivery_id,
  event_id: row.event_id,
  destination_id: row.destination_id,
  type: row.type,
  user_id: row.user_id,
  reference_id: row.reference_id,
  state: row.state,
  attempts: row.attempts,
  next_attempt_at: isoOrNull(row.next_attempt_at),
  last_status: row.last_status,
  last_code: row.last_code,
  created_at: iso(row.created_at),
  finished_at: isoOrNull(row.finished_at),
});

const showAttempt = (row: Attempt): z.output<typeof attempt> => ({
  id: row.attempt_id,
  number: row.number,
  started_at: iso(row.started_at),
  duration_ms: row.duration_ms,
  outcome: row.outcome,
  status: row.status,
  code: row.code,
  response: row.response,
  left_out: row.left_out === null ? [] : [...row.left_out],
  request: row.request,
});
