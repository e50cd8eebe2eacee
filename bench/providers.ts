/**
 * 28 days of one person at each provider, from the moment the person connects until everything of those days is
 * stored. The floor is a bare loop that makes the same requests one after the other, parses each answer and inserts its
 * bytes; for a provider that pushes, it parses and inserts the bodies that were pushed.
 */
import pg from "pg";
import {
  connectByKey,
  connectPerson,
  connectPhone,
  type DemoPerson,
  type DemoServer,
  newSandboxUser,
  syncWatch,
} from "../src/demo/person.ts";
import type { SandboxDemo } from "../src/sandbox/contract.ts";
import { sandboxPlugins } from "../src/sandbox/registry.gen.ts";
import { connectionIdOf } from "../src/store/connections.ts";
import { openGrants } from "../src/store/grants.ts";
import { readRawPayload } from "../src/store/raw-payloads.ts";
import type { Store } from "../src/store/store.ts";
import { credentials } from "../test/support/system.ts";
import { waitFor } from "../test/support/wait.ts";
import type { Bench } from "./support/benchmark.ts";
import { startChild } from "./support/child.ts";
import type { Result } from "./support/report.ts";
import { compare } from "./support/rounds.ts";
import { countRows } from "./sync.ts";

const days = 28;
const dayMs = 86_400_000;
const timeoutMs = 20 * 60_000;

/** Without its pause of a second between two calls, which would be nearly all of the time. */
const unpaced: Readonly<Record<string, { readonly env: Record<string, string>; readonly limits: object }>> = {
  garmin: {
    env: { GARMIN_CALL_INTERVAL_MS: "0" },
    limits: { parallel: 100, perSecond: 100_000, burst: 100_000 },
  },
};

/** One provider with a person who has 28 days of data, and a Systole that knows this provider only. */
interface Scene {
  readonly slug: string;
  readonly demo: SandboxDemo;
  readonly server: DemoServer;
  /** The base of the provider's paths. */
  readonly api: string;
  readonly store: Store;
  readonly pool: pg.Pool;
}

export async function benchProviders(bench: Bench): Promise<Result[]> {
  const results: Result[] = [];
  for (const { slug, demo } of sandboxPlugins) {
    if (demo === undefined || (bench.parts.length > 0 && !bench.parts.includes(slug))) continue;
    results.push(await benchProvider(bench, slug, demo));
  }
  return results;
}

async function benchProvider(bench: Bench, slug: string, demo: SandboxDemo): Promise<Result> {
  await using opened = new AsyncDisposableStack();
  const scene = await openScene(bench, { slug, demo }, opened);
  const before = await countRows(scene.pool);
  const began = performance.now();
  const person = await (demo.connecting === "token" ? pushed(scene) : fetched(scene));
  const ours = performance.now() - began;
  const rows = (await countRows(scene.pool)) - before;
  const paths = demo.connecting === "token" ? [] : await requestsOf(scene, person);
  const bodies = demo.connecting === "token" ? await pushedBodies(scene) : [];
  const calls = demo.connecting === "token" ? `${bodies.length} pushes` : `${paths.length} requests`;
  bench.progress(`${slug}: ${Math.round(ours)} ms, ${calls}, ${rows} rows`);
  await scene.pool.query("CREATE TABLE bare (path text, body bytea)");
  const floor = await (bodies.length > 0 ? storeBare(scene, bodies) : askBare(scene, person, paths));
  const what = `${days} days of one person at ${slug}: ${calls}, ${rows} rows`;
  const against =
    bodies.length > 0
      ? "the same bodies parsed and inserted"
      : "the same requests one by one, each answer parsed and inserted";
  return { benchmark: "providers", what, unit: "ms", ...compare([{ ours, floor }], "lower"), against };
}

async function openScene(
  { openTestBed }: Bench,
  { slug, demo }: Pick<Scene, "slug" | "demo">,
  opened: AsyncDisposableStack,
): Promise<Scene> {
  const testBed = await openTestBed();
  const sandboxes = await startChild("sandboxes");
  opened.defer(() => sandboxes.stop());
  const prefix = `${slug.toUpperCase()}_`;
  const variables = Object.entries(sandboxes.variables).filter(([name]) => name.startsWith(prefix));
  const databaseUrl = await testBed.createDatabase();
  const env = { ...Object.fromEntries(variables), ...unpaced[slug]?.env };
  const systole = await testBed.startSystole(databaseUrl, env);
  opened.defer(() => systole.stop());
  const store = await testBed.openStore(databaseUrl, opened);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  opened.defer(() => pool.end());
  const server = { ...credentials, url: systole.url, sandboxUrl: sandboxes.url, provider: slug };
  const scene = { slug, demo, server, api: sandboxes.variables[`${prefix}API_URL`] ?? "", store, pool };
  const limits = unpaced[slug]?.limits;
  if (limits !== undefined) await control(scene, "PUT", "/limits", limits);
  return scene;
}

