/**
 * Dead letters: deliveries that were given up and are the latest of their event and destination. A delivery
 * that was sent again is no longer one, whatever the result; nor is one whose destination was removed. One
 * whose event is no longer kept is listed, but cannot be sent again.
 */
import { sql } from "kysely";
import type { EventFilters } from "./events.ts";
import { lowestIdAt } from "./identifiers.ts";
import type { Page } from "./rows.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

export interface DeadLetterFilters
  extends Pick<EventFilters, "types" | "userId" | "referenceId" | "since" | "until"> {
  readonly destinationId?: string | undefined;
  /** The error code it was given up with. */
  readonly code?: string | undefined;
  /** Deliveries planned not before this; an event that was sent again has several. */
  readonly plannedSince?: Date | undefined;
  /** Deliveries planned before this. */
  readonly plannedUntil?: Date | undefined;
}

/** The columns needed to send it again. */
export interface DeadLetterToReplay {
  readonly delivery_id: string;
  readonly event_id: string;
  readonly destination_id: string;
  readonly user_id: string | null;
}

export interface DeadLetter extends DeadLetterToReplay {
  /** Null if the event is no longer kept. */
  readonly type: string | null;
  readonly reference_id: string | null;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_code: string | null;
  /** The beginning of the last answer. */
  readonly last_response: string | null;
  readonly event_created_at: Date | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** Returns the newest first. */
export async function listDeadLetters(
  db: DatabaseOrTransaction,
  environmentId: string,
  filters: DeadLetterFilters,
  { limit, before }: Page,
): Promise<DeadLetter[]> {
  const older = before === undefined ? sql`true` : sql`d.delivery_id < ${before}`;
  const { rows } = await sql<DeadLetter>`
    SELECT d.*, a.response AS last_response FROM ${destinationsOf(environmentId, filters)}
    CROSS JOIN LATERAL (
      SELECT d.delivery_id, d.event_id, d.destination_id, e.user_id, e.type, e.reference_id, d.attempts,
        d.last_status, d.last_code, e.created_at AS event_created_at, d.created_at, d.finished_at
      FROM deliveries d LEFT JOIN LATERAL ${eventOfDelivery} e ON true
      WHERE ${givenUp} AND ${older} AND ${plannedIn(filters)} AND ${matching(filters)} AND ${isLatest}
      ORDER BY d.delivery_id DESC LIMIT ${limit}
    ) d
    LEFT JOIN LATERAL (
      SELECT response FROM attempts
      WHERE environment_id = ${environmentId} AND delivery_id = d.delivery_id
      ORDER BY attempt_id DESC LIMIT 1
    ) a ON true
    ORDER BY d.delivery_id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** A delivery that was given up, and whether it is a matching dead letter. */
export interface GivenUp extends DeadLetterToReplay {
  readonly matches: boolean;
}

/**
 * Returns the oldest first; `after` is the last id of the part before. Rows are read first and filtered then:
 * a part costs the same, however few of them match.
 */
export async function listGivenUp(
  db: DatabaseOrTransaction,
  environmentId: string,
  filters: DeadLetterFilters,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): Promise<GivenUp[]> {
  const newer = after === null ? sql`true` : sql`d.delivery_id > ${after}`;
  const { rows } = await sql<GivenUp>`
    SELECT d.delivery_id, d.event_id, d.destination_id, e.user_id,
      e.type IS NOT NULL AND ${matching(filters)} AND ${isLatest} AS matches
    FROM (
      SELECT d.* FROM ${destinationsOf(environmentId, filters)} CROSS JOIN LATERAL (
        SELECT environment_id, delivery_id, event_id, destination_id, ordinal, last_code FROM deliveries d
        WHERE ${givenUp} AND ${newer} AND ${plannedIn(filters)} ORDER BY d.delivery_id LIMIT ${limit}
      ) d
      ORDER BY d.delivery_id LIMIT ${limit}
    ) d
    LEFT JOIN LATERAL ${eventOfDelivery} e ON true
    ORDER BY d.delivery_id`.execute(db);
  return rows;
}

/** Returns the destinations one by one, so that each is read in the order of its index and no further than needed. */
function destinationsOf(environmentId: string, { destinationId }: DeadLetterFilters) {
  const chosen = destinationId === undefined ? sql`true` : sql`destination_id = ${destinationId}`;
  return sql`(SELECT * FROM destinations WHERE environment_id = ${environmentId} AND ${chosen}) s`;
}

const givenUp = sql`d.environment_id = s.environment_id AND d.destination_id = s.destination_id
  AND d.state = 'dead'`;

/** A delivery's id begins with the time at which it was planned. */
function plannedIn({ plannedSince, plannedUntil }: DeadLetterFilters) {
  const from =
    plannedSince === undefined ? sql`true` : sql`d.delivery_id >= ${lowestIdAt(plannedSince)}::uuid`;
  const to = plannedUntil === undefined ? sql`true` : sql`d.delivery_id < ${lowestIdAt(plannedUntil)}::uuid`;
  return sql`${from} AND ${to}`;
}

/** OFFSET 0, here and below, makes the planner look up one by one, whatever its statistics say. */
const eventOfDelivery = sql`(
  SELECT type, user_id, reference_id, created_at FROM events
  WHERE environment_id = d.environment_id AND event_id = d.event_id OFFSET 0
)`;

const isLatest = sql`NOT EXISTS (
  SELECT FROM deliveries n WHERE n.environment_id = d.environment_id AND n.event_id = d.event_id
    AND n.destination_id = d.destination_id AND n.ordinal > d.ordinal OFFSET 0
)`;

function matching({ types, userId, referenceId, code, since, until }: DeadLetterFilters) {
  const conditions = [
    types === undefined ? null : sql`e.type = ANY(${types}::text[])`,
    userId === undefined ? null : sql`e.user_id = ${userId}`,
    referenceId === undefined ? null : sql`e.reference_id = ${referenceId}`,
    code === undefined ? null : sql`d.last_code = ${code}`,
    // An event's id begins with its time.
    since === undefined ? null : sql`d.event_id >= ${lowestIdAt(since)}::uuid`,
    until === undefined ? null : sql`d.event_id < ${lowestIdAt(until)}::uuid`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `);
}
