/** A whole server over HTTP for a test file: a real database, real connecting, and the sandbox as Polar. */

import { Registry } from "prom-client";
import { createEnvironment, startTestStore, type TestEnvironment } from "../../../test/support/database.ts";
import { ProviderClients } from "../../connections/provider-clients.ts";
import type { SenderContext } from "../../destinations/destination.ts";
import type { ProviderContext } from "../../providers/provider.ts";
import { type RunningSandbox, startSandbox } from "../../sandbox/polar/standalone.ts";
import { createAddressGuard, createProviderGuard } from "../../security/address-guard.ts";
import { apiServices } from "../../services.ts";
import { giveToken } from "../../store/admin-tokens.ts";
import { freePort } from "../../store/embedded/free-port.ts";
import { saveProviderConfig } from "../../store/provider-configs.ts";
import type { Store } from "../../store/store.ts";
import { CallPlanner } from "../../sync/planner/planner.ts";
import { createLogger, type Logger } from "../../telemetry/log.ts";
import { type ConnectionLimits, usualLimits } from "../connection-limits.ts";
import { createServer } from "../server.ts";

export const adminToken = "operator-token-of-the-tests";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed when it is JSON, including problems. */
  readonly body: Record<string, unknown>;
}

export interface TestApi {
  readonly store: Store;
  readonly sandbox: RunningSandbox;
  /** An environment with Polar configured. */
  readonly environment: TestEnvironment;
  readonly url: string;
  /** Sends a request with the environment's credentials, or with the given ones. */
  call(path: string, init?: CallOptions): Promise<Answer>;
  /** Sends a request with the operator's token. */
  admin(path: string, init?: CallOptions): Promise<Answer>;
  /** Returns the operator's calls about one environment. */
  about(environment: TestEnvironment): AdminCalls;
  close(): Promise<void>;
}

/** Calls to paths below /admin/v1. */
export interface AdminCalls {
  get(path: string): Promise<Answer>;
  post(path: string, json?: unknown): Promise<Answer>;
  put(path: string, json: unknown): Promise<Answer>;
  remove(path: string): Promise<Answer>;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string;
  readonly as?: TestEnvironment;
}

const silent = createLogger("silent");
const anywhere = createAddressGuard({ allowPrivate: true });
const anyProvider = createProviderGuard({ allowPrivate: true });

export interface TestApiOptions {
  /** The guard for destinations. Without one, everything passes, as for the providers. */
  readonly guard?: SenderContext;
  readonly providerGuard?: ProviderContext;
  readonly log?: Logger;
  readonly publicUrl?: string | null;
  readonly limits?: ConnectionLimits;
}

export async function startTestApi({
  guard = anywhere,
  providerGuard = anyProvider,
  log = silent,
  publicUrl = null,
  limits = usualLimits,
}: TestApiOptions = {}): Promise<TestApi> {
  const { store, close } = await startTestStore();
  const sandbox = await startSandbox({ port: 0 });
  const environment = await createEnvironment(store);
  await configurePolar(store, environment, sandbox);
  await store.db.transaction().execute((tx) => giveToken(tx, adminToken));
  // The public URL must be known before the server listens.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const opened = new AsyncDisposableStack();
  const clients = new ProviderClients(store, providerGuard);
  const planner = new CallPlanner(store, clients, () => {});
  const deps = { store, clients, planner, log, publicUrl: publicUrl ?? url };
  const parts = { deps, guard, registry: new Registry(), isPublic: false };
  const app = createServer(apiServices(parts, opened), { limits });
  await app.listen({ port, host: "127.0.0.1" });
  const admin = (path: string, init: CallOptions = {}) =>
    send(`${url}${path}`, init, { authorization: `Bearer ${adminToken}` });
  return {
    store,
    sandbox,
    environment,
    url,
    call: (path, init = {}) => send(`${url}${path}`, init, keysOf(init.as ?? environment)),
    admin,
    about: (named) => callsAbout(named, admin),
    async close() {
      await app.close();
      await opened.disposeAsync();
      await sandbox.close();
      await close();
    },
  };
}

function callsAbout({ devId }: TestEnvironment, admin: TestApi["admin"]): AdminCalls {
  const within = (path: string) => `/admin/v1${path}${path.includes("?") ? "&" : "?"}environment=${devId}`;
  return {
    get: (path) => admin(within(path)),
    post: (path, json) => admin(within(path), { method: "POST", json }),
    put: (path, json) => admin(within(path), { method: "PUT", json }),
    remove: (path) => admin(within(path), { method: "DELETE" }),
  };
}

export function configurePolar(
  store: Store,
  environment: TestEnvironment,
  sandbox: RunningSandbox,
): Promise<void> {
  const settings = {
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
    authorize_url: `${sandbox.url}/oauth2/authorization`,
    token_url: `${sandbox.url}/v2/oauth2/token`,
    api_url: sandbox.url,
  };
  const id = { environmentId: environment.environmentId, provider: "polar" };
  return saveProviderConfig(store.db, store.keyRing, id, settings, "process");
}

const keysOf = ({ devId, apiKey }: TestEnvironment) => ({ "dev-id": devId, "x-api-key": apiKey });

async function send(
  url: string,
  { method = "GET", headers = {}, json, body }: CallOptions,
  credentials: Record<string, string>,
): Promise<Answer> {
  const content = json === undefined ? body : JSON.stringify(json);
  const type = json === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { ...credentials, ...type, ...headers },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  const isJson = text !== "" && /json/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}
