/** Makes missing tables (new or dropped) and missing columns (of a later version). */
import type pg from "pg";
import { deliveryError } from "../kit/sql/failure.ts";
import type { Table } from "../kit/sql/tables.ts";
import { codeOf } from "./errors.ts";
import { addColumns, addKey, comments, createTable, qualified, type Schema } from "./statements.ts";

/**
 * Another client made it at the same moment: the table, the column, the index, or its entry in a catalogue. XX000 is
 * the server's error for a comment that two clients write at once.
 */
const alreadyThere = new Set(["42P07", "42701", "42710", "23505", "XX000"]);

export async function ensure(client: pg.ClientBase, schema: Schema, tables: readonly Table[]): Promise<void> {
  for (const table of tables) {
    for (const statement of await missing(client, schema, table)) await make(client, schema, statement);
  }
}

/** The statements that make what the table lacks. */
export async function missing(client: pg.ClientBase, schema: Schema, table: Table): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
    [qualified(schema, table)],
  );
  if (rows.length === 0) return createTable(schema, table);
  const there = new Set(rows.map(({ name }) => name));
  const columns = table.columns.filter(({ name }) => !there.has(name));
  const statements =
    columns.length === 0 ? [] : [addColumns(schema, table, columns), ...comments(schema, table, columns)];
  return (await hasKey(client, schema, table)) ? statements : [...statements, addKey(schema, table)];
}

async function hasKey(client: pg.ClientBase, schema: Schema, table: Table): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_index WHERE indrelid = to_regclass($1) AND indisunique AND indpred IS NULL
     AND (SELECT array_agg(attname::text ORDER BY attname::text) FROM pg_attribute
          WHERE attrelid = indrelid AND attnum = ANY (indkey)) = $2::text[]`,
    [qualified(schema, table), table.key.toSorted()],
  );
  return (rowCount ?? 0) > 0;
}

async function make(client: pg.ClientBase, schema: Schema, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if (!alreadyThere.has(codeOf(error) ?? "")) throw await explained(client, schema, error);
  }
}

/** Adds the permission to a refusal: to make tables in a schema, or to change a table of another owner. */
export async function explained(client: pg.ClientBase, schema: Schema, error: unknown): Promise<unknown> {
  if (codeOf(error) !== "42501") return error;
  const message = (error as Error).message;
  const owned = /must be owner of \S+ (.*)/.exec(message)?.[1];
  const permission =
    owned === undefined ? `CREATE on schema ${await schemaName(client, schema)}` : `ownership of ${owned}`;
  return deliveryError("DESTINATION_PERMISSION_MISSING", error, `${permission}: ${message}`);
}

async function schemaName(client: pg.ClientBase, schema: Schema): Promise<string> {
  if (schema !== null) return schema;
  const { rows } = await client.query<{ name: string | null }>("SELECT current_schema() AS name");
  return rows[0]?.name ?? "of the search_path";
}
