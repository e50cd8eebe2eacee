/** The health of destinations, as the attempts of all processes show it. */
import { sql } from "kysely";
import type { DestinationId } from "./destinations.ts";
import type { Database, DatabaseTransaction } from "./tables.ts";

export interface DestinationHealth extends DestinationId {
  /** Whether an attempt showed that the target gives usable answers. */
  readonly healthy: boolean;
}

/**
 * Notes a destination's health; writes its row only when its state changes. The parked deliveries of a
 * recovered destination are looked at now.
 */
export async function noteHealth(
  tx: DatabaseTransaction,
  { environmentId, destinationId, healthy }: DestinationHealth,
): Promise<void> {
  await sql`SELECT note_health(${environmentId}, ${destinationId}, ${healthy})`.execute(tx);
}

/** Notes a pause of a process's breaker. It is shown while the destination fails; the first success takes it away. */
export async function notePause(
  db: Database,
  { environmentId, destinationId }: DestinationId,
  { ms, failures }: { readonly ms: number; readonly failures: number },
): Promise<void> {
  await sql`UPDATE destinations
    SET paused_until = now() + ${ms} * interval '1 millisecond', paused_after = ${failures}
    WHERE environment_id = ${environmentId} AND destination_id = ${destinationId}`.execute(db);
}

export interface FailingDestination extends DestinationId {
  readonly kind: string;
  readonly failingSince: Date;
}

/** Returns the destinations that have been failing for this long and were not reported yet; each is returned once. */
export async function noticeFailing(db: Database, longerThanMs: number): Promise<FailingDestination[]> {
  const { rows } = await sql<FailingDestination>`
    UPDATE destinations SET failure_noticed_at = now()
    WHERE active AND failure_noticed_at IS NULL
      AND failing_since < now() - ${longerThanMs} * interval '1 millisecond'
    RETURNING environment_id AS "environmentId", destination_id AS "destinationId", kind,
      failing_since AS "failingSince"`.execute(db);
  return rows;
}

/** The deliveries that wait for a destination. */
export interface Backlog extends DestinationId {
  readonly kind: string;
  readonly pending: number;
  /** The age of the oldest waiting delivery; null when none waits. */
  readonly oldestSeconds: number | null;
  /** The time since deliveries began to fail; null while they succeed. */
  readonly failingSeconds: number | null;
}

/** Returns the backlogs of all destinations in all environments. */
export async function readBacklogs(db: Database): Promise<Backlog[]> {
  const oldest = (parked: boolean) => sql`(
    SELECT created_at FROM deliveries d
    WHERE d.environment_id = s.environment_id AND d.destination_id = s.destination_id
      AND d.state = 'pending' AND d.parked = ${sql.lit(parked)} ORDER BY ordinal LIMIT 1)`;
  const { rows } = await sql<Backlog>`
    SELECT s.environment_id AS "environmentId", s.destination_id AS "destinationId", s.kind,
      (SELECT count(*) FROM deliveries d WHERE d.environment_id = s.environment_id
        AND d.destination_id = s.destination_id AND d.state = 'pending')::float8 AS pending,
      extract(epoch FROM now() - least(${oldest(true)}, ${oldest(false)}))::float8 AS "oldestSeconds",
      extract(epoch FROM now() - s.failing_since)::float8 AS "failingSeconds"
    FROM destinations s ORDER BY s.destination_id`.execute(db);
  return rows;
}
