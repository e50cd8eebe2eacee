/**
 * Parked deliveries: pending, but not due, in any number. Their destination has a time for the next look at them
 * (`wake_at`) and a limit of deliveries awake at a time (`wake_size`).
 *
 * A transaction that parks takes a shared lock of the destination until it commits, and then sets the next look where
 * there is none. One that finds nothing parked and would set no next look takes the lock exclusively, if it is free;
 * otherwise it looks again later. So no delivery is ever parked without a next look, and nobody waits for the lock but
 * for the moment in which the last look ends. It is taken before the destination's row. Deleting a destination takes it
 * exclusively too, and cancels what was parked before; what is parked after that is cancelled by whoever parks it.
 */
import { sql } from "kysely";
import type { DeliveryId } from "./deliveries.ts";
import type { DestinationId } from "./destinations.ts";
import type { Database, DatabaseTransaction } from "./tables.ts";

/** The shortest time until the first look at parked deliveries. */
const firstLookSeconds = 1;
const minAwake = 16;

/**
 * Takes the shared lock of destinations, before any destination's row is locked: transactions that park share
 * it, and exclude one that ends the looks.
 */
export async function joinParking(tx: DatabaseTransaction, ids: readonly DestinationId[]): Promise<void> {
  for (const { destinationId } of inOrder(ids)) {
    await sql`SELECT pg_advisory_xact_lock_shared(hashtext('systole parking'), hashtext(${destinationId}))`.execute(
      tx,
    );
  }
}

/**
 * Sets the time of the next look, after `joinParking`. `crowded`: the queue was too long, so fewer are woken
 * next time.
 */
export async function announceParking(
  tx: DatabaseTransaction,
  { environmentId, destinationId, crowded }: DestinationId & { readonly crowded: boolean },
): Promise<void> {
  const row = sql`environment_id = ${environmentId} AND destination_id = ${destinationId}`;
  await sql`UPDATE destinations SET wake_at = now() + ${firstLookSeconds} * interval '1 second'
    WHERE ${row} AND wake_at IS NULL`.execute(tx);
  if (!crowded) return;
  await sql`UPDATE destinations SET wake_size = greatest(${minAwake}, wake_size / 2)
    WHERE ${row} AND wake_size > ${minAwake}`.execute(tx);
}

/**
 * Takes the shared lock after deliveries were written as parked, and sets the next look, as events do (migration 48).
 * What was parked for a destination that is deleted by then is cancelled.
 */
export async function parkedBehind(tx: DatabaseTransaction, ids: readonly DestinationId[]): Promise<void> {
  if (ids.length === 0) return;
  const destinations = inOrder(ids);
  await sql`SELECT join_parking(${destinations.map(({ environmentId }) => environmentId)},
    ${destinations.map(({ destinationId }) => destinationId)})`.execute(tx);
}

