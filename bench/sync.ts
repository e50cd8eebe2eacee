/**
 * A person's data coming in: 28 days that a watch syncs at once, and the backfill of a year. The floor of the
 * first is a bare loop that makes the same requests one after the other, parses each answer and inserts its
 * bytes; that of the second is the memory of a backfill of 28 days.
 */
import pg from "pg";
import { connectPerson, newSandboxUser, syncWatch } from "../src/demo/person.ts";
import { waitFor } from "../test/support/wait.ts";
import type { Bench } from "./support/benchmark.ts";
import type { Result } from "./support/report.ts";
import { compare } from "./support/rounds.ts";
import { openEmptySystem, openSystem, type System, sandboxClient } from "./support/test-bed.ts";

const days = 28;
const year = 365;
const mebibyte = 1_024 ** 2;
const timeoutMs = 20 * 60_000;

export async function benchSync(bench: Bench): Promise<Result[]> {
  return [await benchWeeks(bench), await benchYear(bench)];
}

async function benchWeeks({ openTestBed, progress }: Bench): Promise<Result> {
  await using opened = new AsyncDisposableStack();
  const system = await openSystem(await openTestBed(), opened);
  const pool = openPool(system, opened);
  await untilFetched(pool);
  await forgetRequests(system);
  const before = await countRows(pool);
  const began = performance.now();
  await syncWatch(system.server, system.person, days);
  await untilFetched(pool);
  const ours = performance.now() - began;
  const paths = await requestsOf(system);
  const rows = (await countRows(pool)) - before;
  progress(`${days} days took ${paths.length} requests and made ${rows} rows`);
  const floor = await askBare(system, pool, paths);
  const what = `${days} days of one person: ${paths.length} requests, ${rows} rows`;
  const against = "the same requests one by one, each answer parsed and inserted";
  return { benchmark: "sync", what, unit: "ms", ...compare([{ ours, floor }], "lower"), against };
}

async function benchYear(bench: Bench): Promise<Result> {
  const peak = async (length: number): Promise<number> => {
    bench.progress(`the backfill of ${length} days`);
    return (await backfill(bench, length)) / mebibyte;
  };
  const once = [{ floor: await peak(days), ours: await peak(year) }];
  const what = `peak, backfill of ${year} days`;
  return {
    benchmark: "sync",
    what,
    unit: "MiB",
    ...compare(once, "lower"),
    aim: 1.25,
    against: `the same with ${days} days`,
  };
}

/** Returns the peak memory of a Systole after a person with this many days of data was connected. */
async function backfill({ openTestBed }: Bench, length: number): Promise<number> {
  await using opened = new AsyncDisposableStack();
  const system = await openEmptySystem(await openTestBed(), opened);
  const pool = openPool(system, opened);
  const sandboxUserId = await newSandboxUser(system.server);
  await syncWatch(system.server, { sandboxUserId }, length);
  await connectPerson(system.server, "bench", sandboxUserId);
  await untilFetched(pool);
  return (await system.systole.memory()).peakBytes;
}

function openPool({ databaseUrl }: Pick<System, "databaseUrl">, opened: AsyncDisposableStack): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  opened.defer(() => pool.end());
  return pool;
}

/** Resolves when nothing is left to fetch except repeated looks later. */
export async function untilFetched(pool: pg.Pool): Promise<void> {
  const quiet = async (): Promise<boolean> => {
    const { rows } = await pool.query(
      `SELECT 1 FROM fetch_tasks WHERE state = 'accepted' AND (next_attempt_at IS NULL OR next_attempt_at <= now())
       UNION ALL SELECT 1 FROM pgboss.job WHERE name = 'ingest' AND (state = 'active'
         OR (state IN ('created', 'retry') AND start_after <= now())) LIMIT 1`,
    );
    return rows.length === 0;
  };
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await waitFor("everything to be fetched", quiet, timeoutMs);
}

/** Returns how many raw payloads, records and events there are. */
export async function countRows(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*) FROM raw_payloads) + (SELECT count(*) FROM records)
       + (SELECT count(*) FROM events) AS rows`,
  );
  return Number(rows[0].rows);
}

async function forgetRequests({ server }: Pick<System, "server">): Promise<void> {
  const answer = await fetch(`${server.sandboxUrl}/_sandbox/requests`, { method: "DELETE" });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}`);
}

/** Returns the requests made and answered with the person's token. */
async function requestsOf({ server, person }: System): Promise<string[]> {
  const answer = await fetch(`${server.sandboxUrl}/_sandbox/requests`);
  const { requests } = (await answer.json()) as {
    requests: { method: string; path: string; status: number; user_id: number | null }[];
  };
  return requests
    .filter(({ method, user_id }) => method === "GET" && String(user_id) === person.sandboxUserId)
    .map(({ path }) => path);
}

/** The loop: returns milliseconds for requesting, parsing and inserting, one after the other. */
async function askBare({ server, person }: System, pool: pg.Pool, paths: readonly string[]): Promise<number> {
  const token = await tokenOf(server.sandboxUrl, person.sandboxUserId);
  await pool.query("CREATE TABLE bare (path text, body bytea)");
  const began = performance.now();
  for (const path of paths) {
    const answer = await fetch(server.sandboxUrl + path, {
      headers: { authorization: `Bearer ${token}`, accept: "*/*" },
    });
    const body = Buffer.from(await answer.arrayBuffer());
    if (answer.headers.get("content-type")?.includes("json")) JSON.parse(body.toString());
    await pool.query("INSERT INTO bare VALUES ($1, $2)", [path, body]);
  }
  return performance.now() - began;
}

/** Returns a token for the loop, granted as Polar grants one. */
async function tokenOf(sandboxUrl: string, sandboxUserId: string): Promise<string> {
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: sandboxClient.id,
    redirect_uri: "http://127.0.0.1/back",
    sandbox_user: sandboxUserId,
  });
  const consent = await fetch(`${sandboxUrl}/oauth2/authorization?${asked}`, { redirect: "manual" });
  const code = new URL(consent.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const credentials = Buffer.from(`${sandboxClient.id}:${sandboxClient.secret}`).toString("base64");
  const answer = await fetch(`${sandboxUrl}/v2/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: "http://127.0.0.1/back",
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
