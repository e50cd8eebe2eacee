/**
 * Polar's v4: a day of one person, of v4 alone at one look and with v3's notifications; and a day of beat-to-beat
 * intervals (PPI), the largest body that Polar has. The floor of a day is a bare loop that makes the same requests one
 * after the other, parses each answer and inserts its bytes; that of the memory is the same day with an hour of PPI.
 */
import pg from "pg";
import { call, connectPerson, type DemoPerson, json, newSandboxUser } from "../src/demo/person.ts";
import type { Bench } from "./support/benchmark.ts";
import type { Result } from "./support/report.ts";
import { compare } from "./support/rounds.ts";
import { openEmptySystem, type System, sandboxClient } from "./support/test-bed.ts";
import { untilFetched } from "./sync.ts";

const mebibyte = 1_024 ** 2;
const benchmark = "polar-v4";
const bare = "the same requests one by one, each answer parsed and inserted";

interface Scene extends System {
  readonly pool: pg.Pool;
}

export async function benchPolarV4(bench: Bench): Promise<Result[]> {
  return [await benchDay(bench, "v4"), await benchDay(bench, "both"), ...(await benchPpi(bench))];
}

async function benchDay(bench: Bench, apis: "v4" | "both"): Promise<Result> {
  await using opened = new AsyncDisposableStack();
  const scene = await openScene(bench, opened, apis);
  const { ours, paths } = await bringIn(scene, apis);
  const floor = await askBare(scene, paths);
  const how = apis === "v4" ? "v4 alone, one look" : "v4 with v3's notifications";
  const ofV4 = paths.filter((path) => path.startsWith("/v4/")).length;
  bench.progress(`${how}: ${paths.length} requests, ${ofV4} of them to v4`);
  const what = `a day, ${how}: ${paths.length} requests`;
  return { benchmark, what, unit: "ms", ...compare([{ ours, floor }], "lower"), against: bare };
}

async function benchPpi(bench: Bench): Promise<Result[]> {
  const hour = await ppi(bench, "hour");
  const day = await ppi(bench, "day");
  bench.progress(`PPI: a day ${Math.round(day.peak)} MiB, an hour ${Math.round(hour.peak)} MiB at most`);
  const time = compare([{ ours: day.ours, floor: day.floor }], "lower");
  const peak = compare([{ ours: day.peak, floor: hour.peak }], "lower");
  return [
    { benchmark, what: "a day of PPI, fetched to record", unit: "ms", ...time, against: bare },
    { benchmark, what: "peak, a day of PPI", unit: "MiB", ...peak, against: "the same with an hour" },
  ];
}

async function ppi(bench: Bench, hours: "hour" | "day") {
  await using opened = new AsyncDisposableStack();
  const scene = await openScene(bench, opened, "v4");
  await sandbox(scene, "PUT", "/_sandbox/v4/switches", { ppi_hours: hours });
  const { ours, paths } = await bringIn(scene, "v4", ["v4-ppi-samples"]);
  const floor = await askBare(scene, paths);
  return { ours, floor, peak: (await scene.systole.memory()).peakBytes / mebibyte };
}

/** Starts a Systole with a connected person without data, whose history is known. */
async function openScene(
  { openTestBed }: Bench,
  opened: AsyncDisposableStack,
  apis: "v4" | "both",
): Promise<Scene> {
  const empty = await openEmptySystem(await openTestBed(), opened);
  const pool = new pg.Pool({ connectionString: empty.databaseUrl, max: 2 });
  opened.defer(() => pool.end());
  if (apis === "v4") {
    const refusing = { v3_accepts_v4_token: "never", v3_registers_v4_token: false };
    await sandbox(empty, "PUT", "/_sandbox/v4/switches", refusing);
  }
  const person = await connectPerson(empty.server, benchmark, await newSandboxUser(empty.server));
  // The history of somebody without data is some hundred empty answers, a second each.
  await pool.query("UPDATE coverage SET days = '{[2000-01-01,2100-01-01)}', asked_until = now()");
  await pool.query(
    "UPDATE fetch_tasks SET state = 'done', finished_at = now() WHERE state = 'accepted' AND priority = 0",
  );
  await untilFetched(pool);
  return { ...empty, person, pool };
}

