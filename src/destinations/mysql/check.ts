/**
 * MySQL cannot roll back making a table, so nothing is made: statements that change nothing need each privilege in
 * turn, and the server's refusal names the privilege.
 */
import type mysql from "mysql2/promise";
import type { DeliveryReceipt } from "../destination.ts";
import { deliveryError } from "../kit/sql/failure.ts";
import type { Table } from "../kit/sql/tables.ts";
import { missingColumns } from "./ensure.ts";
import { numberOf } from "./errors.ts";
import { trials } from "./statements.ts";

type Privilege = keyof typeof trials;

const noSuchTable = 1146;
const columnTwice = 1060;
const denied = new Set([1142, 1143]);

export async function check(driver: mysql.Connection, tables: readonly Table[]): Promise<DeliveryReceipt> {
  const [rows] = await driver.query<mysql.RowDataPacket[]>("SELECT VERSION() AS version");
  for (const table of tables) await checkTable(driver, table);
  return { response: String(rows[0]?.version) };
}

async function checkTable(driver: mysql.Connection, table: Table): Promise<void> {
  await attempt(driver, "SELECT", table);
  const missing = await missingColumns(driver, table);
  if (missing.length > 0) {
    const isThere = missing.length < table.columns.length;
    await attempt(driver, isThere ? "ALTER" : "CREATE", table);
    if (isThere) return;
  }
  for (const privilege of ["INSERT", table.isPart ? "DELETE" : "UPDATE"] as const) {
    await attempt(driver, privilege, table);
  }
}

/** The server checks privileges before it looks for the table: a missing table is no refusal. */
async function attempt(driver: mysql.Connection, privilege: Privilege, table: Table): Promise<void> {
  try {
    await driver.query(trials[privilege](table));
  } catch (error) {
    const number = numberOf(error) ?? 0;
    if (number === noSuchTable || number === columnTwice) return;
    if (!denied.has(number)) throw error;
    const reason = `${privilege} on ${table.name}: ${(error as Error).message}`;
    throw deliveryError("DESTINATION_PERMISSION_MISSING", error, reason);
  }
}
