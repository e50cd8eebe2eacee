/** Opening the store: the pool, the schema, and what its errors mean to a caller. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { errorMessage, SystoleError } from "../errors.ts";
import { migrate } from "./migrate.ts";
import { ensurePartitions } from "./partitions.ts";
import type { Database, Tables } from "./tables.ts";

const oldestSupported = 150_000;

export interface OpenDatabase {
  readonly db: Database;
  readonly connectionString: string;
  close(): Promise<void>;
}

/**
 * Connects, migrates and makes the time partitions.
 * @throws SystoleError STORE_UNAVAILABLE, STORE_VERSION_UNSUPPORTED, STORE_NEWER_THAN_CODE
 */
export async function openDatabase(connectionString: string, maxConnections = 20): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    application_name: "systole",
    keepAlive: true,
  });
  // A connection that breaks is replaced at its next use. Without listeners it would end the process: the
  // pool's hears of idle ones, the client's own of one that a transaction holds between two statements.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseOldServer(pool);
    await migrate(db);
    await ensurePartitions(db, new Date());
  } catch (error) {
    await db.destroy();
    throw storeError(error) ?? error;
  }
  return { db, connectionString, close: () => db.destroy() };
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query("SELECT current_setting('server_version_num')::int AS version");
  if (rows[0].version < oldestSupported) {
    throw new SystoleError("STORE_VERSION_UNSUPPORTED", { version: rows[0].version });
  }
}

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "EPIPE",
]);
/** Classes 08 connection, 28 authorisation, 3D unknown database, 53 resources, 57P shutdown. */
const unavailable = /^(08|28|3D|53|57P)/;

/** What a driver's error means; null when it is our own mistake. */
export function storeError(thrown: unknown): SystoleError | null {
  if (thrown instanceof SystoleError) return thrown;
  const code = (thrown as { code?: unknown } | null)?.code;
  const reason = errorMessage(thrown);
  if (code === "53100") return new SystoleError("DISK_FULL", { reason }, { cause: thrown });
  const lost = /Connection terminated|timeout exceeded when trying to connect/.test(reason);
  if (lost || (typeof code === "string" && (networkCodes.has(code) || unavailable.test(code)))) {
    return new SystoleError("STORE_UNAVAILABLE", { reason }, { cause: thrown });
  }
  return null;
}
