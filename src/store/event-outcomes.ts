/**
 * The outcome of an event over all destinations: "dead" if it was given up at one of them, else "pending" if it is on
 * its way to one, else "delivered" if one has it. "cancelled": its deliveries were called off; "none": there was no
 * destination for it. Of several deliveries to one destination the latest counts.
 */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type EventFilters, type EventSummary, eventConditions, summaryColumns } from "./events.ts";
import type { Page } from "./rows.ts";
import type { DatabaseOrTransaction, DeliveryState } from "./tables.ts";

export const eventOutcomes = ["dead", "pending", "delivered", "cancelled", "none"] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

/** Returns the outcome of an event whose latest deliveries are in these states. */
export const outcomeOf = (states: readonly DeliveryState[]): EventOutcome =>
  eventOutcomes.find((outcome) => outcome !== "none" && states.includes(outcome)) ?? "none";

export interface EventPage {
  readonly rows: readonly EventSummary[];
  /** The place behind this page; null after the last one. */
  readonly next: string | null;
}

/** Each needs a look at its deliveries. */
const mostScanned = 3_000;
/** Most deliveries that were given up stay so: a page is found among few of them. */
const mostDeadScanned = 500;

/**
 * Returns the events with this outcome, the newest first. A page looks through a limited number of events: it may be
 * short, or empty, and still have a next one.
 */
export async function listEventsOfOutcome(
  db: DatabaseOrTransaction,
  environmentId: string,
  { outcome, ...filters }: EventFilters & { readonly outcome: EventOutcome },
  { limit, before }: Page,
): Promise<EventPage> {
  const own = sql<SqlBool>`environment_id = ${environmentId}`;
  const older = before === undefined ? [] : [sql<SqlBool>`event_id < ${before}`];
  const most = outcome === "dead" ? mostDeadScanned : mostScanned;
  const scanned = scan({ own, older, filters, outcome });
  const { rows } = await sql<EventSummary>`
    SELECT ${sql.join(summaryColumns.map((name) => sql.ref(`e.${name}`)))} FROM (${scanned} LIMIT ${most}) s
    CROSS JOIN LATERAL (
      SELECT * FROM events WHERE ${own} AND event_id = s.event_id AND ${all(eventConditions(filters))} OFFSET 0
    ) e
    CROSS JOIN LATERAL ${outcomeOfEvent(own)} o
    WHERE o.outcome = ${outcome} ORDER BY s.event_id DESC LIMIT ${limit + 1}`.execute(db);
  const data = rows.slice(0, limit);
  if (rows.length > limit) return { rows: data, next: data.at(-1)?.event_id ?? null };
  const end = await sql<{ event_id: string }>`${scanned} OFFSET ${most - 1} LIMIT 1`.execute(db);
  return { rows: data, next: end.rows[0]?.event_id ?? null };
}

interface Scan {
  readonly own: RawBuilder<SqlBool>;
  /** The place of the page, if it is not the first. */
  readonly older: readonly RawBuilder<SqlBool>[];
  readonly filters: EventFilters;
  readonly outcome: EventOutcome;
}

/** Events that were given up are few and have an index; other outcomes are looked for among all events. */
function scan({ own, older, filters, outcome }: Scan): RawBuilder<unknown> {
  if (outcome !== "dead" || isOfPerson(filters)) {
    const conditions = all([...eventConditions(filters), ...older]);
    return sql`SELECT event_id FROM events WHERE ${own} AND ${conditions} ORDER BY event_id DESC`;
  }
  const range = eventConditions({ since: filters.since, until: filters.until });
  return sql`SELECT DISTINCT event_id FROM deliveries
    WHERE ${own} AND state = 'dead' AND ${all([...range, ...older])} ORDER BY event_id DESC`;
}

/** A person has few events, and an index of their own. */
const isOfPerson = ({ userId, referenceId }: EventFilters): boolean => (userId ?? referenceId) !== undefined;

const all = (conditions: readonly RawBuilder<SqlBool>[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `);

/** A delivery is never older than its event, so that partitions from before the event are left out. */
function outcomeOfEvent(own: RawBuilder<SqlBool>) {
  const cases = eventOutcomes
    .filter((outcome) => outcome !== "none")
    .map((outcome) => sql`WHEN bool_or(state = ${sql.lit(outcome)}) THEN ${sql.lit(outcome)}`);
  return sql`(
    SELECT CASE ${sql.join(cases, sql` `)} ELSE 'none' END AS outcome FROM (
      SELECT DISTINCT ON (destination_id) state FROM deliveries
      WHERE ${own} AND event_id = s.event_id
        AND delivery_id >= (left(s.event_id::text, 13) || '-0000-0000-000000000000')::uuid
      ORDER BY destination_id, ordinal DESC
    ) latest OFFSET 0
  )`;
}