/**
 * Lets the watch sync a day, and returns the time until all of it is fetched, with the requests. Without notifications,
 * the person is looked at once, or only these resources of theirs.
 */
async function bringIn(scene: Scene, apis: "v4" | "both", resources?: readonly string[]) {
  const { server, person, pool } = scene;
  if (resources !== undefined)
    await pool.query("DELETE FROM coverage WHERE resource <> ALL($1)", [[...resources]]);
  await sandbox(scene, "DELETE", "/_sandbox/requests");
  const began = performance.now();
  await sandbox(scene, "POST", `/_sandbox/users/${person.sandboxUserId}/generate`, {
    days: 1,
    seed: 1,
    apis,
  });
  if (apis === "v4") {
    const headers = { authorization: `Bearer ${server.adminToken}` };
    await call(`${server.url}/admin/v1/users/${person.userId}/refresh`, json("POST", {}, headers));
  }
  await untilFetched(pool);
  const ours = performance.now() - began;
  return { ours, paths: await requestsOf(scene, person) };
}

async function sandbox({ server }: Pick<System, "server">, method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : json(method, body);
  const answer = await fetch(server.sandboxUrl + path, init);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Returns the requests made and answered with the person's token. */
async function requestsOf(scene: Scene, { sandboxUserId }: DemoPerson): Promise<string[]> {
  const { requests } = (await (await sandbox(scene, "GET", "/_sandbox/requests")).json()) as {
    requests: { method: string; path: string; user_id: number | null }[];
  };
  return requests
    .filter(({ method, user_id }) => method === "GET" && String(user_id) === sandboxUserId)
    .map(({ path }) => path);
}

/** The loop: returns milliseconds for requesting, parsing and inserting, one after the other. */
async function askBare(scene: Scene, paths: readonly string[]): Promise<number> {
  const token = await tokenOf(scene);
  await scene.pool.query("CREATE TABLE bare (path text, body bytea)");
  const began = performance.now();
  for (const path of paths) {
    const headers = { authorization: `Bearer ${token}`, accept: "*/*" };
    const answer = await fetch(scene.server.sandboxUrl + path, { headers });
    const body = Buffer.from(await answer.arrayBuffer());
    if (answer.headers.get("content-type")?.includes("json")) JSON.parse(body.toString());
    await scene.pool.query("INSERT INTO bare VALUES ($1, $2)", [path, body]);
  }
  return performance.now() - began;
}

const scopes = [
  ...["activity", "calendar", "continuous_samples", "devices", "nightly_recharge", "ppi_data", "profile"],
  ...["routes", "skin_contact", "sleep", "sports", "temperature_measurement", "tests", "training_sessions"],
  ...["training_targets", "user_subscription"],
];

/** Returns a token of v4 for the loop, granted as Polar grants one; v3 takes it too where it was registered. */
async function tokenOf({ server, person }: Scene): Promise<string> {
  const redirect = "http://127.0.0.1/back";
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: sandboxClient.id,
    redirect_uri: redirect,
    scope: scopes.map((scope) => `${scope}:read`).join(" "),
    sandbox_user: person.sandboxUserId,
  });
  const consent = await fetch(`${server.sandboxUrl}/oauth/authorize?${asked}`, { redirect: "manual" });
  const code = new URL(consent.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const credentials = Buffer.from(`${sandboxClient.id}:${sandboxClient.secret}`).toString("base64");
  const { access_token } = await call<{ access_token: string }>(`${server.sandboxUrl}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: redirect }),
  });
  return access_token;
}
