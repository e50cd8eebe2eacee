/** The database of the previous version, after the migration. */
import { createHash, randomUUID } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  createTestDatabase,
  formerPartitionedTables,
  type TestDatabase,
} from "../../../test/support/database.ts";
import { personalSummaryId } from "../../models/index.ts";
import { newId } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { ensurePartitions } from "../partitions.ts";
import type { Tables } from "../tables.ts";
import { compress, decompress } from "../zstd.ts";

let database: TestDatabase;
let db: Kysely<Tables>;
beforeAll(async () => {
  database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const environment_id = randomUUID();
const [first, second] = [randomUUID(), randomUUID()] as const;

/** Returns a record as the former version wrote it: its id is the natural key. */
const recordOf = (key: string, samples: readonly number[] = [61, 62]) => ({
  metadata: { start_time: "2026-02-28T23:00:00.000000+01:00", summary_id: key, is_nap: null },
  samples,
  provider_data: { polar: { sleep: { zeta: 1, alpha: 2.5 } } },
});

async function keepRecord(user_id: string, type: string, key: string, minute: number): Promise<void> {
  const json = JSON.stringify(recordOf(key));
  const row = {
    environment_id,
    user_id,
    type,
    natural_key: key,
    revision: 3,
    mapper_version: 1,
    start_date: "2026-02-28",
    start_time: null,
    end_time: null,
    summary: JSON.stringify(recordOf(key, [])),
    detailed: await compress(json),
    detailed_bytes: json.length,
    content_hash: createHash("sha256").update(json).digest(),
    raw_payload_ids: [],
    created_at: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  };
  await db.insertInto("records").values(row).execute();
}

/** Stores an event of several frames, as events are written. */
async function keepEvent(
  user_id: string,
  type: string,
  keys: readonly string[],
  trace_id = "a-push:activity:own:3",
): Promise<string> {
  const event_id = newId();
  const texts = [
    `{"type":"${type}","data":[`,
    keys.map((key) => JSON.stringify(recordOf(key))).join(","),
    "]}",
  ];
  await db
    .insertInto("events")
    .values({
      environment_id,
      event_id,
      type,
      user_id,
      reference_id: null,
      provider: "polar",
      records: JSON.stringify(keys.map((naturalKey) => ({ type: type as "sleep", naturalKey, revision: 3 }))),
      reference: trace_id.slice(0, trace_id.indexOf(":")),
      trace_id,
      body: Buffer.concat(await Promise.all(texts.map((text) => compress(text)))),
      body_bytes: texts.join("").length,
      created_at: new Date(),
    })
    .execute();
  return event_id;
}

async function recordAt(user_id: string, type: string, key: string) {
  const row = await db
    .selectFrom("records")
    .selectAll()
    .where("user_id", "=", user_id)
    .where("type", "=", type)
    .where("natural_key", "=", key)
    .executeTakeFirstOrThrow();
  const json = (await decompress(row.detailed ?? Buffer.alloc(0))).toString();
  return { ...row, json, summary: JSON.stringify(row.summary) };
}

const referenceOf = async (event_id: string) =>
  (
    await db
      .selectFrom("events")
      .select("reference")
      .where("event_id", "=", event_id)
      .executeTakeFirstOrThrow()
  ).reference;

async function eventAt(event_id: string) {
  const { body, body_bytes } = await db
    .selectFrom("events")
    .select(["body", "body_bytes"])
    .where("event_id", "=", event_id)
    .executeTakeFirstOrThrow();
  const text = (await decompress(body ?? Buffer.alloc(0))).toString();
  expect(body_bytes).toBe(Buffer.byteLength(text));
  return text;
}

const night = "2026-03-01";

it("gives the records and events of the previous version ids that no two people share", async () => {
  await migrate(
    db,
    migrations.filter(({ number }) => number <= 5),
  );
  await ensurePartitions(db, new Date(), formerPartitionedTables);
  for (const person of [first, second]) await keepRecord(person, "sleep", night, 0);
  // The same account connected twice: one workout, stored for both.
  await keepRecord(second, "activity", "shared", 1);
  await keepRecord(first, "activity", "shared", 0);
  await keepRecord(second, "activity", "own", 1);
  for (let other = 0; other < 410; other++) await keepRecord(second, "sleep", `night-${other}`, 1);
  const nights = await keepEvent(first, "sleep", ["2026-03-02", night]);
  const runs = await keepEvent(second, "activity", ["own", "shared"]);
  const untouched = await keepEvent(first, "activity", ["shared"], "a-request:chunk:1");

  await migrate(db);

  const idOf = (userId: string, type: string, naturalKey: string) =>
    personalSummaryId({ userId, type, naturalKey });
  const expected: [string, string, string, string][] = [
    [first, "sleep", night, idOf(first, "sleep", night)],
    [second, "sleep", night, idOf(second, "sleep", night)],
    [second, "sleep", "night-409", idOf(second, "sleep", "night-409")],
    [first, "activity", "shared", "shared"],
    [second, "activity", "shared", idOf(second, "activity", "shared")],
    [second, "activity", "own", "own"],
  ];
  for (const [person, type, key, id] of expected) {
    const former = JSON.stringify(recordOf(key));
    const row = await recordAt(person, type, key);
    // Nothing changes but the id, not even the order of the fields.
    expect([row.summary_id, row.json, row.summary]).toEqual([
      id,
      JSON.stringify(recordOf(key)).replace(`"${key}"`, `"${id}"`),
      JSON.stringify(recordOf(key, [])).replace(`"${key}"`, `"${id}"`),
    ]);
    expect([row.revision, row.detailed_bytes]).toEqual([3, row.json.length]);
    // The hash of what was sent: renormalising sees that the record differs from it.
    expect(row.content_hash).toEqual(createHash("sha256").update(former).digest());
  }
  const { rows } = await db
    .selectFrom("records")
    .select(({ fn }) => [
      fn.countAll<string>().as("records"),
      fn.count<string>("summary_id").distinct().as("ids"),
    ])
    .execute()
    .then(([counts]) => ({ rows: counts }));
  expect(rows?.ids).toBe(rows?.records);

  expect(await eventAt(nights)).toBe(
    `{"type":"sleep","data":[${["2026-03-02", night]
      .map((key) => JSON.stringify(recordOf(key)).replace(`"${key}"`, `"${idOf(first, "sleep", key)}"`))
      .join(",")}]}`,
  );
  expect(await eventAt(runs)).toContain(`"summary_id":"own"`);
  expect(await eventAt(runs)).toContain(`"summary_id":"${idOf(second, "activity", "shared")}"`);
  expect(await eventAt(untouched)).toContain(`"summary_id":"shared"`);
  // Pushes that shared a reference get one each; the chunk of a request keeps the request's.
  expect(await Promise.all([nights, runs, untouched].map(referenceOf))).toEqual([nights, runs, "a-request"]);
});
