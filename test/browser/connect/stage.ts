/** A Systole with Polar's sandbox and every invented provider, and a developer's app to which browsers return. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { addProvider, findProvider } from "../../../src/providers/registry.ts";
import { type RunningSandbox, startSandbox } from "../../../src/sandbox/polar/standalone.ts";
import { startSystole } from "../../../src/systole.ts";
import { createLogger } from "../../../src/telemetry/log.ts";
import { duo } from "../../invented/duo/plugin.ts";
import { type DuoServer, startDuo } from "../../invented/duo/server.ts";
import { inlet } from "../../invented/inlet/plugin.ts";
import { keyed } from "../../invented/keyed/plugin.ts";
import { type KeyedServer, startKeyed } from "../../invented/keyed/server.ts";
import { relay } from "../../invented/relay/plugin.ts";
import { startInvented } from "../../invented/server.ts";
import { tideline } from "../../invented/tideline/plugin.ts";
import { createStoreDatabase } from "../../support/database.ts";
import { credentials, keyHeaders, polarEnvironment, systemConfig } from "../../support/system.ts";

export interface Stage {
  readonly url: string;
  /** The developer's app. */
  readonly appUrl: string;
  readonly sandbox: RunningSandbox;
  readonly duo: DuoServer;
  readonly keyed: KeyedServer;
  /** A connect link. */
  link(given?: Readonly<Record<string, string>>): Promise<string>;
  /** A link straight to a provider, as `authenticateUser` makes it. */
  authUrl(resource: string, given?: Readonly<Record<string, string>>): Promise<string>;
  admin(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }>;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

type Json = ReturnType<typeof JSON.parse>;

/** The invented developer. */
export const brand = {
  name: "Morgenlauf",
  color: "#0f766e",
  logo: `data:image/png;base64,${readFileSync(path.join(import.meta.dirname, "../fixtures/logo.png")).toString("base64")}`,
};

/** @param host the name by which browsers reach Systole; its own address unless one is given */
export async function startStage(host = "127.0.0.1"): Promise<Stage> {
  for (const provider of [tideline, relay, keyed, duo, inlet]) {
    if (findProvider(provider.slug) === null) addProvider(provider);
  }
  const opened = new AsyncDisposableStack();
  const keep = <Closable extends { close(): Promise<unknown> }>(one: Closable): Closable => {
    opened.defer(async () => {
      await one.close();
    });
    return one;
  };
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-connect-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  opened.defer(() => database.drop());
  const servers = {
    sandbox: keep(await startSandbox({ port: 0 })),
    duo: keep(await startDuo()),
    keyed: keep(await startKeyed()),
  };
  const app = keep(await startInvented(({ url }) => ({ json: Object.fromEntries(url.searchParams) })));
  const config = await systemConfig(database.connectionString, directory);
  const address = `http://127.0.0.1:${config.SYSTOLE_PORT}`;
  const systole = keep(
    await startSystole(
      { ...config, SYSTOLE_PUBLIC_URL: address.replace("127.0.0.1", host) },
      createLogger(process.env.SYSTOLE_LOG_LEVEL ?? "silent"),
      variablesOf(servers),
    ),
  );
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  opened.defer(() => pool.end());
  const call = async (where: string, method: string, headers: Record<string, string>, body?: unknown) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const all = { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    const answer = await fetch(address + where, { method, headers: all, ...json });
    return { status: answer.status, body: JSON.parse(await answer.text()) as Json };
  };
  return {
    ...servers,
    url: systole.publicUrl,
    appUrl: app.url,
    link: async (given = {}) =>
      String((await call("/v2/auth/generateWidgetSession", "POST", keyHeaders, given)).body.url),
    authUrl: async (resource, given = {}) => {
      const where = `/v2/auth/authenticateUser?resource=${resource}`;
      return String((await call(where, "POST", keyHeaders, given)).body.auth_url);
    },
    admin: (method, where, body) =>
      call(`/admin/v1${where}`, method, { authorization: `Bearer ${credentials.adminToken}` }, body),
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    close: () => opened.disposeAsync(),
  };
}

/** Gives the developer's name, logo and colour. */
export async function giveBrand({ admin }: Stage, change: object = brand): Promise<void> {
  const { status, body } = await admin("PATCH", `/environments/${credentials.devId}`, { brand: change });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

interface Servers {
  readonly sandbox: RunningSandbox;
  readonly duo: DuoServer;
  readonly keyed: KeyedServer;
}

/** Tideline and Relay are offered only; nobody goes there. */
const variablesOf = ({ sandbox, duo, keyed }: Servers): NodeJS.ProcessEnv => ({
  ...polarEnvironment(sandbox),
  KEYED_API_URL: keyed.url,
  DUO_CLIENT_ID: "duo-client",
  DUO_CLIENT_SECRET: "duo-secret",
  DUO_AUTHORIZE_URL: `${duo.url}/authorize`,
  DUO_TOKEN_URL: `${duo.url}/token`,
  DUO_API_URL: duo.url,
  TIDELINE_CLIENT_ID: "tideline-client",
  TIDELINE_CLIENT_SECRET: "tideline-secret",
  RELAY_CLIENT_ID: "relay-client",
  RELAY_CLIENT_SECRET: "relay-secret",
});
