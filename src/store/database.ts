/** Opens the store: the pool and the schema. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { errorMessage, SystoleError } from "../errors.ts";
import { hasDistributed, type Obstacle, readCluster } from "./citus/cluster.ts";
import { DistributedDialect } from "./citus/dialect.ts";
import { migrate } from "./migrate.ts";
import { ensurePartitions } from "./partitions.ts";
import { PreparingClient } from "./prepared.ts";
import { storeError } from "./store-error.ts";
import type { Database, Tables } from "./tables.ts";

const oldestSupported = 150_000;
const firstConnectionMs = 10_000;
/** A new connection costs the server more than a hundred statements: it learns the schema and plans each statement anew. */
const idleMs = 5 * 60_000;
/** Those aside are for single statements, and seldom needed. */
const asideConnections = 2;
const asideIdleMs = 10_000;

export interface OpenDatabase {
  readonly db: Database;
  /** Connections of their own: those of `db` may all be held by others who wait for a lock of whoever asks. */
  readonly aside: Database;
  /** Why tables that could be distributed over Citus's workers are not; null otherwise. */
  readonly obstacle: Obstacle | null;
  readonly connectionString: string;
  close(): Promise<void>;
}

/**
 * Connects, migrates and creates the time partitions.
 * @throws SystoleError CONFIG_INVALID, STORE_UNAVAILABLE, STORE_TLS_FAILED, STORE_PERMISSION_MISSING,
 * STORE_VERSION_UNSUPPORTED, STORE_NEWER_THAN_CODE
 */
export async function openDatabase(connectionString: string, maxConnections = 20): Promise<OpenDatabase> {
  await refuseOldServer(connectionString);
  const pool = openPool(connectionString, maxConnections, idleMs);
  const plain = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const obstacle = await migrate(plain);
    await ensurePartitions(plain, new Date());
    const cluster = await readCluster(plain);
    const isDistributed = cluster !== null && hasDistributed(cluster);
    const db = isDistributed ? new Kysely<Tables>({ dialect: new DistributedDialect({ pool }) }) : plain;
    const asidePool = openPool(connectionString, asideConnections, asideIdleMs);
    const aside = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: asidePool }) });
    const close = async () => void (await Promise.all([db.destroy(), aside.destroy()]));
    return { db, aside, obstacle, connectionString, close };
  } catch (error) {
    await plain.destroy();
    throw storeError(error) ?? error;
  }
}

function openPool(connectionString: string, max: number, idleTimeoutMillis: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    idleTimeoutMillis,
    application_name: "systole",
    keepAlive: true,
    Client: PreparingClient,
  });
  // A broken connection is replaced at its next use. Without listeners its error would end the process: the
  // pool's listener hears of idle connections, the client's own of one that a transaction holds between two
  // statements.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** Makes the first connection: problems of the address, its TLS or the login show here, and soon. */
async function refuseOldServer(connectionString: string): Promise<void> {
  const client = await connectOnce(connectionString);
  try {
    const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS version");
    const { version } = rows[0];
    if (version < oldestSupported) throw new SystoleError("STORE_VERSION_UNSUPPORTED", { version });
  } finally {
    await client.end().catch(() => {});
  }
}

async function connectOnce(connectionString: string): Promise<pg.Client> {
  const client = clientFor(connectionString);
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw storeError(error) ?? error;
  }
}

/**
 * Returns a client. The driver reads certificates named in the URL when it parses it.
 * @throws SystoleError CONFIG_INVALID
 */
function clientFor(connectionString: string): pg.Client {
  const options = { application_name: "systole start", connectionTimeoutMillis: firstConnectionMs };
  try {
    return new pg.Client({ connectionString, ...options });
  } catch (cause) {
    throw new SystoleError(
      "CONFIG_INVALID",
      { variables: [`DATABASE_URL: ${errorMessage(cause)}`] },
      { cause },
    );
  }
}
