/** A database with weekly raw payloads gets one partition for what comes, and its weeks are merged while it is used. */
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  createTestDatabase,
  formerPartitionedTables,
  type TestDatabase,
} from "../../../test/support/database.ts";
import { lowestIdAt, newId } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { ensurePartitions } from "../partitions.ts";
import { mergeWeeks } from "../raw-payload-weeks.ts";
import type { Tables } from "../tables.ts";

let database: TestDatabase;
let db: Kysely<Tables>;
beforeEach(async () => {
  database = await createTestDatabase();
  db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: new pg.Pool({ connectionString: database.connectionString, max: 4 }),
    }),
  });
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

const environmentId = newId();
const userId = newId();
const insert = (id: string, body = "x") =>
  sql`INSERT INTO raw_payloads (environment_id, raw_payload_id, user_id, provider, resource, resource_key,
    request_method, request_path, response_status, content_type, body, body_bytes, sha256, fetched_at)
    VALUES (${environmentId}, ${id}, ${userId}, 'polar', 'r', 'k', 'GET', '/', 200, NULL, ${Buffer.from(body)}, 1,
      ${Buffer.from(id)}, now())`.execute(db);
const partitions = async (): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`SELECT inhrelid::regclass::text AS name FROM pg_inherits
    WHERE inhparent = 'raw_payloads'::regclass ORDER BY 1`.execute(db);
  return rows.map(({ name }) => name);
};
const ids = async (): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`SELECT raw_payload_id AS id FROM raw_payloads
    WHERE environment_id = ${environmentId} AND user_id = ${userId} ORDER BY 1`.execute(db);
  return rows.map(({ id }) => id);
};

it("a new database has one partition", async () => {
  await migrate(db);
  await ensurePartitions(db, new Date());
  expect(await partitions()).toEqual(["raw_payloads_since"]);
  await insert(newId());
  expect(await mergeWeeks(db)).toEqual([]);
});

it("weeks with rows stay readable, and are merged to one, those that are too large not yet", async () => {
  await migrate(
    db,
    migrations.filter(({ number }) => number < 45),
  );
  const weeks = ["2029-01-03", "2030-06-05", "2030-06-12"].map((day) => new Date(`${day}T12:00:00Z`));
  for (const week of weeks) await ensurePartitions(db, week, formerPartitionedTables);
  const kept = weeks.map(lowestIdAt);
  for (const id of kept) await insert(id);
  await migrate(db);
  await ensurePartitions(db, new Date("2030-06-13T12:00:00Z"));
  expect(await partitions()).toEqual([
    "raw_payloads_20290101",
    "raw_payloads_20300603",
    "raw_payloads_20300610",
    "raw_payloads_before",
    "raw_payloads_since",
  ]);
  const later = ["2030-06-13", "2030-06-20", "2040-01-01"].map((day) => lowestIdAt(new Date(day)));
  for (const id of later) await insert(id);
  expect(await mergeWeeks(db, 1)).toEqual([]);
  expect(await mergeWeeks(db)).toEqual([
    "raw_payloads_20290101",
    "raw_payloads_20300603",
    "raw_payloads_20300610",
  ]);
  expect(await partitions()).toEqual(["raw_payloads_before", "raw_payloads_since"]);
  expect(await ids()).toEqual([...kept, ...later]);
  // The key is still one of all partitions.
  await expect(insert(kept[0] ?? "")).rejects.toThrow("duplicate key");
  await insert(lowestIdAt(new Date("2029-06-01")));
});

it("merging waits for nobody long", async () => {
  await migrate(
    db,
    migrations.filter(({ number }) => number < 45),
  );
  await ensurePartitions(db, new Date("2030-06-05T12:00:00Z"), formerPartitionedTables);
  await insert(lowestIdAt(new Date("2030-06-05T12:00:00Z")));
  await migrate(db);
  await db.transaction().execute(async (tx) => {
    await sql`SELECT FROM raw_payloads`.execute(tx);
    expect(await mergeWeeks(db)).toEqual([]);
  });
  expect(await mergeWeeks(db)).toHaveLength(1);
});
