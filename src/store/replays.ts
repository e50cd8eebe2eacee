/** What a replay has to know: how events stand with destinations. */
import { sql } from "kysely";
import type { DeadLetterToReplay } from "./dead-letters.ts";
import type { NewDelivery } from "./deliveries.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, DeliveryState } from "./tables.ts";

export interface Standing {
  /** What the last delivery of the event to the destination has come to. */
  readonly last: DeliveryState;
  /** Whether one is still on its way. */
  readonly pending: boolean;
}

type Pair = Pick<NewDelivery, "eventId" | "destinationId">;

/**
 * How each event stands with each destination; nothing where it was never to be sent there. Event by event,
 * for a planner whose statistics are behind would read the whole table instead.
 */
export async function standingsOf(
  db: DatabaseOrTransaction,
  environmentId: string,
  pairs: readonly Pair[],
): Promise<(pair: Pair) => Standing | undefined> {
  if (pairs.length === 0) return () => undefined;
  const events = [...new Set(pairs.map(({ eventId }) => eventId))];
  const destinations = [...new Set(pairs.map(({ destinationId }) => destinationId))];
  const { rows } = await sql<Pair & Standing>`
    SELECT e.event_id AS "eventId", d.destination_id AS "destinationId",
      (array_agg(d.state ORDER BY d.ordinal DESC))[1] AS last, bool_or(d.state = 'pending') AS pending
    FROM unnest(${events}::uuid[]) AS e(event_id) CROSS JOIN LATERAL (
      SELECT destination_id, state, ordinal FROM deliveries
      WHERE environment_id = ${environmentId} AND event_id = e.event_id
        AND destination_id = ANY(${destinations}::uuid[]) OFFSET 0
    ) d
    GROUP BY e.event_id, d.destination_id`.execute(db);
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  return (pair) => known.get(keyOf(pair));
}

const keyOf = ({ eventId, destinationId }: Pair): string => `${eventId} ${destinationId}`;

/** A delivery whose event is still kept; null when there is none of this id. */
export async function findDelivered(
  db: DatabaseOrTransaction,
  environmentId: string,
  deliveryId: string,
): Promise<DeadLetterToReplay | null> {
  const row = await db
    .selectFrom("deliveries as d")
    .innerJoin("events as e", (join) =>
      join.onRef("e.environment_id", "=", "d.environment_id").onRef("e.event_id", "=", "d.event_id"),
    )
    .select(["d.delivery_id", "d.event_id", "d.destination_id", "e.user_id"])
    .where("d.environment_id", "=", environmentId)
    .where("d.delivery_id", "=", deliveryId)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * One replay at a time looks what is pending and writes what is not, so that two of them that ask for the
 * same do not both write it. Held until the transaction ends.
 */
export async function lockReplays(tx: DatabaseTransaction, environmentId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('systole replay'), hashtext(${environmentId}))`.execute(tx);
}
