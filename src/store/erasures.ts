/** Receipts of erasures, and the vacuum that follows them. */
import { type Selectable, sql } from "kysely";
import type { Connection, ConnectionId } from "./connections.ts";
import type { Erased } from "./erasure.ts";
import { newId } from "./identifiers.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, ErasuresTable } from "./tables.ts";

export type Erasure = Selectable<ErasuresTable>;

export function insertErasure(
  tx: DatabaseTransaction,
  { environment_id, user_id, provider }: Connection,
  { deleted, sentTo }: Erased,
  permission: Erasure["permission"],
): Promise<Erasure> {
  return tx
    .insertInto("erasures")
    .values({
      environment_id,
      erasure_id: newId(),
      user_id,
      provider,
      permission,
      deleted: JSON.stringify(deleted),
      sent_to: JSON.stringify(sentTo),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Returns the receipt of a user; null while there is none. */
export async function findErasure(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<Erasure | null> {
  const [newest] = await listErasures(db, environmentId, { userId, limit: 1 });
  return newest ?? null;
}

export async function findReceipt(
  db: DatabaseOrTransaction,
  environmentId: string,
  erasureId: string,
): Promise<Erasure | null> {
  const row = await db
    .selectFrom("erasures")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("erasure_id", "=", erasureId)
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the newest first. */
export function listErasures(
  db: DatabaseOrTransaction,
  environmentId: string,
  {
    userId,
    limit,
    before,
  }: { readonly userId?: string | undefined; limit: number; before?: string | undefined },
): Promise<Erasure[]> {
  let query = db.selectFrom("erasures").selectAll().where("environment_id", "=", environmentId);
  if (userId !== undefined) query = query.where("user_id", "=", userId);
  if (before !== undefined) query = query.where("erasure_id", "<", before);
  return query.orderBy("erasure_id", "desc").limit(limit).execute();
}

/** Deletes old receipts. They name a user_id, and are kept as long as the audit log, which names it too. */
export async function expireErasures(db: DatabaseOrTransaction, before: Date): Promise<void> {
  await db.deleteFrom("erasures").where("erased_at", "<", before).execute();
}

/** The tables that eraseConnection deletes from or changes. */
const touched = [
  "attempts",
  "due_deliveries",
  "deliveries",
  "events",
  "notifications",
  "fetch_tasks",
  "records",
  "deleted_records",
  "raw_parts",
  "raw_payloads",
  "coverage",
  "unknown_leaves",
  "receiver_requests",
  "agreements",
  "pushes",
  "invitation_codes",
  "upload_tokens",
  "auth_flows",
  "widget_sessions",
  "auth_tokens",
  "connections",
  "renormalizations",
  "pgboss.job",
];

/**
 * Removes the dead rows and index entries of erasures, and renews the planner's samples of values. One run
 * serves all erasures before it. Returns the tables that this role may not vacuum.
 */
export async function vacuumErased(db: DatabaseOrTransaction): Promise<readonly string[]> {
  const { rows } = await sql<{ until: Date | null }>`
    SELECT max(erased_at) AS until FROM erasures WHERE vacuumed_at IS NULL`.execute(db);
  const until = rows[0]?.until ?? null;
  if (until === null) return [];
  const refused = await notOwned(db);
  for (const table of touched) {
    if (refused.includes(table)) continue;
    // Without INDEX_CLEANUP a few dead rows would stay in the indexes, with their keys.
    await sql`VACUUM (ANALYZE, INDEX_CLEANUP ON) ${sql.table(table)}`.execute(db);
  }
  if (refused.length === 0) {
    await db
      .updateTable("erasures")
      .set({ vacuumed_at: new Date() })
      .where("vacuumed_at", "is", null)
      .where("erased_at", "<=", until)
      .execute();
  }
  return refused;
}

async function notOwned(db: DatabaseOrTransaction): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM unnest(${touched}::text[]) AS name JOIN pg_class c ON c.oid = to_regclass(name)
    WHERE NOT pg_has_role(c.relowner, 'USAGE')`.execute(db);
  return rows.map(({ name }) => name);
}
