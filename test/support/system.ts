/** A complete system for a test: sandbox, database, Systole and a receiver, talking to each other over HTTP. */
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { type Config, loadConfig } from "../../src/config.ts";
import { addWebhook, connectPerson, type DemoPerson, type DemoServer } from "../../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../../src/sandbox/polar/standalone.ts";
import { KeyRing } from "../../src/security/key-ring.ts";
import { makeSecretKey } from "../../src/security/secret-key.ts";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { openSubscriptionSecret } from "../../src/store/provider-configs.ts";
import { startSystole } from "../../src/systole.ts";
import { createLogger } from "../../src/telemetry/log.ts";
import { createStoreDatabase } from "./database.ts";
import { type ReceivedRequest, type Receiver, startReceiver } from "./receiver.ts";
import { waitFor } from "./wait.ts";

export interface System {
  readonly server: DemoServer;
  readonly sandbox: RunningSandbox;
  readonly receiver: Receiver;
  /** The receiver's signing secret. */
  readonly secret: string;
  readonly databaseUrl: string;
  /** Puts a body at the sandbox, which notifies as Polar would. */
  upload(person: DemoPerson, resource: string, body: unknown): Promise<void>;
  /** Reads rows of Systole's own tables, for facts that no API shows. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Returns the secret that the sandbox signs its notifications with. */
  notificationSecret(): Promise<string>;
  /** Makes every task's next try due: schedules are tested elsewhere. */
  hurry(): Promise<unknown>;
  /** Does the ten-minute check now. */
  ensureSubscriptions(): Promise<void>;
  /** Runs the reconciliation that is due; `resources` are made due first. */
  reconcile(resources?: readonly string[]): Promise<void>;
  /** Does the one-minute check now. */
  watchWebhooks(): Promise<void>;
  connect(referenceId: string): Promise<DemoPerson>;
  /** Returns the received events, parsed, of one type or all. */
  events(type?: string): ReceivedEvent[];
  /** Sends JSON to the sandbox's control API. */
  control(method: string, path: string, body?: unknown): Promise<Response>;
  /** Makes a GET request to Systole with the environment's key. */
  read(path: string): Promise<Response>;
  /** Makes a call below /admin/v1. */
  admin(method: string, path: string, body?: unknown): Promise<Response>;
  close(): Promise<void>;
}

export interface ReceivedEvent {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // Events are read at many depths; the expectations of each test check what is there.
  readonly body: { type: string; user?: Fields; data?: Fields[]; [key: string]: unknown };
}

export type Fields = { readonly [key: string]: unknown };

const parsed = new WeakMap<ReceivedRequest, ReceivedEvent>();

/** Parses each request once: bodies have megabytes and tests read them repeatedly. */
export const eventsOf = (receiver: Receiver): ReceivedEvent[] =>
  receiver.requests.map((request) => {
    const known = parsed.get(request);
    if (known !== undefined) return known;
    const raw = request.body.toString("utf8");
    const event: ReceivedEvent = { headers: request.headers, raw, body: JSON.parse(raw) };
    parsed.set(request, event);
    return event;
  });

/** The credentials of the tests' Systole; `provider` is the one that the sandbox simulates. */
export const credentials = {
  provider: "polar",
  devId: "system",
  apiKey: "an-api-key-for-tests",
  adminToken: "an-admin-token-for-tests",
};

/** Whether nothing is due: what another transaction has claimed is due until that has created its tasks. */
async function nothingDue(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query(
    `SELECT FROM coverage JOIN connections USING (environment_id, user_id)
     WHERE connections.state = 'active' AND connections.active AND next_reconcile_at <= now()`,
  );
  return rows.length === 0;
}

export type PolarClient = Pick<RunningSandbox, "url" | "clientId" | "clientSecret">;

export function polarEnvironment(sandbox: PolarClient): Record<string, string> {
  return {
    POLAR_CLIENT_ID: sandbox.clientId,
    POLAR_CLIENT_SECRET: sandbox.clientSecret,
    POLAR_AUTHORIZE_URL: `${sandbox.url}/oauth2/authorization`,
    POLAR_TOKEN_URL: `${sandbox.url}/v2/oauth2/token`,
    POLAR_API_URL: sandbox.url,
    SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
  };
}

