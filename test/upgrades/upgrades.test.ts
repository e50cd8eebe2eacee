/** The database of each released version becomes one of this version, and the work that was under way in it is done. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/store/database.ts";
import { newId } from "../../src/store/identifiers.ts";
import { migrations } from "../../src/store/migrate.ts";
import { Queue } from "../../src/store/queue.ts";
import { type Systole, startSystole } from "../../src/systole.ts";
import { createLogger } from "../../src/telemetry/log.ts";
import { createStoreDatabase, createTestDatabase } from "../support/database.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { credentials, eventsOf, keyHeaders } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";
import { asOfNow } from "./as-of-now.ts";
import { keptVersions, readKept } from "./kept.ts";
import { startKeptProvider } from "./provider.ts";

/** What makes a schema: columns, indexes and constraints of all tables but the partitions, which follow their table. */
const schema = `
  WITH tables AS (
    SELECT c.oid, c.oid::regclass::text AS name FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
  )
  SELECT name, 'column ' || attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') AS part
  FROM tables JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  UNION ALL SELECT name, pg_get_indexdef(indexrelid) FROM tables JOIN pg_index ON indrelid = oid
  UNION ALL SELECT name, pg_get_constraintdef(c.oid) FROM tables JOIN pg_constraint c ON conrelid = tables.oid
    WHERE contype <> 'n'
  UNION ALL SELECT name, pg_get_triggerdef(t.oid) FROM tables JOIN pg_trigger t ON tgrelid = tables.oid
    WHERE NOT tgisinternal
  ORDER BY 1, 2`;

/** Longer than partitions are kept. */
const olderMs = 100 * 24 * 3_600_000;

const opened = new AsyncDisposableStack();
afterAll(() => opened.disposeAsync());

async function newDatabase(create = createTestDatabase): Promise<{ url: string; pool: pg.Pool }> {
  const database = await create();
  opened.defer(() => database.drop());
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  opened.defer(() => pool.end());
  return { url: database.connectionString, pool };
}

it("there is a database to begin with", () => {
  expect(keptVersions()).toContain("0.1.0");
});

it("a kept database can be read at any later time", () => {
  const [kept, now] = [new Date("2026-11-30T01:00:00Z"), new Date("2028-02-03T04:00:00Z")];
  const [environment, event] = [newId(), newId()];
  const sql = [
    "ATTACH PARTITION public.events_20261130 FOR VALUES FROM ('019ad3c6-c800-0000-0000-000000000000')",
    `INSERT INTO public.events_20261130 VALUES ('${environment}', '${event}', '2026-11-30 00:59:00.25+00', '2026-11-29')`,
    `INSERT INTO pgboss.job_common VALUES ('{"of": "${event}"}', 'a_20261130')`,
  ].join("\n");
  const moved = asOfNow(` ${sql}`, kept, now).split("\n");
  const madeAt = (uuid = ""): number => Number.parseInt(uuid.replace("-", "").slice(0, 12), 16);
  const [, from, id = ""] = /'(.{36})'.*\n.*?, '(.{36})'/.exec(moved.join("\n")) ?? [];
  const weeks = 61 * 7 * 24 * 3_600_000;
  expect(madeAt(from) - madeAt("019ad3c6-c800")).toBe(weeks);
  expect([id.slice(14), madeAt(id) - madeAt(event)]).toEqual([event.slice(14), weeks]);
  expect(moved).toEqual([
    ` ATTACH PARTITION public.events_20280131 FOR VALUES FROM ('${from}')`,
    `INSERT INTO public.events_20280131 VALUES ('${environment}', '${id}', '2028-02-03 03:59:00.250+00', '2026-11-29')`,
    `INSERT INTO pgboss.job_common VALUES ('{"of": "${id}"}', 'a_20261130')`,
  ]);
});

