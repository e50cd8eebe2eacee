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
  const refusals: Refusal[] = [];
  for (const table of tables) refusals.push(...(await refusalsOf(driver, table)));
  const [first] = refusals;
  if (first === undefined) return { response: String(rows[0]?.version) };
  const reason = `${refusals.map(({ what }) => what).join("; ")}: ${first.error.message}`;
  throw deliveryError("DESTINATION_PERMISSION_MISSING", first.error, reason);
}

interface Refusal {
  readonly what: string;
  readonly error: Error;
}

async function refusalsOf(driver: mysql.Connection, table: Table): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const attempt = async (privilege: Privilege): Promise<void> => {
    const error = await refusalOf(driver, privilege, table);
    if (error !== null) refusals.push({ what: `${privilege} on ${table.name}`, error });
  };
  await attempt("SELECT");
  const missing = await missingColumns(driver, table);
  if (missing.length > 0) {
    const isThere = missing.length < table.columns.length;
    await attempt(isThere ? "ALTER" : "CREATE");
    if (isThere) return refusals;
  }
  for (const privilege of ["INSERT", table.isPart ? "DELETE" : "UPDATE"] as const) await attempt(privilege);
  return refusals;
}

/** The server checks privileges before it looks for the table: a missing table is no refusal. */
async function refusalOf(
  driver: mysql.Connection,
  privilege: Privilege,
  table: Table,
): Promise<Error | null> {
  try {
    await driver.query(trials[privilege](table));
    return null;
  } catch (error) {
    const number = numberOf(error) ?? 0;
    if (number === noSuchTable || number === columnTwice) return null;
    if (!denied.has(number)) throw error;
    return error as Error;
  }
}
