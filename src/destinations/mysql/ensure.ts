/** Makes missing tables (new or dropped) and missing columns (of a later version). */
import type mysql from "mysql2/promise";
import { deliveryError } from "../kit/sql/failure.ts";
import type { Column, Table } from "../kit/sql/tables.ts";
import { numberOf } from "./errors.ts";
import { addColumns, addKey, contents, createTable } from "./statements.ts";

/** Another client made the column or the key at the same moment. */
const alreadyThere = new Set([1060, 1061]);

export async function ensure(driver: mysql.Connection, tables: readonly Table[]): Promise<void> {
  for (const table of tables) {
    for (const statement of await missing(driver, table)) await make(driver, statement);
  }
}

async function missing(driver: mysql.Connection, table: Table): Promise<string[]> {
  const columns = await missingColumns(driver, table);
  if (columns.length === table.columns.length) return [createTable(table), ...contents(table)];
  const statements = columns.length === 0 ? [] : [addColumns(table, columns)];
  return (await hasKey(driver, table)) ? statements : [...statements, addKey(table)];
}

/** Returns the missing columns: all of them where there is no table. */
export async function missingColumns(driver: mysql.Connection, table: Table): Promise<Column[]> {
  const [rows] = await driver.execute<mysql.RowDataPacket[]>(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
    [table.name],
  );
  const there = new Set(rows.map(({ name }) => String(name).toLowerCase()));
  return table.columns.filter(({ name }) => !there.has(name));
}

async function hasKey(driver: mysql.Connection, table: Table): Promise<boolean> {
  const [rows] = await driver.execute<mysql.RowDataPacket[]>(
    `SELECT GROUP_CONCAT(column_name ORDER BY column_name) AS columns FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0 GROUP BY index_name`,
    [table.name],
  );
  const key = table.key.toSorted().join(",");
  return rows.some(({ columns }) => String(columns).toLowerCase() === key);
}

async function make(driver: mysql.Connection, statement: string): Promise<void> {
  try {
    await driver.query(statement);
  } catch (error) {
    if (!alreadyThere.has(numberOf(error) ?? 0)) throw explained(error);
  }
}

/** "CREATE command denied to user … for table …" begins with what is missing. */
export function explained(error: unknown): unknown {
  const denied = [1142, 1143].includes(numberOf(error) ?? 0);
  const message = (error as Error).message;
  const [, privileges, table] = /^(.+?) command denied .*?[`'.]([^`'.]+)[`']$/.exec(message) ?? [];
  if (!denied || privileges === undefined) return error;
  return deliveryError("DESTINATION_PERMISSION_MISSING", error, `${privileges} on ${table}: ${message}`);
}