describe.each(keptVersions())("a database of %s", (version) => {
  const { scene, sql } = readKept(version);
  let pool: pg.Pool;
  let systole: Systole;
  let receiver: Receiver;
  const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;

  beforeAll(async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), "systole-upgrade-"));
    opened.defer(() => rm(directory, { recursive: true, force: true }));
    const database = await newDatabase();
    ({ pool } = database);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // As if it were older, so that a test of later days is run from the first on.
    const long = new Date(Date.parse(scene.keptAt) - olderMs);
    await client.query(asOfNow(asOfNow(sql, new Date(scene.keptAt), long), long, new Date()));
    await client.end();
    const provider = await startKeptProvider(scene.openExercises);
    opened.defer(() => provider.close());
    receiver = await startReceiver();
    opened.defer(() => receiver.close());
    const env = {
      DATABASE_URL: database.url,
      SYSTOLE_DATA_DIR: directory,
      SYSTOLE_SECRET_KEY: scene.secretKey,
      SYSTOLE_PORT: "0",
      SYSTOLE_DEV_ID: credentials.devId,
      SYSTOLE_API_KEY: credentials.apiKey,
      SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
      SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
      POLAR_CLIENT_ID: "kept",
      POLAR_CLIENT_SECRET: "kept",
      POLAR_API_URL: provider.url,
      POLAR_TOKEN_URL: `${provider.url}/token`,
      POLAR_V4_API_URL: provider.url,
      POLAR_V4_TOKEN_URL: `${provider.url}/token`,
    };
    systole = await startSystole(
      loadConfig(env),
      createLogger(process.env.SYSTOLE_LOG_LEVEL ?? "silent"),
      env,
    );
    opened.defer(() => systole.close());
    // The address of the receiver of that time is nobody's any more.
    const patched = await fetch(`${systole.url}/admin/v1/destinations/${await destinationId()}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${credentials.adminToken}`, "content-type": "application/json" },
      body: JSON.stringify({ settings: { url: receiver.url }, active: true }),
    });
    expect(patched.status, await patched.text()).toBe(200);
  });

  const destinationId = async (): Promise<string> =>
    (await query<{ id: string }>("SELECT destination_id AS id FROM destinations"))[0]?.id ?? "";

  it("gets the schema that a new one has", async () => {
    const fresh = await newDatabase(createStoreDatabase);
    await (await openDatabase(fresh.url)).close();
    await (await Queue.open(fresh.url, () => {})).close();
    const parts = async (database: pg.Pool): Promise<string[]> =>
      (await database.query<{ name: string; part: string }>(schema)).rows.map(
        ({ name, part }) => `${name}: ${part}`,
      );
    const [migrated, made] = [await parts(pool), await parts(fresh.pool)];
    expect(made.length).toBeGreaterThan(300);
    const without = (some: readonly string[], others: readonly string[]): string[] =>
      some.filter((part) => !others.includes(part));
    expect({ lacks: without(made, migrated), has: without(migrated, made) }).toEqual({ lacks: [], has: [] });
    expect((await query("SELECT number FROM migrations ORDER BY 1")).map(({ number }) => number)).toEqual(
      migrations.map(({ number }) => number),
    );
  });

  it("has its open fetches done", async () => {
    await waitFor("the workouts", async () => {
      const found = await query("SELECT FROM records WHERE type = 'activity' AND natural_key = ANY($1)", [
        Object.keys(scene.openExercises),
      ]);
      return found.length === Object.keys(scene.openExercises).length;
    });
    await waitFor("the announced tasks", async () => {
      const open = await query("SELECT FROM fetch_tasks WHERE kind = 'announced' AND state = 'accepted'");
      return open.length === 0;
    });
    expect(await query("SELECT FROM fetch_tasks WHERE kind = 'announced' AND state <> 'done'")).toEqual([]);
  });

  it("has its waiting deliveries made, and none of those that were done", async () => {
    await waitFor("all deliveries", async () => {
      return (await query("SELECT FROM deliveries WHERE state = 'pending'")).length === 0;
    });
    expect(await query("SELECT state FROM deliveries WHERE state <> 'delivered'")).toEqual([]);
    const ids = eventsOf(receiver).map(({ headers }) => String(headers["webhook-id"]));
    const sent = new Set(ids.map((id) => id.slice(14)));
    expect(scene.waiting.filter((id) => !sent.has(id.slice(14)))).toEqual([]);
    const again = scene.delivered.filter((id) => !scene.waiting.includes(id) && sent.has(id.slice(14)));
    expect(again).toEqual([]);
  });

  it("has its renormalisation brought to its end", async () => {
    const job = async () =>
      (
        await query<{ state: string; counts: { records: number }; totals: { records: number } }>(
          "SELECT state, counts, totals FROM renormalizations",
        )
      )[0];
    await waitFor("the renormalisation", async () => (await job())?.state !== "running");
    const { state, counts, totals } = (await job()) ?? {};
    expect(state).toBe("done");
    expect(counts?.records).toBeGreaterThanOrEqual(totals?.records ?? Number.NaN);
  });

  it("still answers with all its records", async () => {
    const answered = await fetch(
      `${systole.url}/v2/daily?user_id=${scene.userId}&start_date=2000-01-01&to_webhook=false&with_samples=true`,
      { headers: keyHeaders },
    );
    const { data } = (await answered.json()) as { data: unknown[] };
    expect([answered.status, data.length]).toEqual([200, scene.records.daily]);
  });
});
