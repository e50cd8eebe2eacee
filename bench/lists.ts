/**
 * The lists of the dashboard: the 95th percentile of each at 100,000 people and a million deliveries, or as many as a
 * part says (`lists:10000000`). The floor is the same list at 1,000 people and 10,000 deliveries: the cost of a page
 * should not grow with what lies behind it.
 */
import { type Kysely, sql } from "kysely";
import { openDatabase } from "../src/store/database.ts";
import type { Tables } from "../src/store/tables.ts";
import { credentials } from "../test/support/system.ts";
import type { Bench } from "./support/benchmark.ts";
import type { Result } from "./support/report.ts";
import { compare, quantile, takeTurns } from "./support/rounds.ts";
import type { TestBed } from "./support/test-bed.ts";

const people = 100_000;
const usualDeliveries = 1_000_000;
const small = { people: 1_000, deliveries: 10_000 };
const rounds = 5;
const perRound = 40;
const aim = 1.5;
/** Rows. */
const twoPages = 200;

interface Filled {
  readonly url: string;
  /** The id of a user with events. */
  readonly userId: string;
  /** The deliveries of the rare type go there, the others to the busy one. */
  readonly destinationId: string;
  readonly busyId: string;
}

/** Paths below /admin/v1. */
const lists: Readonly<Record<string, (filled: Filled) => string>> = {
  people: () => "/people",
  "people by reference": () => "/people?search=person-7",
  "people in trouble": () => "/people?state=trouble",
  events: () => "/events",
  "events of a rare type": () => "/events?types=athlete",
  "events of a reference": () => "/events?reference_id=person-5",
  "events given up": () => "/events?outcome=dead",
  "events that were sent nowhere": () => "/events?outcome=none",
  "events of a person": ({ userId }) => `/events?user_id=${userId}`,
  deliveries: () => "/deliveries",
  "deliveries given up": () => "/deliveries?states=dead",
  "deliveries to a quiet destination": ({ destinationId }) => `/deliveries?destination_id=${destinationId}`,
  "deliveries of a rare type": () => "/deliveries?types=athlete",
  "deliveries of a person": ({ userId }) => `/deliveries?user_id=${userId}`,
  "dead letters": () => "/dead-letters",
  "statistics of a quiet destination": ({ destinationId }) => `/destinations/${destinationId}/stats`,
  "statistics of a busy destination": ({ busyId }) => `/destinations/${busyId}/stats`,
};

export async function benchLists({ openTestBed, parts, progress }: Bench): Promise<Result[]> {
  await using opened = new AsyncDisposableStack();
  const testBed = await openTestBed();
  const large = { people, deliveries: Number(parts[0] ?? usualDeliveries) };
  progress(`filling ${large.people} people and ${large.deliveries} deliveries`);
  const ours = await openFilled(testBed, large, opened);
  const floor = await openFilled(testBed, small, opened);
  const results: Result[] = [];
  for (const [what, path] of Object.entries(lists)) {
    progress(`${rounds} rounds of ${perRound}: ${what}`);
    const turns = await takeTurns(
      rounds,
      () => p95(ours, path),
      () => p95(floor, path),
    );
    const against = `p95 at ${small.people} people and ${small.deliveries} deliveries`;
    results.push({ benchmark: "lists", what, unit: "ms", ...compare(turns, "lower"), against, aim });
  }
  return results;
}

