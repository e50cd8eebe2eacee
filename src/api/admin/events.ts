/** Routes for events: what was sent. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { eventTypes } from "../../models/index.ts";
import { standingOf } from "../../store/delivery-list.ts";
import { type EventPage, eventOutcomes, listEventsOfOutcome, outcomeOf } from "../../store/event-outcomes.ts";
import { type EventSummary, findEvent, listEvents } from "../../store/events.ts";
import type { Database } from "../../store/tables.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { id, idParams, instant, iso, listOf, oneMore, pageOf, pageQuery, time } from "./parameters.ts";

const tags = ["Admin: events"];

const standing = z.object({
  id: id.describe("The delivery's"),
  destination_id: id,
  state: z.enum(["pending", "delivered", "dead", "cancelled"]),
  attempts: z.int(),
});

const shown = z.object({
  id,
  type: z.string(),
  user_id: z.string().nullable(),
  reference_id: z.string().nullable(),
  provider: z.string().nullable(),
  records: z
    .array(z.object({ type: z.string(), natural_key: z.string(), revision: z.int() }))
    .describe("In the order of the body"),
  reference: z.string(),
  trace_id: z.string(),
  bytes: z.int(),
  created_at: time,
});

export function eventRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  getRoute(app, services);
}

const outcome = z.enum(eventOutcomes);

const filters = z.object({
  types: listOf(eventTypes as unknown as [string, ...string[]])
    .optional()
    .describe("Separated by commas"),
  user_id: id.optional(),
  reference_id: z.string().optional(),
  reference: z
    .string()
    .optional()
    .describe("`terra-reference`: all events of one request, or the single pushed event"),
  since: instant.optional(),
  until: instant.optional(),
  outcome: outcome
    .optional()
    .describe(
      "The latest delivery to each destination counts: `dead` at one of them; else `pending` at one; else `delivered` at one; `cancelled` at all; `none`: there was no destination for it",
    ),
});
type Query = z.output<typeof filters> & z.output<typeof pageQuery>;

function listRoute(app: Api, { store }: ApiServices): void {
  const querystring = filters.extend(pageQuery.shape);
  const item = shown.extend({
    outcome: outcome.describe("Over all destinations: the worst of its deliveries"),
    deliveries: z.array(standing).describe("The latest to each destination"),
  });
  const schema = {
    tags,
    summary: "Events, newest first",
    description:
      "By outcome a page looks through some thousand events: it may be short or empty and have a `next` all the same.",
    querystring,
    response: { 200: pageOf(item) },
  };
  app.get("/events", { schema }, async (request) => {
    const environmentId = environmentIdOf(request);
    const { rows, next } = await pageOfEvents(store.db, environmentId, request.query);
    const eventIds = rows.map(({ event_id }) => event_id);
    const fared = Map.groupBy(await standingOf(store.db, environmentId, eventIds), (one) => one.event_id);
    return { data: rows.map((row) => showListed(row, fared.get(row.event_id) ?? [])), next };
  });
}

async function pageOfEvents(
  db: Database,
  environmentId: string,
  { user_id: userId, reference_id: referenceId, outcome: wanted, limit, before, ...others }: Query,
): Promise<EventPage> {
  const filters = { ...others, userId, referenceId };
  const page = { limit, before };
  if (wanted !== undefined) {
    return listEventsOfOutcome(db, environmentId, { ...filters, outcome: wanted }, page);
  }
  const rows = await listEvents(db, environmentId, filters, oneMore(page));
  const data = rows.slice(0, limit);
  return { rows: data, next: rows.length > limit ? (data.at(-1)?.event_id ?? null) : null };
}

function getRoute(app: Api, { store }: ApiServices): void {
  const response = { 200: shown.extend({ body: z.unknown().describe("The body as sent, byte for byte") }) };
  const schema = { tags, summary: "One event with its body", params: idParams, response };
  app.get("/events/:id", { schema }, async (request, reply) => {
    const event = await findEvent(store, environmentIdOf(request), request.params.id);
    if (event === null) throw new SystoleError("RESOURCE_NOT_FOUND", { event_id: request.params.id });
    // The body is inserted as it is: parsing and printing it again would change its numbers.
    const json = `${JSON.stringify(show(event)).slice(0, -1)},"body":${event.body.toString("utf8")}}`;
    return reply.type("application/json; charset=utf-8").send(json);
  });
}

type Standing = Awaited<ReturnType<typeof standingOf>>[number];

const showListed = (row: EventSummary, fared: readonly Standing[]) => ({
  ...show(row),
  outcome: outcomeOf(fared.map(({ state }) => state)),
  deliveries: fared.map(showStanding),
});

const showStanding = (one: Standing): z.output<typeof standing> => ({
  id: one.delivery_id,
  destination_id: one.destination_id,
  state: one.state,
  attempts: one.attempts,
});

function show(event: EventSummary): z.output<typeof shown> {
  return {
    id: event.event_id,
    type: event.type,
    user_id: event.user_id,
    reference_id: event.reference_id,
    provider: event.provider,
    records: event.records.map(({ type, naturalKey, revision }) => ({
      type,
      natural_key: naturalKey,
      revision,
    })),
    reference: event.reference,
    trace_id: event.trace_id,
    bytes: event.body_bytes,
    created_at: iso(event.created_at),
  };
}
