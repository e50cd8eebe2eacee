/** How destinations fare, as the attempts of all processes show it. */
import { sql } from "kysely";
import type { DestinationId } from "./destinations.ts";
import type { Database, DatabaseTransaction } from "./tables.ts";

export interface DestinationHealth extends DestinationId {
  /** Whether some attempt showed that the target answers sensibly. */
  readonly well: boolean;
}

/** Touches the row only when its state changes. What is well again has its parked deliveries looked at now. */
export async function noteHealth(
  tx: DatabaseTransaction,
  { environmentId, destinationId, well }: DestinationHealth,
): Promise<void> {
  const row = sql`environment_id = ${environmentId} AND destination_id = ${destinationId}`;
  await (well
    ? sql`UPDATE destinations
        SET failing_since = NULL, failure_noticed_at = NULL, wake_at = least(wake_at, now())
        WHERE ${row} AND failing_since IS NOT NULL`
    : sql`UPDATE destinations SET failing_since = now() WHERE ${row} AND failing_since IS NULL`
  ).execute(tx);
}

export interface FailingDestination extends DestinationId {
  readonly kind: string;
  readonly failingSince: Date;
}

/** Those that have kept failing for so long and of which nobody was told; each is answered once. */
export async function noticeFailing(db: Database, longerThanMs: number): Promise<FailingDestination[]> {
  const { rows } = await sql<FailingDestination>`
    UPDATE destinations SET failure_noticed_at = now()
    WHERE active AND failure_noticed_at IS NULL
      AND failing_since < now() - ${longerThanMs} * interval '1 millisecond'
    RETURNING environment_id AS "environmentId", destination_id AS "destinationId", kind,
      failing_since AS "failingSince"`.execute(db);
  return rows;
}

/** What waits for a destination. */
export interface Backlog extends DestinationId {
  readonly kind: string;
  readonly pending: number;
  /** Age of the oldest delivery that waits; null when none does. */
  readonly oldestSeconds: number | null;
  /** How long nothing has succeeded there; null while it is well. */
  readonly failingSeconds: number | null;
}

/** Of every destination of every environment. */
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