/** Has a person connect whose data is there already. */
async function fetched(scene: Scene): Promise<DemoPerson> {
  const { server, demo, pool } = scene;
  const sandboxUserId = await newSandboxUser(server);
  await syncWatch(server, { sandboxUserId }, days);
  const connect = demo.connecting === "key" ? connectByKey : connectPerson;
  const person = await connect(server, "bench", sandboxUserId);
  await waitFor("the first look", () => isPlanned(pool));
  await leaveOutEarlier(pool);
  await untilQuiet(pool);
  return person;
}

async function pushed({ server, pool }: Scene): Promise<DemoPerson> {
  const person = await connectPhone(server, "bench");
  await syncWatch(server, person, days);
  await untilQuiet(pool);
  return person;
}

const isPlanned = async (pool: pg.Pool): Promise<boolean> =>
  (await pool.query("SELECT FROM fetch_tasks WHERE kind = 'connect'")).rows.length > 0;

/** Notes earlier days as known, so that no later step of the history plans them, and ends the tasks for nothing else. */
async function leaveOutEarlier(pool: pg.Pool): Promise<void> {
  const first = new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
  await pool.query("UPDATE coverage SET days = days + datemultirange(daterange('1970-01-01', $1))", [first]);
  await pool.query(
    `UPDATE fetch_tasks SET state = 'done'
     WHERE kind = 'backfill' AND state = 'accepted' AND NOT EXISTS (
       SELECT FROM jsonb_array_elements(fetches) AS one WHERE one->'covers'->>'to' >= $1)`,
    [first],
  );
}

/** Resolves when nothing is left to fetch, to store or to make, except what is repeated later. */
async function untilQuiet(pool: pg.Pool): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    const { rows } = await pool.query(
      `SELECT FROM fetch_tasks WHERE state = 'accepted' AND kind IN ('connect', 'backfill')
       UNION ALL SELECT FROM pgboss.job WHERE state = 'active'
         OR (state IN ('created', 'retry') AND start_after <= now()) LIMIT 1`,
    );
    return rows.length === 0;
  };
  await waitFor("everything to be stored", isQuiet, timeoutMs);
}

async function control(scene: Scene, method: string, path: string, body?: object): Promise<unknown> {
  const url = `${scene.server.sandboxUrl}/_sandbox/${scene.slug}${path}`;
  const answer = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}`);
  return answer.json();
}

/** Returns the requests that were made with the person's token. */
async function requestsOf(scene: Scene, { sandboxUserId }: DemoPerson): Promise<string[]> {
  const { requests } = (await control(scene, "GET", "/requests")) as {
    requests: { method: string; path: string; user_id: number | string | null }[];
  };
  return requests
    .filter(({ method, user_id }) => method === "GET" && String(user_id) === sandboxUserId)
    .map(({ path }) => path);
}

async function askBare({ api, store, pool }: Scene, { userId }: DemoPerson, paths: readonly string[]) {
  const token = await tokenOf(store, userId);
  const began = performance.now();
  for (const path of paths) {
    const answer = await fetch(api + path, { headers: { authorization: `Bearer ${token}`, accept: "*/*" } });
    await insertBare(pool, path, Buffer.from(await answer.arrayBuffer()), answer.headers.get("content-type"));
  }
  return performance.now() - began;
}

async function storeBare({ pool }: Scene, bodies: readonly Buffer[]): Promise<number> {
  const began = performance.now();
  for (const body of bodies) await insertBare(pool, "pushed", body, "application/json");
  return performance.now() - began;
}

async function insertBare(pool: pg.Pool, path: string, body: Buffer, type: string | null): Promise<void> {
  if (type?.includes("json") && body.length > 0) JSON.parse(body.toString());
  await pool.query("INSERT INTO bare VALUES ($1, $2)", [path, body]);
}

async function pushedBodies({ store }: Scene): Promise<Buffer[]> {
  const payloads = await store.db
    .selectFrom("raw_payloads")
    .select(["environment_id", "user_id", "raw_payload_id"])
    .execute();
  const bodies = payloads.map((one) => readRawPayload(store, connectionIdOf(one), one.raw_payload_id));
  return (await Promise.all(bodies)).filter((body) => body !== null);
}

/** Returns the token that Systole holds for the person. */
async function tokenOf(store: Store, userId: string): Promise<string> {
  const connection = await store.db
    .selectFrom("connections")
    .selectAll()
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  const id = { environmentId: connection.environment_id, userId };
  const [grant] = openGrants(store.keyRing, id, connection.grant_sealed ?? Buffer.alloc(0));
  return grant?.accessToken ?? "";
}
