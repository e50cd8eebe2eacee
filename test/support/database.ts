/**
 * A store for a test file: a new database on the server of TEST_DATABASE_URL, or on an embedded server that
 * lives as long as the test file. Where that server is a coordinator of Citus, the database is made on its workers too.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { KeyRing } from "../../src/security/key-ring.ts";
import { hashSecret, newSecret } from "../../src/security/secrets.ts";
import { directoryBodies } from "../../src/store/bodies/directory.ts";
import { outsideBodies } from "../../src/store/bodies/outside.ts";
import { openDatabase } from "../../src/store/database.ts";
import { newId } from "../../src/store/identifiers.ts";
import { Queue } from "../../src/store/queue.ts";
import type { Store } from "../../src/store/store.ts";
import { createOnNodes, dropOnNodes, makeTemplate, nodesOf } from "./citus.ts";
import { startTestServer } from "./embedded.ts";
import { query } from "./query.ts";

export interface TestStore {
  readonly store: Store;
  readonly connectionString: string;
  /** Where bodies are, for another process. */
  readonly bodiesDirectory: string;
  close(): Promise<void>;
}

interface Server {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/**
 * Starts a store with an empty database, the complete schema, its queue and a random key.
 * @param isOutside whether all bodies of rows are in the body store; every suite can be run so by TEST_BODIES=outside
 */
export async function startTestStore(isOutside = process.env.TEST_BODIES === "outside"): Promise<TestStore> {
  const { connectionString, drop } = await createStoreDatabase();
  try {
    const database = await openDatabase(connectionString);
    const queue = await Queue.open(connectionString, () => {});
    const directory = await mkdtemp(path.join(os.tmpdir(), "systole-bodies-"));
    const bodies = directoryBodies(directory);
    const notes = isOutside ? await openDatabase(connectionString, 2) : null;
    const outside = notes && { outside: outsideBodies(notes.db, bodies, 1) };
    const keyRing = new KeyRing(randomBytes(32));
    const { db, aside } = database;
    const store: Store = { db, aside, queue, keyRing, bodies, ...outside };
    return {
      store,
      connectionString,
      bodiesDirectory: directory,
      async close() {
        await queue.close();
        await notes?.close();
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

/**
 * Makes the database that those of a run are copied from, with the present schema and no rows: to copy it takes a tenth
 * of what its migrations take. Returns its name.
 */
export async function createTemplate(connectionString: string): Promise<string> {
  const template = "systole_template";
  const nodes = await nodesOf(connectionString);
  if (nodes.length === 0) await query(connectionString, `CREATE DATABASE ${template}`);
  else {
    // A killed run leaves its template.
    await dropOnNodes(nodes, template);
    await createOnNodes(nodes, template);
  }
  const url = new URL(connectionString);
  url.pathname = `/${template}`;
  const database = await openDatabase(url.href);
  const queue = await Queue.open(url.href, () => {});
  await queue.close();
  await database.close();
  if (nodes.length > 0) await makeTemplate(nodes, template);
  return template;
}

/** Creates a database for a store to open. It is empty where the run has no template. */
export const createStoreDatabase = (): Promise<TestDatabase> =>
  createTestDatabase(process.env.TEST_DATABASE_TEMPLATE);

/** Creates an empty database, or a copy. */
export async function createTestDatabase(
  template?: string,
  url = process.env.TEST_DATABASE_URL,
): Promise<TestDatabase> {
  const server = await startServer(url);
  const name = `systole_test_${randomBytes(6).toString("hex")}`;
  const place = new URL(server.connectionString);
  place.pathname = `/${name}`;
  const nodes = await nodesOf(server.connectionString);
  try {
    const copied = template === undefined ? "" : ` TEMPLATE ${template} STRATEGY FILE_COPY`;
    if (nodes.length === 0) await query(server.connectionString, `CREATE DATABASE ${name}${copied}`);
    else await createOnNodes(nodes, name, template);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    connectionString: place.href,
    async drop() {
      if (nodes.length === 0) await query(server.connectionString, `DROP DATABASE ${name} WITH (FORCE)`);
      else await dropOnNodes(nodes, name);
      await server.stop();
    },
  };
}

async function startServer(url: string | undefined): Promise<Server> {
  if (url) return { connectionString: url, stop: async () => {} };
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
