/** The store of a process: its PostgreSQL, the key that seals its secrets, its queue. */
import type { Config } from "./config.ts";
import { SystoleError } from "./errors.ts";
import { openBodies } from "./open-bodies.ts";
import { KeyRing } from "./security/key-ring.ts";
import { makeSecretKey, readSecretKey } from "./security/secret-key.ts";
import { obstacles } from "./store/citus/cluster.ts";
import { openDatabase } from "./store/database.ts";
import { checkSecretKey, isSealed } from "./store/database-facts.ts";
import { startEmbedded } from "./store/embedded/server.ts";
import { Queue } from "./store/queue.ts";
import type { Store } from "./store/store.ts";
import type { Database } from "./store/tables.ts";
import type { Logger } from "./telemetry/log.ts";

/** Opens the store and puts what it opened on the stack; the signal ends an opening under way, with its reason. */
export async function openStore(
  config: Config,
  log: Logger,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Store> {
  const connectionString = config.DATABASE_URL ?? (await openEmbedded(config, log, opened, signal));
  const database = await openDatabase(connectionString);
  opened.defer(() => database.close());
  if (database.obstacle !== null) log.warn(obstacles[database.obstacle], "tables are not distributed");
  signal.throwIfAborted();
  const keyRing = new KeyRing(await secretKey(config, database.db, log), ...formerKeys(config));
  await checkSecretKey(database.db, keyRing);
  const queue = await Queue.open(connectionString, (err) => log.error({ err }, "queue"));
  opened.defer(() => queue.close());
  signal.throwIfAborted();
  const { db, aside } = database;
  return { db, aside, queue, keyRing, ...(await openBodies(config, connectionString, opened)) };
}

const formerKeys = ({ SYSTOLE_SECRET_KEY_PREVIOUS: former }: Config): Buffer[] =>
  former === undefined ? [] : [Buffer.from(former, "base64")];

async function openEmbedded(
  config: Config,
  log: Logger,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<string> {
  const server = await startEmbedded(config.SYSTOLE_DATA_DIR, signal);
  opened.defer(() => server.stop());
  if (server.adopted) log.warn("adopted the PostgreSQL server that a killed Systole left running");
  return server.connectionString;
}

/**
 * Returns the secret key. A new one is made only for a database without sealed values: no new key would open
 * those.
 */
async function secretKey(
  { SYSTOLE_SECRET_KEY: given, SYSTOLE_DATA_DIR: directory }: Config,
  db: Database,
  log: Logger,
): Promise<Buffer> {
  if (given !== undefined) return Buffer.from(given, "base64");
  const kept = await readSecretKey(directory);
  if (kept === null && (await isSealed(db))) throw new SystoleError("SECRET_KEY_MISSING", { directory });
  const { key, file } = kept ?? (await makeSecretKey(directory));
  log.warn({ file }, "no SYSTOLE_SECRET_KEY: sealing with a key made in the data directory");
  return key;
}
