/** MySQL and MariaDB behind the interface of the shared sender. */
import type mysql from "mysql2/promise";
import type { SenderContext } from "../destination.ts";
import type { Database, Session } from "../kit/sql/database.ts";
import { columnIndex, keyReader, type Rows, type Table } from "../kit/sql/tables.ts";
import { check } from "./check.ts";
import { type Connection, Connections } from "./connections.ts";
import { ensure } from "./ensure.ts";
import { judge } from "./errors.ts";
import { keepUp } from "./keep-up.ts";
import { keyPortions, portions } from "./packets.ts";
import type { Settings } from "./settings.ts";
import * as statements from "./statements.ts";

export function mysqlDatabase(settings: Settings, context: SenderContext): Database {
  const connections = new Connections(settings, context);
  const transaction: Database["transaction"] = (work, signal) =>
    connections.use((connection) => inTransaction(connection, () => work(session(connection))), signal);
  return {
    async upsertAll(all, signal) {
      if (all.length === 0) return;
      await transaction(async ({ upsert }) => {
        for (const rows of all) await upsert(rows);
      }, signal);
    },
    transaction,
    ensure: (tables, signal) => connections.use(({ driver }) => ensure(driver, tables), signal),
    keepUp: (layout, signal) => connections.use(({ driver }) => keepUp(driver, layout), signal),
    judge,
    check: (tables, signal) => connections.use(({ driver }) => check(driver, tables), signal),
    close: () => connections.close(),
  };
}

async function inTransaction({ driver }: Connection, work: () => Promise<void>): Promise<void> {
  await driver.query("START TRANSACTION");
  try {
    await work();
    await driver.query("COMMIT");
  } catch (error) {
    // A connection that is lost rolls back by itself.
    await driver.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

function session({ driver, packetBytes }: Connection): Session {
  const run = ({ sql, values }: statements.Statement) =>
    driver.execute<mysql.RowDataPacket[]>(sql, values as mysql.ExecuteValues);
  const upsert = async (given: Rows): Promise<void> => {
    for (const rows of portions(given, packetBytes)) await run(statements.upsert(given.table, rows));
  };
  return {
    upsert,
    async upsertTelling(given) {
      await upsert(given);
      return standing(given, async (statement) => (await run(statement))[0]);
    },
    async clear(tables: readonly Table[], recordIds) {
      for (const table of tables) {
        for (const ids of keyPortions(recordIds)) await run(statements.clear(table, ids));
      }
    },
    async insert(given) {
      for (const rows of portions(given, packetBytes)) await run(statements.insert(given.table, rows));
    },
  };
}

/** Returns the keys of rows that are as given. The rows are locked by now: the others are newer. */
async function standing(
  { table, rows }: Rows,
  ask: (statement: statements.Statement) => Promise<mysql.RowDataPacket[]>,
): Promise<Set<string>> {
  const keyOf = keyReader(table);
  const [newest, event] = [table.newestBy as string, "event_id"].map((name) => columnIndex(table, name));
  const given = new Map(rows.map((row) => [keyOf(row), `${row[newest as number]} ${row[event as number]}`]));
  const keys = new Set<string>();
  for (const some of keyPortions([...given.keys()])) {
    for (const { id, newest, event } of await ask(statements.standing(table, some))) {
      if (given.get(id) === `${newest} ${event}`) keys.add(id);
    }
  }
  return keys;
}
