/**
 * The deliveries that are due, now or later: a row for each that is pending and not parked, in the transaction that makes
 * it so. A worker takes a row for some seconds (taken-deliveries.ts), and settling the delivery deletes the row or gives it another time. If
 * the worker dies, another one takes it then. So a delivery may be taken twice, and never by nobody.
 */
import { sql } from "kysely";
import type { DeliveryId } from "./deliveries.ts";
import { type DueNews, tellDue } from "./due-news.ts";
import { unnest } from "./rows.ts";
import type { Database, DatabaseOrTransaction } from "./tables.ts";

/** What is due and in nobody's list for this long was left by a process of a former release. */
const strayMs = 60_000;
const mostStrays = 10_000;

/** Makes deliveries due. @param inMs from now by the database's clock */
export async function putDue(
  db: DatabaseOrTransaction,
  deliveries: readonly DeliveryId[],
  inMs = 0,
): Promise<void> {
  if (deliveries.length === 0) return;
  // Once each, and always in the same order, so two transactions never deadlock.
  const ids = [...new Map(deliveries.map((id) => [id.deliveryId, id])).values()].sort((a, b) =>
    a.deliveryId < b.deliveryId ? -1 : 1,
  );
  await sql`INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
    SELECT *, now() + ${inMs} * interval '1 millisecond' FROM ${columnsOf(ids)}
    ON CONFLICT (environment_id, delivery_id) DO UPDATE SET due_at = excluded.due_at, taken_by = NULL`.execute(
    db,
  );
}

/** Makes deliveries due now, and announces it unless that was done a moment ago. */
export async function makeDue(
  db: DatabaseOrTransaction,
  news: DueNews,
  deliveries: readonly DeliveryId[],
): Promise<void> {
  await putDue(db, deliveries);
  if (deliveries.length > 0 && news.isWorthTelling()) await tellDue(db);
}

/** Gives back what could not be handled; it is due again after this time. */
export async function giveBackDue(
  db: Database,
  taker: string,
  ids: readonly DeliveryId[],
  inMs: number,
): Promise<void> {
  await sql`
    WITH held AS MATERIALIZED (
      SELECT d.environment_id, d.delivery_id FROM due_deliveries d
      JOIN ${columnsOf(ids)} AS given(environment_id, delivery_id)
        ON d.environment_id = given.environment_id AND d.delivery_id = given.delivery_id
      WHERE d.taken_by = ${taker} ORDER BY d.delivery_id FOR UPDATE OF d
    )
    UPDATE due_deliveries d SET due_at = now() + ${inMs} * interval '1 millisecond', taken_by = NULL FROM held
    WHERE d.environment_id = held.environment_id AND d.delivery_id = held.delivery_id`.execute(db);
}

/**
 * Corrects the rows of deliveries that turned out not to be due: they are finished, parked, erased or waiting for their
 * next attempt. A row that changed since it was taken is right already.
 */
export async function correctDue(db: Database, taker: string, ids: readonly DeliveryId[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    WITH taken AS (
      SELECT given.*, (
        SELECT coalesce(d.next_attempt_at, now()) FROM deliveries d
        WHERE d.environment_id = given.environment_id AND d.delivery_id = given.delivery_id
          AND d.state = 'pending' AND NOT d.parked
      ) AS due_at
      FROM ${columnsOf(ids)} AS given(environment_id, delivery_id)
    ), finished AS (
      DELETE FROM due_deliveries q USING taken
      WHERE q.environment_id = taken.environment_id AND q.delivery_id = taken.delivery_id
        AND taken.due_at IS NULL AND q.taken_by = ${taker}
    )
    UPDATE due_deliveries q SET due_at = taken.due_at, taken_by = NULL FROM taken
    WHERE q.environment_id = taken.environment_id AND q.delivery_id = taken.delivery_id
      AND taken.due_at IS NOT NULL AND q.taken_by = ${taker}`.execute(db);
}

/**
 * Makes due what a process of a former release left: it knows this table not, and writes jobs of its own, which it works
 * itself while it runs. Returns how many there were.
 */
export async function putStraysDue(db: Database): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO due_deliveries (environment_id, delivery_id, due_at)
    SELECT strays.environment_id, strays.delivery_id, now()
    FROM destinations s CROSS JOIN LATERAL (
      SELECT d.environment_id, d.delivery_id FROM deliveries d
      WHERE d.environment_id = s.environment_id AND d.destination_id = s.destination_id AND d.state = 'pending'
        AND NOT d.parked AND coalesce(d.next_attempt_at, d.created_at) < now() - ${strayMs} * interval '1 millisecond'
        AND NOT EXISTS (
          SELECT FROM due_deliveries q WHERE q.environment_id = d.environment_id AND q.delivery_id = d.delivery_id
        )
      LIMIT ${mostStrays} OFFSET 0
    ) strays
    ON CONFLICT DO NOTHING`.execute(db);
  return Number(numAffectedRows);
}

export interface DueDepth {
  /** Those that nobody has yet. */
  readonly waiting: number;
  readonly active: number;
}

/** Returns how many are due, and how many a worker has. */
export async function countDue(db: Database): Promise<DueDepth> {
  const { rows } = await sql<DueDepth>`
    SELECT count(*) FILTER (WHERE due_at <= now())::integer AS waiting,
      count(*) FILTER (WHERE due_at > now())::integer AS active
    FROM due_deliveries WHERE due_at <= now() OR taken_by IS NOT NULL`.execute(db);
  return rows[0] ?? { waiting: 0, active: 0 };
}

const columnsOf = (ids: readonly DeliveryId[]) =>
  unnest([
    ["uuid", ids.map((id) => id.environmentId)],
    ["uuid", ids.map((id) => id.deliveryId)],
  ]);
