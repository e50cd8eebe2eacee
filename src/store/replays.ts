/** The standing of events at destinations, which a replay needs. */
import { sql } from "kysely";
import type { DeadLetterToReplay } from "./dead-letters.ts";
import type { NewDelivery } from "./deliveries.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, DeliveryState } from "./tables.ts";

export interface Standing {
  /** The state of the latest delivery of the event to the destination. */
  readonly last: DeliveryState;
  /** Whether a delivery is still pending. */
  readonly pending: boolean;
}

type Pair = Pick<NewDelivery, "eventId" | "destinationId">;

/**
 * Returns the standing of each event at each destination; none if it was never to be sent there. It asks
 * event by event, since a planner with outdated statistics would otherwise read the whole table.
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

/** Returns a delivery whose event is still kept; null when there is none with this id. */
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
 * Locks replays until the transaction ends: each checks what is pending and writes the rest, so two replays
 * of the same events must not overlap.
 */
export async function lockReplays(tx: DatabaseTransaction, environmentId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('systole replay'), hashtext(${environmentId}))`.execute(tx);
}
