/** PostgreSQL, and servers with its protocol, behind the interface of the shared sender. */
import type pg from "pg";
import type { SenderContext } from "../destination.ts";
import type { Database, Session } from "../kit/sql/database.ts";
import type { Rows, Table } from "../kit/sql/tables.ts";
import { check } from "./check.ts";
import { Connections } from "./connections.ts";
import { ensure } from "./ensure.ts";
import { judge } from "./errors.ts";
import { keepUp } from "./keep-up.ts";
import type { Settings } from "./settings.ts";
import { clear, insert, type Schema, upsertAll, upsertTelling } from "./statements.ts";

export function postgresDatabase(settings: Settings, context: SenderContext): Database {
  const connections = new Connections(settings, context);
  const schema = settings.schema ?? null;
  return {
    async upsertAll(all, signal) {
      if (all.length > 0) await connections.use((client) => client.query(upsertAll(schema, all)), signal);
    },
    transaction: (work, signal) =>
      connections.use((client) => inTransaction(client, () => work(session(client, schema))), signal),
    ensure: (tables, signal) => connections.use((client) => ensure(client, schema, tables), signal),
    keepUp: (layout, signal) => connections.use((client) => keepUp(client, schema, layout), signal),
    judge,
    check: (tables, signal) => connections.use((client) => check(client, schema, tables), signal),
    close: () => connections.close(),
  };
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query("BEGIN");
  try {
    await work();
    await client.query("COMMIT");
  } catch (error) {
    // A connection that is lost rolls back by itself.
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

function session(client: pg.ClientBase, schema: Schema): Session {
  return {
    async upsert(rows: Rows) {
      await client.query(upsertAll(schema, [rows]));
    },
    async upsertTelling(rows: Rows) {
      const answer = await client.query<{ key: string }>(upsertTelling(schema, rows));
      return new Set(answer.rows.map(({ key }) => key));
    },
    async clear(tables: readonly Table[], recordIds: readonly string[]) {
      if (tables.length > 0) await client.query(clear(schema, tables, recordIds));
    },
    async insert(rows: Rows) {
      await client.query(insert(schema, rows));
    },
  };
}