async function p95({ url, ...filled }: Filled, path: (filled: Filled) => string): Promise<number> {
  const headers = { authorization: `Bearer ${credentials.adminToken}` };
  const times: number[] = [];
  for (let request = 0; request < perRound; request++) {
    const start = performance.now();
    const answer = await fetch(`${url}/admin/v1${path({ url, ...filled })}`, { headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path({ url, ...filled })} answered ${answer.status}: ${text}`);
    times.push(performance.now() - start);
  }
  return quantile(
    times.sort((a, b) => a - b),
    0.95,
  );
}

async function openFilled(
  testBed: TestBed,
  size: typeof small,
  opened: AsyncDisposableStack,
): Promise<Filled> {
  const databaseUrl = await testBed.createDatabase();
  const systole = await testBed.startSystole(databaseUrl, { SYSTOLE_ROLES: "api" });
  opened.defer(() => systole.stop());
  const database = await openDatabase(databaseUrl);
  try {
    const destinationId = await newWebhook(systole.url);
    const busyId = await newWebhook(systole.url);
    const userId = await fill(database.db, size, { quietId: destinationId, busyId });
    return { url: systole.url, destinationId, busyId, userId };
  } finally {
    await database.close();
  }
}

async function newWebhook(url: string): Promise<string> {
  const headers = { authorization: `Bearer ${credentials.adminToken}`, "content-type": "application/json" };
  const body = JSON.stringify({ kind: "webhook", settings: { url: "https://receiver.example/" } });
  const answer = await fetch(`${url}/admin/v1/destinations`, { method: "POST", headers, body });
  return ((await answer.json()) as { id: string }).id;
}

/**
 * Returns somebody with events. Every hundredth person is in trouble. Every thousandth delivery is given up and every
 * 5,000th event of a rare type, or as many as fill two pages: pages of both sizes then have the same number of rows.
 */
async function fill(
  db: Kysely<Tables>,
  { people, deliveries }: typeof small,
  { quietId, busyId }: { readonly quietId: string; readonly busyId: string },
): Promise<string> {
  const environment = await db.selectFrom("environments").select("environment_id").executeTakeFirstOrThrow();
  const own = sql`${environment.environment_id}::uuid`;
  const rare = sql.lit(Math.min(5_000, deliveries / twoPages));
  const dead = sql.lit(Math.min(1_000, deliveries / twoPages));
  const user = (n: ReturnType<typeof sql>) => sql`md5('user ' || ${n})::uuid`;
  const n = sql`n`;
  await sql`INSERT INTO connections (environment_id, user_id, provider, provider_user_id, reference_id, state,
      grant_sealed, error_code, created_at)
    SELECT ${own}, ${user(n)}, 'polar', n::text, 'person-' || n, 'active', '',
      CASE WHEN n % 100 = 0 THEN 'PROVIDER_UNAVAILABLE' END, now() - n * interval '1 second'
    FROM generate_series(1, ${people}::int) n`.execute(db);
  // Over the last six days, by the time that an id begins with.
  const step = (6 * 24 * 3_600_000) / deliveries;
  const id = (salt: string) => sql`(lpad(to_hex((extract(epoch FROM now()) * 1000
    - (${deliveries} - n) * ${step}::float8)::bigint), 12, '0') || '7'
    || substr(md5(${salt} || n), 1, 3) || '8' || substr(md5(${salt} || n), 4, 15))::uuid`;
  const busy = sql`${busyId}::uuid`;
  const quiet = sql`${quietId}::uuid`;
  await sql`INSERT INTO events (environment_id, event_id, type, user_id, reference_id, provider, records, reference,
      trace_id, body, body_bytes, created_at)
    SELECT ${own}, ${id("event")}, CASE WHEN n % ${rare} = 0 THEN 'athlete' ELSE 'daily' END,
      ${user(sql`(n % ${people} + 1)`)}, 'person-' || n % ${people} + 1, 'polar', '[]', 'r', 't', '', 0, now()
    FROM generate_series(1, ${deliveries}::int) n`.execute(db);
  await sql`INSERT INTO deliveries (environment_id, delivery_id, event_id, destination_id, state, attempts, created_at,
      finished_at)
    SELECT ${own}, ${id("delivery")}, ${id("event")}, CASE WHEN n % ${rare} = 0 THEN ${quiet} ELSE ${busy} END,
      CASE WHEN n % ${dead} = 1 THEN 'dead' ELSE 'delivered' END, 1, now(), now()
    FROM generate_series(1, ${deliveries}::int) n`.execute(db);
  await sql`INSERT INTO attempts (environment_id, attempt_id, delivery_id, event_id, destination_id, number, started_at,
      duration_ms, outcome)
    SELECT ${own}, ${id("attempt")}, ${id("delivery")}, ${id("event")},
      CASE WHEN n % ${rare} = 0 THEN ${quiet} ELSE ${busy} END, 1, now(), n % 500, 'delivered'
    FROM generate_series(1, ${deliveries}::int) n`.execute(db);
  await sql`VACUUM ANALYZE connections, events, deliveries, attempts`.execute(db);
  const { rows } = await sql<{ id: string }>`SELECT ${user(sql`5`)}::text AS id`.execute(db);
  return rows[0]?.id ?? "";
}
