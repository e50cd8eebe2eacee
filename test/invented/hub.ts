/** A Systole that knows one invented provider, and a developer's receiver. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { addWebhook } from "../../src/demo/person.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { addProvider, findProvider } from "../../src/providers/registry.ts";
import { startSystole } from "../../src/systole.ts";
import { createLogger } from "../../src/telemetry/log.ts";
import { createStoreDatabase } from "../support/database.ts";
import { startReceiver } from "../support/receiver.ts";
import { hurrySpread } from "../support/spread-tasks.ts";
import { credentials, eventsOf, keyHeaders, type ReceivedEvent, systemConfig } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

export interface Hub {
  readonly url: string;
  /** The data directory. */
  readonly directory: string;
  /** Rows of Systole's own tables, for facts that no API shows. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Makes a call of the developer's, with the environment's key. */
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Connects a person by OAuth; the provider's server agrees at once. Returns the user_id. */
  connect(referenceId: string): Promise<string>;
  /** Returns the address of a connect link for the provider. */
  connectLink(referenceId: string): Promise<string>;
  /** Checks our webhooks at the provider now. */
  ensureSubscriptions(): Promise<void>;
  /** Returns the provider as operators see it. */
  shown(): Promise<Record<string, unknown>>;
  /** Systole's notes about its own configuration. */
  readonly notes: readonly string[];
  /** Requests a refresh of a user when nothing of anybody's is under way. */
  refresh(userId: string): Promise<void>;
  /** Requests a refresh of a user. */
  requestRefresh(userId: string): Promise<void>;
  /** Returns a user's records of one type, with samples, between two dates. */
  records<Found>(type: string, asked: { userId: string; from: string; to: string }): Promise<Found[]>;
  /** Returns the events that the developer received, of one type or all. */
  events(type?: string): ReceivedEvent[];
  /** Waits until the newest daily event of each of these days has these steps, for one user or for any. */
  received(steps: Readonly<Record<string, number | null>>, userId?: string): Promise<void>;
  close(): Promise<void>;
}

export async function startHub(provider: Provider, variables: NodeJS.ProcessEnv): Promise<Hub> {
  if (findProvider(provider.slug) === null) addProvider(provider);
  const opened = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-invented-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  opened.defer(() => database.drop());
  const config = await systemConfig(database.connectionString, directory);
  const log = createLogger(process.env.SYSTOLE_LOG_LEVEL ?? "silent");
  const systole = await startSystole(config, log, variables);
  opened.defer(() => systole.close());
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  const query: Hub["query"] = async (text, values = []) => (await pool.query(text, values)).rows;
  opened.defer(() => pool.end());
  const receiver = await startReceiver();
  opened.defer(() => receiver.close());
  const url = systole.publicUrl;
  await addWebhook({ url, sandboxUrl: "", ...credentials }, receiver.url);

  const call: Hub["call"] = async (method, where, body) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { ...keyHeaders, "content-type": "application/json" };
    const answer = await fetch(url + where, { method, headers, ...json });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : { text } };
  };
  const begin = async (referenceId: string) => {
    const where = `/v2/auth/authenticateUser?resource=${provider.name}`;
    const { status, body } = await call("POST", where, { reference_id: referenceId });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return { link: String(body.auth_url), userId: String(body.user_id) };
  };
  const requestRefresh: Hub["requestRefresh"] = async (userId) => {
    const headers = { authorization: `Bearer ${credentials.adminToken}` };
    const answer = await fetch(`${url}/admin/v1/users/${userId}/refresh`, { method: "POST", headers });
    if (!answer.ok) throw new Error(`refreshing ended with ${answer.status}: ${await answer.text()}`);
  };
  const events: Hub["events"] = (type) =>
    eventsOf(receiver).filter(({ body }) => type === undefined || body.type === type);
  return {
    url,
    directory,
    query,
    call,
    connect: async (referenceId) => {
      const { link, userId } = await begin(referenceId);
      const landed = await fetch(link);
      if (!landed.ok) throw new Error(`connecting ended with ${landed.status}: ${await landed.text()}`);
      return userId;
    },
    ensureSubscriptions: () => systole.ensureSubscriptions(),
    shown: async () => {
      const headers = { authorization: `Bearer ${credentials.adminToken}` };
      const answer = await fetch(`${url}/admin/v1/providers`, { headers });
      const { data } = (await answer.json()) as { data: Record<string, unknown>[] };
      return data.find(({ slug }) => slug === provider.slug) ?? {};
    },
    notes: systole.notes,
    connectLink: async (referenceId) => (await begin(referenceId)).link,
    refresh: async (userId) => {
      // A fetch of theirs that is in progress would stand in for the refresh.
      await waitFor("the work under way to end", async () => {
        await hurrySpread({ query }, { userId });
        const open = await query(
          `SELECT FROM fetch_tasks WHERE state = 'accepted' AND (user_id = $1 OR provider_user_id =
             (SELECT provider_user_id FROM connections WHERE user_id = $1))`,
          [userId],
        );
        return open.length === 0;
      });
      await requestRefresh(userId);
    },
    requestRefresh,
    async records<Found>(type: string, { userId, from, to }: { userId: string; from: string; to: string }) {
      const query = `user_id=${userId}&start_date=${from}&end_date=${to}&to_webhook=false&with_samples=true`;
      const { status, body } = await call("GET", `/v2/${type}?${query}`);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return (body.data ?? []) as Found[];
    },
    events,
    received: async (steps, userId) => {
      const isTheirs = ({ body }: ReceivedEvent) => userId === undefined || body.user?.user_id === userId;
      await waitFor("the days", () => {
        const got = newestSteps(events("daily").filter(isTheirs));
        return Object.entries(steps).every(([day, count]) => got.has(day) && got.get(day) === count);
      });
    },
    close: () => opened.disposeAsync(),
  };
}

interface DailyData {
  readonly metadata: { readonly start_time: string };
  readonly distance_data: { readonly steps: number | null };
}

/** Returns the newest steps of each day. Events come in any order; their revision says which is the newest. */
function newestSteps(events: readonly ReceivedEvent[]): Map<string, number | null> {
  const newest = new Map<string, { revision: number; steps: number | null }>();
  for (const { headers, body } of events) {
    for (const item of (body.data ?? []) as unknown as DailyData[]) {
      const day = item.metadata.start_time.slice(0, 10);
      const revision = Number(headers["x-systole-revision"] ?? 0);
      if (revision >= (newest.get(day)?.revision ?? 0)) {
        newest.set(day, { revision, steps: item.distance_data.steps });
      }
    }
  }
  return new Map([...newest].map(([day, { steps }]) => [day, steps]));
}

/** Returns the day so many days ago, in UTC. */
export const daysAgo = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
