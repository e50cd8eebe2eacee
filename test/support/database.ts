/**
 * A store for a test file: a new database on the server of TEST_DATABASE_URL, or on an embedded server that
 * lives as long as the test file.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { KeyRing } from "../../src/security/key-ring.ts";
import { hashSecret, newSecret } from "../../src/security/secrets.ts";
import { directoryBodies } from "../../src/store/bodies/directory.ts";
import { openDatabase } from "../../src/store/database.ts";
import { newId } from "../../src/store/identifiers.ts";
import { Queue } from "../../src/store/queue.ts";
import type { Store } from "../../src/store/store.ts";
import { startTestServer } from "./embedded.ts";

export interface TestStore {
  readonly store: Store;
  readonly connectionString: string;
  close(): Promise<void>;
}

interface Server {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** Starts a store with an empty database, the complete schema, its queue and a random key. */
export async function startTestStore(): Promise<TestStore> {
  const { connectionString, drop } = await createTestDatabase();
  try {
    const database = await openDatabase(connectionString);
    const queue = await Queue.open(connectionString, () => {});
    const directory = await mkdtemp(path.join(os.tmpdir(), "systole-bodies-"));
    const bodies = directoryBodies(directory);
    const store: Store = { db: database.db, queue, keyRing: new KeyRing(randomBytes(32)), bodies };
    return {
      store,
      connectionString,
      async close() {
        await queue.close();
        await database.close();
        await drop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** The tables that grow with time, as they were before migration 16. */
export const formerPartitionedTables = [
  "notifications",
  "raw_payloads",
  "events",
  "deliveries",
  "attempts",
] as const;

export interface TestDatabase {
  readonly connectionString: string;
  /** Deletes the database, even while it is in use, and stops a server that was started for it. */
  drop(): Promise<void>;
}

/** Creates an empty database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await startServer();
  const name = `systole_test_${randomBytes(6).toString("hex")}`;
  const url = new URL(server.connectionString);
  url.pathname = `/${name}`;
  try {
    await onServer(server, `CREATE DATABASE ${name}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    connectionString: url.href,
    async drop() {
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
      await server.stop();
    },
  };
}

async function startServer(): Promise<Server> {
  const { TEST_DATABASE_URL } = process.env;
  if (TEST_DATABASE_URL) return { connectionString: TEST_DATABASE_URL, stop: async () => {} };
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-test-"));
  const embedded = await startTestServer(directory);
  return {
    connectionString: embedded.connectionString,
    async stop() {
      await embedded.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function onServer(server: Server, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestEnvironment {
  readonly environmentId: string;
  readonly devId: string;
  readonly apiKey: string;
}

/** Creates an environment with one key, as the first start does. */
export async function createEnvironment(
  store: Store,
  given: { readonly devId?: string; readonly apiKey?: string } = {},
): Promise<TestEnvironment> {
  const environmentId = newId();
  const devId = given.devId ?? `test-${randomUUID()}`;
  const apiKey = given.apiKey ?? newSecret();
  await store.db
    .insertInto("environments")
    .values({ environment_id: environmentId, dev_id: devId, name: devId })
    .execute();
  await store.db
    .insertInto("api_keys")
    .values({ environment_id: environmentId, key_hash: hashSecret(apiKey), label: "test" })
    .execute();
  return { environmentId, devId, apiKey };
}
