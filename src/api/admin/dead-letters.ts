/** Routes for dead letters: the deliveries that were given up, and their replay. */
import { z } from "zod";
import { replayDeadLetters } from "../../delivery/replay-dead-letters.ts";
import { eventTypes } from "../../models/index.ts";
import { type DeadLetter, listDeadLetters } from "../../store/dead-letters.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { id, instant, iso, isoOrNull, listOf, oneMore, page, pageOf, pageQuery, time } from "./parameters.ts";
import {
  assertReplayable,
  counts,
  dryRun,
  next,
  parts,
  showCounts,
  statusOf,
  whileCallerWaits,
} from "./replay-answers.ts";

const tags = ["Admin: dead letters"];
const description =
  "A dead letter is a delivery that was given up and not sent again since. It is kept for at least 30 days.";

const filters = {
  destination_id: id.optional(),
  user_id: id.optional(),
  reference_id: z.string().optional(),
  code: z.string().optional().describe("Why it was given up, as in docs/errors.md"),
  since: instant.optional().describe("Events not older than this; ISO 8601 with an offset"),
  until: instant.optional().describe("Events older than this"),
  planned_since: instant.optional().describe("Deliveries planned not before this"),
  planned_until: instant.optional().describe("Deliveries planned before this"),
};

const deadLetter = z.object({
  id: id.describe("The delivery's"),
  event_id: id,
  destination_id: id,
  type: z.string().nullable().describe("Null where the event is no longer kept and cannot be sent again"),
  user_id: z.string().nullable(),
  reference_id: z.string().nullable(),
  attempts: z.int(),
  last_status: z.int().nullable(),
  last_code: z.string().nullable(),
  last_response: z.string().nullable().describe("The first kilobyte of the last answer"),
  event_created_at: time.nullable(),
  created_at: time,
  finished_at: time.nullable().describe("When it was given up"),
});

export function deadLetterRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  replayRoute(app, services);
}

function listRoute(app: Api, { store }: ApiServices): void {
  const types = listOf(eventTypes as unknown as [string, ...string[]]);
  const querystring = pageQuery.extend({
    ...filters,
    types: types.optional().describe("Separated by commas"),
  });
  const response = { 200: pageOf(deadLetter) };
  const schema = { tags, summary: "Dead letters, newest first", description, querystring, response };
  app.get("/dead-letters", { schema }, async (request) => {
    const { types: wantedTypes, limit, before, ...asked } = request.query;
    const wanted = { ...named(asked), types: wantedTypes };
    const rows = await listDeadLetters(
      store.db,
      environmentIdOf(request),
      wanted,
      oneMore({ limit, before }),
    );
    return page(rows, limit, show);
  });
}

function replayRoute(app: Api, services: ApiServices): void {
  const types = z.array(z.string()).min(1).optional();
  const inactive = z.int().describe("Left out, their destination being switched off");
  const answer = z.object({ dead_letters: z.int(), ...counts, inactive, ...next });
  const schema = {
    tags,
    summary: "Send dead letters again: all, or those that match",
    description:
      "Planned in parts while the caller waits; one who leaves ends it with the part under way. Split a long one with `limit` and `after`.",
    body: z.object({ ...filters, types, ...parts, ...dryRun }).nullish(),
    response: { 200: answer, 202: answer },
  };
  app.post("/dead-letters/replay", { schema }, async (request, reply) => {
    const asked = request.body ?? { dry_run: false };
    await assertReplayable(services, environmentIdOf(request), asked.destination_id);
    const wanted = { ...named(asked), types: asked.types };
    const result = await whileCallerWaits(request, reply, asked, (run) =>
      replayDeadLetters(services.store, { ...wanted, ...run }),
    );
    const shown = {
      dead_letters: result.matched,
      ...showCounts(result, asked.dry_run),
      inactive: result.inactive,
      next: result.next,
    };
    noteChange(request, { after: { ...shown, of: asked } });
    return reply.code(statusOf(asked.dry_run)).send(shown);
  });
}

type Filters = z.output<z.ZodObject<typeof filters>>;

const named = ({ destination_id, user_id, reference_id, code, since, until, ...planned }: Filters) => ({
  destinationId: destination_id,
  userId: user_id,
  referenceId: reference_id,
  code,
  since,
  until,
  plannedSince: planned.planned_since,
  plannedUntil: planned.planned_until,
});

const show = (row: DeadLetter): z.output<typeof deadLetter> => ({
  id: row.delivery_id,
  event_id: row.event_id,
  destination_id: row.destination_id,
  type: row.type,
  user_id: row.user_id,
  reference_id: row.reference_id,
  attempts: row.attempts,
  last_status: row.last_status,
  last_code: row.last_code,
  last_response: row.last_response,
  event_created_at: isoOrNull(row.event_created_at),
  created_at: iso(row.created_at),
  finished_at: isoOrNull(row.finished_at),
});
