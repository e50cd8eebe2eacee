/** The benchmarks' test bed: one PostgreSQL in its own directory, and the processes started on it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { connectPerson, type DemoPerson, type DemoServer } from "../../src/demo/person.ts";
import { KeyRing } from "../../src/security/key-ring.ts";
import { directoryBodies } from "../../src/store/bodies/directory.ts";
import { openDatabase } from "../../src/store/database.ts";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { Queue } from "../../src/store/queue.ts";
import type { Store } from "../../src/store/store.ts";
import { startTestServer } from "../../test/support/embedded.ts";
import { credentials, polarEnvironment, waitForWebhook } from "../../test/support/system.ts";
import { type Child, startChild } from "./child.ts";

export interface TestBed {
  readonly postgres: string;
  /** Creates an empty database; returns its URL. */
  createDatabase(): Promise<string>;
  /** Starts a Systole process on a database. */
  startSystole(
    databaseUrl: string,
    env?: Record<string, string>,
    nodeOptions?: readonly string[],
  ): Promise<Child>;
  /** Opens the store of a Systole, to write to it and read it from here. */
  openStore(databaseUrl: string, opened: AsyncDisposableStack): Promise<Store>;
  close(): Promise<void>;
}

export async function openTestBed(): Promise<TestBed> {
  const opened = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-bench-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const server = await startTestServer(directory, true);
  opened.defer(() => server.stop());
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 1 });
  opened.defer(() => pool.end());
  const { rows } = await pool.query("SHOW server_version");
  const secretKey = randomBytes(32);
  let databases = 0;
  return {
    postgres: rows[0].server_version,
    async createDatabase() {
      const name = `bench_${++databases}`;
      await pool.query(`CREATE DATABASE ${name}`);
      const url = new URL(server.connectionString);
      url.pathname = `/${name}`;
      return url.href;
    },
    startSystole: (databaseUrl, env = {}, nodeOptions = []) =>
      startSystole(databaseUrl, { directory, secretKey, env, nodeOptions }),
    openStore: (databaseUrl, stack) => openStore(databaseUrl, secretKey, stack),
    close: () => opened.disposeAsync(),
  };
}

interface SystoleOptions {
  readonly directory: string;
  readonly secretKey: Buffer;
  readonly env: Record<string, string>;
  readonly nodeOptions: readonly string[];
}

async function startSystole(
  databaseUrl: string,
  { directory, secretKey, env, nodeOptions }: SystoleOptions,
): Promise<Child> {
  const port = await freePort();
  const settings = {
    DATABASE_URL: databaseUrl,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_SECRET_KEY: secretKey.toString("base64"),
    SYSTOLE_PORT: String(port),
    SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${port}`,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
    SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
    ...env,
  };
  return startChild("systole", settings, nodeOptions);
}

async function openStore(
  databaseUrl: string,
  secretKey: Buffer,
  opened: AsyncDisposableStack,
): Promise<Store> {
  const database = await openDatabase(databaseUrl);
  opened.defer(() => database.close());
  const queue = await Queue.open(databaseUrl, (error) => process.stderr.write(`${error.stack}\n`));
  opened.defer(() => queue.close());
  const bodies = directoryBodies(path.join(os.tmpdir(), "systole-bench-bodies"));
  const { db, aside } = database;
  return { db, aside, queue, keyRing: new KeyRing(secretKey), bodies };
}

/** The credentials that the sandbox knows. */
export const sandboxClient = { id: "sandbox-client", secret: "sandbox-secret" };

export interface System {
  readonly systole: Child;
  readonly server: DemoServer;
  readonly person: DemoPerson;
  readonly databaseUrl: string;
}

/** Starts a Systole with a sandbox and a connected person. */
export async function openSystem(
  testBed: TestBed,
  opened: AsyncDisposableStack,
  env: Record<string, string> = {},
): Promise<System> {
  const empty = await openEmptySystem(testBed, opened, env);
  return { ...empty, person: await connectPerson(empty.server, "bench") };
}

/** Starts the same without a person. */
export async function openEmptySystem(
  testBed: TestBed,
  opened: AsyncDisposableStack,
  env: Record<string, string> = {},
): Promise<Omit<System, "person">> {
  const sandbox = await startChild("sandbox");
  opened.defer(() => sandbox.stop());
  const polar = {
    url: sandbox.url,
    clientId: sandboxClient.id,
    clientSecret: sandboxClient.secret,
    close: sandbox.stop,
  };
  const databaseUrl = await testBed.createDatabase();
  const systole = await testBed.startSystole(databaseUrl, { ...polarEnvironment(polar), ...env });
  opened.defer(() => systole.stop());
  await waitForWebhook(polar);
  const server = { url: systole.url, sandboxUrl: sandbox.url, ...credentials };
  return { systole, server, databaseUrl };
}

/** The headers of a developer's call. */
export const keyHeaders = { "dev-id": credentials.devId, "x-api-key": credentials.apiKey };