/** Starts one with Polar's sandbox. `variables` configure other providers. */
export async function startSystem(variables: Readonly<Record<string, string>> = {}): Promise<System> {
  const opened = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-system-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  opened.defer(() => database.drop());
  const sandbox = await startSandbox({ port: 0 });
  opened.defer(() => sandbox.close());
  const systole = await startSystole(
    await systemConfig(database.connectionString, directory),
    createLogger(process.env.SYSTOLE_LOG_LEVEL ?? "silent"),
    { ...polarEnvironment(sandbox), ...variables },
  );
  opened.defer(() => systole.close());
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  opened.defer(() => pool.end());
  const receiver = await startReceiver();
  opened.defer(() => receiver.close());
  const server: DemoServer = { url: systole.publicUrl, sandboxUrl: sandbox.url, ...credentials };
  const secret = await addWebhook(server, receiver.url);
  await waitForWebhook(sandbox);
  return {
    server,
    sandbox,
    receiver,
    secret,
    databaseUrl: database.connectionString,
    upload: async (person, resource, body) => {
      const where = `${sandbox.url}/_sandbox/users/${person.sandboxUserId}/${resource}`;
      const response = await send(where, "PUT", body, {});
      if (!response.ok) throw new Error(`PUT ${where}: ${response.status} ${await response.text()}`);
    },
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    notificationSecret: () => openNotificationSecret(pool, directory),
    hurry: () =>
      pool.query("UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND name = 'ingest'"),
    ensureSubscriptions: () => systole.ensureSubscriptions(),
    reconcile: async (resources = []) => {
      await pool.query("UPDATE coverage SET next_reconcile_at = now() WHERE resource = ANY($1)", [resources]);
      await systole.reconcile();
      await waitFor("what the process itself reconciles at this moment", () => nothingDue(pool));
    },
    watchWebhooks: () => systole.watchWebhooks(),
    events: (type) => eventsOf(receiver).filter(({ body }) => type === undefined || body.type === type),
    connect: (referenceId) => connectPerson(server, referenceId),
    control: (method, where, body) => send(sandbox.url + where, method, body, {}),
    read: (where) => send(server.url + where, "GET", undefined, keyHeaders),
    admin: (method, where, body) => send(`${server.url}/admin/v1${where}`, method, body, adminHeaders),
    close: () => opened.disposeAsync(),
  };
}

/** Opens the secret that Systole stores sealed in its database, with the key from its data directory. */
export async function openNotificationSecret(
  database: Pick<pg.Pool, "query">,
  directory: string,
): Promise<string> {
  const { key } = await makeSecretKey(directory);
  const { rows } = await database.query("SELECT * FROM provider_configs");
  const secret = openSubscriptionSecret(new KeyRing(key), rows[0]);
  if (secret === null) throw new Error("no notification secret is known yet");
  return secret;
}

/** The headers of a developer's call. */
export const keyHeaders = { "dev-id": credentials.devId, "x-api-key": credentials.apiKey };
const adminHeaders = { authorization: `Bearer ${credentials.adminToken}` };

function send(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Response> {
  if (body === undefined) return fetch(url, { method, headers });
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(url, { method, body: text, headers: { ...headers, "content-type": "application/json" } });
}

/** Returns the settings of the tests' Systole, and those of `settings` in their place. */
export async function systemConfig(
  databaseUrl: string,
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Config> {
  const port = await freePort();
  return loadConfig({
    DATABASE_URL: databaseUrl,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_PORT: String(port),
    SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${port}`,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
    SYSTOLE_BODY_STORE: process.env.SYSTOLE_BODY_STORE,
    SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
    ...settings,
  });
}

/** Waits for the webhook that Systole creates at the provider, a moment after it listens. */
export async function waitForWebhook({ url, clientId, clientSecret }: PolarClient): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  await waitFor("the webhook at the sandbox", async () => {
    const response = await fetch(`${url}/v3/webhooks`, { headers: { authorization } });
    return response.ok && (await response.text()).includes('"active":true');
  });
}