/** Keeps others from parking until the transaction ends, and waits for those that do. */
export async function excludeParking(
  tx: DatabaseTransaction,
  { destinationId }: DestinationId,
): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('systole parking'), hashtext(${destinationId}))`.execute(
    tx,
  );
}

/** Sorts destinations, so that two transactions that lock several of them never deadlock. */
export const inOrder = <Id extends DestinationId>(ids: readonly Id[]): Id[] =>
  [...new Map(ids.map((id) => [id.destinationId, id])).values()].sort((a, b) =>
    a.destinationId < b.destinationId ? -1 : 1,
  );

/** Returns the active destinations whose next look is due. */
export async function listToWake(db: Database): Promise<DestinationId[]> {
  return db
    .selectFrom("destinations")
    .select(["environment_id as environmentId", "destination_id as destinationId"])
    .where("active", "=", true)
    .where("wake_at", "<=", sql<Date>`now()`)
    .execute();
}

export interface WakeState {
  /** The time since deliveries began to fail; null while they succeed. */
  readonly failingMs: number | null;
  readonly wakeSize: number;
}

/** Locks a destination until the transaction ends; returns null when another process was faster. */
export async function lockToWake(tx: DatabaseTransaction, id: DestinationId): Promise<WakeState | null> {
  const { rows } = await sql<WakeState>`
    SELECT (extract(epoch FROM now() - failing_since) * 1000)::float8 AS "failingMs", wake_size AS "wakeSize"
    FROM destinations
    WHERE environment_id = ${id.environmentId} AND destination_id = ${id.destinationId}
      AND active AND wake_at <= now() FOR NO KEY UPDATE`.execute(tx);
  return rows[0] ?? null;
}

/** Returns how many are pending and not parked, except those that wait for a retry; counts no further than `limit`. */
export async function countAwake(tx: DatabaseTransaction, id: DestinationId, limit: number): Promise<number> {
  const { rows } = await sql<{ awake: number }>`
    SELECT count(*)::integer AS awake FROM (
      SELECT FROM deliveries WHERE ${pendingOf(id)} AND NOT parked
        AND (next_attempt_at IS NULL OR next_attempt_at <= now() + interval '20 seconds')
      LIMIT ${limit}
    ) capped`.execute(tx);
  return rows[0]?.awake ?? 0;
}

/**
 * Wakes the oldest ones, but none behind an earlier delivery of the same person that is awake; the caller
 * makes them due.
 */
export async function takeParked(
  tx: DatabaseTransaction,
  id: DestinationId,
  limit: number,
): Promise<DeliveryId[]> {
  const { rows } = await sql<DeliveryId>`
    UPDATE deliveries d SET parked = false, next_attempt_at = NULL FROM (
      SELECT delivery_id FROM deliveries p WHERE ${pendingOf(id)} AND parked AND (
        ordered_by IS NULL OR NOT EXISTS (
          SELECT FROM deliveries o WHERE o.environment_id = p.environment_id
            AND o.destination_id = p.destination_id AND o.ordered_by = p.ordered_by
            AND o.state = 'pending' AND NOT o.parked
        )
      ) ORDER BY ordinal LIMIT ${limit}
    ) oldest
    WHERE d.environment_id = ${id.environmentId} AND d.delivery_id = oldest.delivery_id
      AND d.state = 'pending' AND d.parked
    RETURNING d.environment_id AS "environmentId", d.delivery_id AS "deliveryId"`.execute(tx);
  return rows;
}

/** Gives up parked deliveries older than this; returns how many, at most `limit`. */
export async function giveUpParked(
  tx: DatabaseTransaction,
  id: DestinationId,
  {
    olderThanMs,
    code,
    limit,
  }: { readonly olderThanMs: number; readonly code: string; readonly limit: number },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE deliveries d SET state = 'dead', parked = false, next_attempt_at = NULL, finished_at = now(),
      last_code = coalesce(d.last_code, ${code})
    FROM (
      SELECT delivery_id FROM deliveries WHERE ${pendingOf(id)} AND parked
        AND created_at < now() - ${olderThanMs} * interval '1 millisecond'
      ORDER BY ordinal LIMIT ${limit}
    ) oldest
    WHERE d.environment_id = ${id.environmentId} AND d.delivery_id = oldest.delivery_id
      AND d.state = 'pending' AND d.parked`.execute(tx);
  return Number(numAffectedRows);
}

export async function hasParked(tx: DatabaseTransaction, id: DestinationId): Promise<boolean> {
  const { rows } = await sql`SELECT FROM deliveries WHERE ${pendingOf(id)} AND parked LIMIT 1`.execute(tx);
  return rows.length > 0;
}

/**
 * Whether nothing is parked, and nothing will be until the transaction ends, so that it may set no next look. The lock
 * before: what is looked at then has all that was parked under it.
 */
export async function hasNoneParked(tx: DatabaseTransaction, id: DestinationId): Promise<boolean> {
  if (await hasParked(tx, id)) return false;
  const { rows } = await sql<{ locked: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('systole parking'), hashtext(${id.destinationId})) AS locked`.execute(
    tx,
  );
  return rows[0]?.locked === true && !(await hasParked(tx, id));
}

/** Sets the next look. @param inMs null when nothing is parked any more */
export async function setNextLook(
  tx: DatabaseTransaction,
  id: DestinationId,
  { inMs, wakeSize }: { readonly inMs: number | null; readonly wakeSize: number },
): Promise<void> {
  await sql`UPDATE destinations
    SET wake_at = now() + ${inMs}::float8 * interval '1 millisecond', wake_size = ${wakeSize}
    WHERE environment_id = ${id.environmentId} AND destination_id = ${id.destinationId}`.execute(tx);
}

/** Parks everything pending, so that it is woken at once instead of at its own time. */
export async function parkPending(tx: DatabaseTransaction, id: DestinationId): Promise<void> {
  await sql`UPDATE destinations SET wake_at = now(), failing_since = NULL, failure_noticed_at = NULL,
      paused_until = NULL, paused_after = NULL
    WHERE environment_id = ${id.environmentId} AND destination_id = ${id.destinationId}`.execute(tx);
  // In the order in which they are settled, so that the two never deadlock.
  await sql`SELECT count(*) FROM (SELECT FROM deliveries WHERE ${pendingOf(id)} AND NOT parked
    ORDER BY delivery_id FOR NO KEY UPDATE) held`.execute(tx);
  await sql`UPDATE deliveries SET parked = true, next_attempt_at = NULL
    WHERE ${pendingOf(id)} AND NOT parked`.execute(tx);
}

const pendingOf = ({ environmentId, destinationId }: DestinationId) =>
  sql`environment_id = ${environmentId} AND destination_id = ${destinationId} AND state = 'pending'`;
