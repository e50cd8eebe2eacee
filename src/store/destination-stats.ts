/** How a destination has been doing lately, from its newest attempts and from what waits for it. */
import { sql } from "kysely";
import type { DestinationId } from "./destinations.ts";
import { lowestIdAt } from "./identifiers.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

/** The newest attempts of the destination that are counted: enough for a 99th percentile. */
export const mostAttempts = 2_000;
/** Deliveries that wait, or were given up, are counted no further than this. */
export const mostWaiting = 10_000;

export interface AttemptStats {
  readonly attempts: number;
  readonly delivered: number;
  /** Milliseconds of the attempts that delivered; null where none did. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** The oldest attempt that was counted. */
  readonly from: Date | null;
}

/** Reads an index alone, and of it no more than the attempts that are counted. */
export async function readAttemptStats(
  db: DatabaseOrTransaction,
  { environmentId, destinationId }: DestinationId,
  since: Date,
): Promise<AttemptStats> {
  const percentile = (
    share: number,
  ) => sql`percentile_disc(${sql.lit(share)}) WITHIN GROUP (ORDER BY duration_ms)
    FILTER (WHERE outcome = 'delivered')::int`;
  const { rows } = await sql<AttemptStats>`
    SELECT count(*)::int AS attempts, count(*) FILTER (WHERE outcome = 'delivered')::int AS delivered,
      ${percentile(0.5)} AS p50, ${percentile(0.95)} AS p95, ${percentile(0.99)} AS p99, min(started_at) AS from
    FROM (SELECT started_at, duration_ms, outcome FROM attempts
      WHERE environment_id = ${environmentId} AND destination_id = ${destinationId}
        AND attempt_id >= ${lowestIdAt(since)}
      ORDER BY attempt_id DESC LIMIT ${mostAttempts}) recent`.execute(db);
  return rows[0] ?? { attempts: 0, delivered: 0, p50: null, p95: null, p99: null, from: null };
}

export interface Waiting {
  /** Each is counted no further than `mostWaiting`. */
  readonly pending: number;
  readonly dead: number;
  /** When the oldest delivery that waits was planned. */
  readonly oldestPending: Date | null;
}

export async function readWaiting(
  db: DatabaseOrTransaction,
  { environmentId, destinationId }: DestinationId,
): Promise<Waiting> {
  const own = sql`environment_id = ${environmentId} AND destination_id = ${destinationId}`;
  const counted = (state: "pending" | "dead") => sql`(SELECT count(*)::int FROM (
    SELECT FROM deliveries WHERE ${own} AND state = ${sql.lit(state)} LIMIT ${sql.lit(mostWaiting)}) counted)`;
  const oldest = (parked: boolean) => sql`(SELECT created_at FROM deliveries
    WHERE ${own} AND state = 'pending' AND parked = ${sql.lit(parked)} ORDER BY ordinal LIMIT 1)`;
  const { rows } = await sql<Waiting>`
    SELECT ${counted("pending")} AS pending, ${counted("dead")} AS dead,
      least(${oldest(true)}, ${oldest(false)}) AS "oldestPending"`.execute(db);
  return rows[0] ?? { pending: 0, dead: 0, oldestPending: null };
}
