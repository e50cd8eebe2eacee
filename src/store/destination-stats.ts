/** How a destination has been doing lately, from its newest attempts and from what waits for it. */
import { sql } from "kysely";
import type { DestinationId } from "./destinations.ts";
import { lowestIdAt } from "./identifiers.ts";
import { mostCounted } from "./overview.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

/** Attempts of the environment that are looked through, whichever destination they were for. */
const mostScanned = 5_000;

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
    FROM (SELECT * FROM attempts WHERE environment_id = ${environmentId} AND attempt_id >= ${lowestIdAt(since)}
      ORDER BY attempt_id DESC LIMIT ${mostScanned}) recent
    WHERE destination_id = ${destinationId}`.execute(db);
  return rows[0] ?? { attempts: 0, delivered: 0, p50: null, p95: null, p99: null, from: null };
}

export interface Waiting {
  /** Counted no further than `mostCounted`. */
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
  const oldest = (parked: boolean) => sql`(SELECT created_at FROM deliveries
    WHERE ${own} AND state = 'pending' AND parked = ${sql.lit(parked)} ORDER BY ordinal LIMIT 1)`;
  const { rows } = await sql<Waiting>`
    SELECT count(*) FILTER (WHERE state = 'pending')::int AS pending,
      count(*) FILTER (WHERE state = 'dead')::int AS dead,
      least(${oldest(true)}, ${oldest(false)}) AS "oldestPending"
    FROM (SELECT state FROM deliveries WHERE ${own} AND state IN ('pending', 'dead') LIMIT ${mostCounted}) open
    `.execute(db);
  return rows[0] ?? { pending: 0, dead: 0, oldestPending: null };
}
