/**
 * Removes bodies from the body store. A key is written down before its body is stored and struck out together with the
 * row that names it, so that a body without a row is removed an hour later. The key of a row that is deleted, or gets
 * another body, is written down in the same transaction. A record's key may be that of an event too: the body goes with
 * the last of them.
 */
import { type RawBuilder, sql } from "kysely";
import { SystoleError } from "../../errors.ts";
import type { Database, DatabaseOrTransaction, DatabaseTransaction } from "../tables.ts";
import type { BodyStore } from "./body-store.ts";

export interface BodyName {
  readonly environmentId: string;
  readonly key: string;
}

export async function expectBody(db: DatabaseOrTransaction, { environmentId, key }: BodyName): Promise<void> {
  await sql`INSERT INTO body_removals (environment_id, body_key, due_at)
    VALUES (${environmentId}, ${key}, now() + interval '1 hour')`.execute(db);
}

/**
 * Keeps a body, in the transaction that writes its row.
 * @throws SystoleError INTERNAL when storing it took so long that it was removed; the client sends it again
 */
export async function bodyIsNamed(
  tx: DatabaseOrTransaction,
  { environmentId, key }: BodyName,
): Promise<void> {
  const { numDeletedRows } = await tx
    .deleteFrom("body_removals")
    .where("environment_id", "=", environmentId)
    .where("body_key", "=", key)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new SystoleError("INTERNAL", { reason: "the body was removed" });
}

/** Writes down bodies whose rows are deleted, or get another body, in this transaction. */
export async function releaseBodies(
  tx: DatabaseOrTransaction,
  environmentId: string,
  keys: readonly (string | null)[],
): Promise<void> {
  const stored = keys.filter((key) => key !== null);
  if (stored.length === 0) return;
  await sql`INSERT INTO body_removals (environment_id, body_key, due_at)
    SELECT DISTINCT ${environmentId}::uuid, body_key, now() FROM unnest(${stored}::text[]) AS released(body_key)
    ${dueAtOnce}`.execute(tx);
}

/** Writes down the bodies that the rows of a partition name. */
export async function releaseAllOf(tx: DatabaseTransaction, partition: string): Promise<void> {
  await sql`INSERT INTO body_removals (environment_id, body_key, due_at)
    SELECT DISTINCT environment_id, body_key, now() FROM ${sql.table(partition)} WHERE body_key IS NOT NULL
    ${dueAtOnce}`.execute(tx);
}

const dueAtOnce = sql`ON CONFLICT (environment_id, body_key) DO UPDATE SET due_at = now()`;

/** The tables whose rows may name bodies. */
export const bodyTables = ["raw_payloads", "records", "events"] as const;
export type BodyTable = (typeof bodyTables)[number];

export const namesBodies = (table: string): table is BodyTable =>
  (bodyTables as readonly string[]).includes(table);

/**
 * Deletes rows and writes down the bodies that they name; returns the number of rows, and the keys. The keys are those of
 * the deleted rows themselves: a body may be moved outside at the same moment.
 * @param condition on the table as `t`
 */
export async function deleteWithBodies(
  tx: DatabaseTransaction,
  table: BodyTable,
  condition: RawBuilder<unknown>,
): Promise<{ readonly rows: number; readonly keys: readonly string[] }> {
  const { rows } = await sql<{ rows: number; keys: string[] }>`
    WITH deleted AS (DELETE FROM ${sql.table(table)} t WHERE ${condition} RETURNING t.environment_id, t.body_key),
    released AS (
      INSERT INTO body_removals (environment_id, body_key, due_at)
      SELECT DISTINCT environment_id, body_key, now() FROM deleted WHERE body_key IS NOT NULL
      ${dueAtOnce} RETURNING body_key
    )
    SELECT (SELECT count(*)::integer FROM deleted) AS rows,
      ARRAY(SELECT body_key FROM released) AS keys`.execute(tx);
  return rows[0] ?? { rows: 0, keys: [] };
}

interface Removing {
  readonly db: Database;
  readonly bodies: Pick<BodyStore, "remove">;
}

const mostAtOnce = 100;

/** Held by a backup while it lasts, and shared by those who remove bodies. */
export const removalLock = "hashtext('systole body removals')";

/**
 * Removes what is due; returns the number of bodies. While a backup is made, all stay: its snapshot may name them.
 * @throws the store's error, after which the rest stays due
 */
export async function removeDueBodies({ db, bodies }: Removing): Promise<number> {
  let removed = 0;
  for (;;) {
    const due = await db
      .selectFrom("body_removals")
      .select(["environment_id", "body_key"])
      .where("due_at", "<=", sql<Date>`now()`)
      .limit(mostAtOnce)
      .execute();
    for (const { environment_id: environmentId, body_key: key } of due) {
      const done = await removeDue({ db, bodies }, { environmentId, key });
      if (done === "a backup is made") return removed;
      if (done === "removed") removed++;
    }
    if (due.length < mostAtOnce) return removed;
  }
}

/**
 * Holds the row while the body is removed, so that no transaction names it meanwhile. A body stays that is no longer due,
 * or whose key another row has, which writes it down when it goes.
 */
const removeDue = (
  { db, bodies }: Removing,
  { environmentId, key }: BodyName,
): Promise<"removed" | "stays" | "a backup is made"> =>
  db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ free: boolean }>`
      SELECT pg_try_advisory_xact_lock_shared(${sql.raw(removalLock)}) AS free`.execute(tx);
    if (rows[0]?.free !== true) return "a backup is made";
    const { numDeletedRows } = await tx
      .deleteFrom("body_removals")
      .where("environment_id", "=", environmentId)
      .where("body_key", "=", key)
      .where("due_at", "<=", sql<Date>`now()`)
      .executeTakeFirst();
    if (numDeletedRows === 0n || (await isNamed(tx, { environmentId, key }))) return "stays";
    await bodies.remove(key);
    return "removed";
  });

/** Whether a record or an event has the key. That of a raw payload is in no other row. */
async function isNamed(tx: DatabaseTransaction, { environmentId, key }: BodyName): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM records WHERE environment_id = ${environmentId} AND body_key = ${key}
    UNION ALL SELECT 1 FROM events WHERE environment_id = ${environmentId} AND body_key = ${key} LIMIT 1`.execute(
    tx,
  );
  return rows.length > 0;
}
