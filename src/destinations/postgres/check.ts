/**
 * Does in one transaction all that deliveries do, and rolls it back: makes missing tables, writes a row into each,
 * changes it, and deletes parts. The failure names the refused permission.
 */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { DeliveryReceipt } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { deliveryError } from "../kit/sql/failure.ts";
import { probeRow } from "../kit/sql/probe.ts";
import type { Table } from "../kit/sql/tables.ts";
import { explained, missing } from "./ensure.ts";
import { codeOf } from "./errors.ts";
import { clear, insert, qualified, type Schema, upsertTelling } from "./statements.ts";

export async function check(
  client: pg.ClientBase,
  schema: Schema,
  tables: readonly Table[],
): Promise<DeliveryReceipt> {
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  );
  await requireSchema(client, schema);
  // The refused permission is looked up after the transaction: a failed one answers no more queries.
  let explain = (error: unknown): Promise<unknown> => explained(client, schema, error);
  try {
    await rolledBack(client, async () => {
      const id = randomUUID();
      for (const table of tables) await make(client, schema, table);
      const all = tables.filter(({ contents }) => contents === undefined);
      for (const table of all) {
        explain = (error) => named(client, schema, { table, all }, error);
        await write(client, schema, table, id);
      }
    });
  } catch (error) {
    throw await explain(error);
  }
  return { response: `PostgreSQL ${rows[0]?.version}` };
}

async function rolledBack(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query("BEGIN");
  try {
    await work();
  } finally {
    // A connection that is lost rolls back by itself.
    await client.query("ROLLBACK").catch(() => {});
  }
}

/** Without USAGE a schema exists, and its tables cannot be named. */
async function requireSchema(client: pg.ClientBase, schema: Schema): Promise<void> {
  if (schema === null) return;
  const { rows } = await client.query<{ usable: boolean }>(
    "SELECT has_schema_privilege(oid, 'USAGE') AS usable FROM pg_namespace WHERE nspname = $1",
    [schema],
  );
  const usable = rows[0]?.usable;
  if (usable === undefined) {
    throw failure("DESTINATION_TARGET_MISSING", `schema ${schema}`);
  }
  if (!usable) {
    throw failure("DESTINATION_PERMISSION_MISSING", `USAGE on schema ${schema}`);
  }
}

async function make(client: pg.ClientBase, schema: Schema, table: Table): Promise<void> {
  for (const statement of await missing(client, schema, table)) await client.query(statement);
}

/** Writes the same row twice, so that the second write is an update. */
async function write(client: pg.ClientBase, schema: Schema, table: Table, id: string): Promise<void> {
  const rows = { table, rows: [probeRow(table, id)] };
  const statements = table.isPart
    ? [insert(schema, rows), clear(schema, [table], [id])]
    : [upsertTelling(schema, rows), upsertTelling(schema, rows)];
  for (const statement of statements) await client.query(statement);
}

/**
 * The server tells only that an operation on one table was refused; its catalogue tells which privileges are missing,
 * also on the tables that were not tried.
 */
async function named(client: pg.ClientBase, schema: Schema, tried: Tried, error: unknown): Promise<unknown> {
  if (codeOf(error) !== "42501") return error;
  const missing: string[] = [];
  for (const table of tried.all) missing.push(...(await privilegesMissing(client, schema, table)));
  if (missing.length === 0) missing.push(`all row-level security policies on ${tried.table.name}`);
  const reason = `${missing.join("; ")}: ${(error as Error).message}`;
  return deliveryError("DESTINATION_PERMISSION_MISSING", error, reason);
}

interface Tried {
  readonly table: Table;
  readonly all: readonly Table[];
}

async function privilegesMissing(client: pg.ClientBase, schema: Schema, table: Table): Promise<string[]> {
  const needed = ["INSERT", table.isPart ? "DELETE" : "UPDATE", "SELECT"];
  const { rows } = await client.query<{ privilege: string }>(
    "SELECT privilege FROM unnest($2::text[]) AS privilege WHERE NOT has_table_privilege(to_regclass($1), privilege)",
    [qualified(schema, table), needed],
  );
  return rows.length === 0 ? [] : [`${rows.map(({ privilege }) => privilege).join(", ")} on ${table.name}`];
}
