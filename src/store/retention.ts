/**
 * What an environment keeps for a shorter time than others: the bodies of raw payloads, events with their deliveries, and
 * notifications. Rows are deleted in small transactions. What all environments keep no longer goes with its partition.
 */
import { sql } from "kysely";
import { deleteWithBodies, releaseBodies } from "./bodies/removals.ts";
import { lowestIdAt } from "./identifiers.ts";
import type { Database, DatabaseTransaction, EnvironmentsTable } from "./tables.ts";

/** The shortest and the longest time in days that may be chosen, by column of environments. */
export const retentionChoices = {
  /** Records are made anew of bodies that arrived earlier, so they stay well beyond what providers change. */
  keep_raw_days: { min: 90, max: 36_500 },
  /** A delivery is tried for days, and a dead one may be replayed. */
  keep_event_days: { min: 7, max: 42 },
  keep_notification_days: { min: 1, max: 90 },
} as const satisfies Partial<Record<keyof EnvironmentsTable, { min: number; max: number }>>;

/** What was deleted, by kind. */
export interface Expired {
  readonly bodies: number;
  readonly events: number;
  readonly notifications: number;
}

const dayMs = 24 * 3_600_000;
const batch = 500;

export async function applyRetention(db: Database, now: Date): Promise<Expired> {
  const chosen = await db
    .selectFrom("environments")
    .select(["environment_id", "keep_raw_days", "keep_event_days", "keep_notification_days"])
    .execute();
  const expired = { bodies: 0, events: 0, notifications: 0 };
  for (const { environment_id: environmentId, ...days } of chosen) {
    const from = (kept: number): Older => ({
      environmentId,
      before: lowestIdAt(new Date(now.getTime() - kept * dayMs)),
    });
    if (days.keep_raw_days !== null)
      expired.bodies += await inBatches(db, dropBodies, from(days.keep_raw_days));
    if (days.keep_event_days !== null)
      expired.events += await inBatches(db, dropEvents, from(days.keep_event_days));
    if (days.keep_notification_days !== null)
      expired.notifications += await inBatches(db, dropNotifications, from(days.keep_notification_days));
  }
  return expired;
}

interface Older {
  readonly environmentId: string;
  /** The lowest id that is kept. */
  readonly before: string;
}

/** Returns the number of rows it deleted or emptied: at most a batch. */
type Drop = (tx: DatabaseTransaction, older: Older) => Promise<number>;

async function inBatches(db: Database, drop: Drop, older: Older): Promise<number> {
  for (let total = 0; ; ) {
    const dropped = await db.transaction().execute((tx) => drop(tx, older));
    total += dropped;
    if (dropped < batch) return total;
  }
}

/** Leaves the rows, which say what was asked for and answered. Bodies of parts that grow are folded anew, and stay. */
async function dropBodies(tx: DatabaseTransaction, { environmentId, before }: Older): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    SELECT raw_payload_id AS id FROM raw_payloads
    WHERE environment_id = ${environmentId} AND raw_payload_id < ${before} AND fetch_order IS NULL
      AND (body IS NOT NULL OR body_key IS NOT NULL)
    ORDER BY raw_payload_id LIMIT ${batch}`.execute(tx);
  const theirs = (ids: readonly string[]) =>
    sql`environment_id = ${environmentId} AND raw_payload_id = ANY(${[...ids]}::uuid[])`;
  // The body first: a body that is moved outside at this moment has its key before this statement ends.
  const emptied = await sql<{ id: string; key: string | null }>`
    UPDATE raw_payloads SET body = NULL WHERE ${theirs(rows.map(({ id }) => id))}
    RETURNING raw_payload_id AS id, body_key AS key`.execute(tx);
  const outside = emptied.rows.filter(({ key }) => key !== null);
  if (outside.length > 0)
    await sql`UPDATE raw_payloads SET body_key = NULL WHERE ${theirs(outside.map(({ id }) => id))}`.execute(
      tx,
    );
  await releaseBodies(
    tx,
    environmentId,
    outside.map(({ key }) => key),
  );
  return rows.length;
}

/** Leaves events that are still on their way. */
async function dropEvents(tx: DatabaseTransaction, { environmentId, before }: Older): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    SELECT event_id AS id FROM events e
    WHERE environment_id = ${environmentId} AND event_id < ${before} AND NOT EXISTS (
      SELECT FROM deliveries d WHERE d.environment_id = e.environment_id AND d.event_id = e.event_id
        AND d.state = 'pending')
    ORDER BY event_id LIMIT ${batch}`.execute(tx);
  const ids = rows.map(({ id }) => id);
  const theirs = sql`t.environment_id = ${environmentId} AND t.event_id = ANY(${ids}::uuid[])`;
  await sql`DELETE FROM attempts t WHERE t.environment_id = ${environmentId} AND t.delivery_id IN (
    SELECT delivery_id FROM deliveries d WHERE d.environment_id = ${environmentId}
      AND d.event_id = ANY(${ids}::uuid[]))`.execute(tx);
  await sql`DELETE FROM deliveries t WHERE ${theirs}`.execute(tx);
  await deleteWithBodies(tx, "events", theirs);
  return ids.length;
}

async function dropNotifications(tx: DatabaseTransaction, { environmentId, before }: Older): Promise<number> {
  const { numAffectedRows = 0n } = await sql`DELETE FROM notifications
    WHERE environment_id = ${environmentId} AND notification_id IN (
      SELECT notification_id FROM notifications
      WHERE environment_id = ${environmentId} AND notification_id < ${before}
      ORDER BY notification_id LIMIT ${batch})`.execute(tx);
  return Number(numAffectedRows);
}
