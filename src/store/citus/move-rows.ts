/** Moves rows to another person where the person decides on which node they are: there they cannot be updated. */
import { sql } from "kysely";
import { namesBodies, releaseBodies } from "../bodies/removals.ts";
import type { DatabaseTransaction } from "../tables.ts";
import type { DistributedTable } from "./cluster.ts";

export interface Move {
  readonly environmentId: string;
  readonly fromUserId: string;
  readonly toUserId: string;
}

/** Copies a person's rows to another and deletes them. Rows that the other one already has stay as they are. */
export async function moveRows(
  tx: DatabaseTransaction,
  table: DistributedTable,
  { environmentId, fromUserId, toUserId }: Move,
): Promise<void> {
  const columns = await columnsOf(tx, table);
  const given = columns.map((column) =>
    column === "user_id" ? sql`${toUserId}::uuid` : sql.ref(`t.${column}`),
  );
  await sql`INSERT INTO ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    SELECT ${sql.join(given)} FROM ${sql.table(table)} t
    WHERE t.environment_id = ${environmentId} AND t.user_id = ${fromUserId}
    ON CONFLICT DO NOTHING`.execute(tx);
  const named = namesBodies(table) ? sql`RETURNING t.body_key` : sql``;
  const { rows } = await sql<{ body_key: string | null }>`DELETE FROM ${sql.table(table)} t
    WHERE t.environment_id = ${environmentId} AND t.user_id = ${fromUserId} ${named}`.execute(tx);
  const keys = rows.map(({ body_key: key }) => key).filter((key) => key !== null);
  if (!namesBodies(table) || keys.length === 0) return;
  const kept = await sql<{ body_key: string }>`SELECT t.body_key FROM ${sql.table(table)} t
    WHERE t.environment_id = ${environmentId} AND t.user_id = ${toUserId}
      AND t.body_key = ANY(${keys}::text[])`.execute(tx);
  const stillNamed = new Set(kept.rows.map(({ body_key: key }) => key));
  await releaseBodies(
    tx,
    environmentId,
    keys.filter((key) => !stillNamed.has(key)),
  );
}

async function columnsOf(tx: DatabaseTransaction, table: DistributedTable): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum`.execute(tx);
  return rows.map(({ name }) => name);
}
