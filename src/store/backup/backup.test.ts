import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createEnvironment,
  createTestDatabase,
  startTestStore,
  type TestStore,
} from "../../../test/support/database.ts";
import type { BodyStore } from "../bodies/body-store.ts";
import { directoryBodies } from "../bodies/directory.ts";
import { releaseBodies, removeDueBodies } from "../bodies/removals.ts";
import { openDatabase } from "../database.ts";
import { checkSecretKey } from "../database-facts.ts";
import { newId } from "../identifiers.ts";
import { migrations } from "../migrate.ts";
import { Queue } from "../queue.ts";
import { writeBackup } from "./backup.ts";
import { nameOf, readLayout, readTables } from "./layout.ts";
import { restoreBackup } from "./restore.ts";

const never = new AbortController().signal;
/** Names bodies as raw_payloads does. No migration makes it, so a test makes it in both databases. */
const naming =
  "CREATE TABLE naming (id bigint GENERATED ALWAYS AS IDENTITY, body_key text, twice int GENERATED ALWAYS AS (2) STORED)";
/** By their keys; each is named by a row. */
const bodies = { "a/large-body": 600_000, "a/raw-payload": 100, "a/record": 100, "a/event": 100 };
const silent = { signal: never, progress: () => {} };

let source: TestStore;
let directory: string;
let file: string;
let key: string;
const cleanups: (() => unknown)[] = [];
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), "systole-backup-"));
  file = path.join(directory, "one.backup");
  source = await startTestStore();
  const { store } = source;
  key = store.keyRing.currentId.toString("hex");
  await checkSecretKey(store.db, store.keyRing);
  const { environmentId } = await createEnvironment(store);
  await createEnvironment(store);
  await query(
    source.connectionString,
    `SELECT nextval('fetch_order'), nextval('fetch_order');
     INSERT INTO house (key, value) SELECT 'fact ' || n, decode(repeat('00ff0a', 1000), 'hex') FROM generate_series(1, 2000) n;
     CREATE TABLE notifications_20010101 PARTITION OF notifications
       FOR VALUES FROM ('00e00000-0000-7000-8000-000000000000') TO ('00e10000-0000-7000-8000-000000000000')`,
  );
  await store.db
    .transaction()
    .execute((tx) => store.queue.enqueue(tx, "ingest", [{ data: { environmentId, taskId: environmentId } }]));
  for (const [key, bytes] of Object.entries(bodies)) {
    const body = path.join(directory, "a-body");
    writeFileSync(body, randomBytes(bytes));
    await store.bodies.put(key, body);
  }
  const someone = "gen_random_uuid(), gen_random_uuid()";
  await query(
    source.connectionString,
    `${naming}; INSERT INTO naming (body_key) VALUES ('a/large-body'), ('a/missing-body'), (NULL);
     INSERT INTO raw_payloads (environment_id, user_id, raw_payload_id, provider, resource, resource_key, request_method,
       request_path, response_status, sha256, fetched_at, body_key)
       VALUES (${someone}, '${newId()}', 'polar', 'sleep', '*', 'GET', '/', 200, '\\x00', now(), 'a/raw-payload');
     INSERT INTO records (environment_id, user_id, type, natural_key, revision, mapper_version, summary, detailed_bytes,
       content_hash, raw_payload_ids, body_key)
       VALUES (${someone}, 'sleep', '2026-01-01', 1, 1, '{}', 9, '\\x00', '{}', 'a/record');
     INSERT INTO events (environment_id, event_id, type, reference, trace_id, body_bytes, created_at, body_key)
       VALUES (gen_random_uuid(), '${newId()}', 'sleep', 'r', 't', 9, now(), 'a/event')`,
  );
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  await source.close();
  rmSync(directory, { recursive: true, force: true });
});

async function query(connectionString: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

async function emptyTarget() {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  await query(database.connectionString, naming);
  const bodies = directoryBodies(mkdtempSync(path.join(directory, "bodies-")));
  return { connectionString: database.connectionString, bodies, hasKey: (id: string) => id === key };
}

/** Returns a hash of the rows of each table, and the layout. */
async function contentOf(connectionString: string): Promise<object> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const content: Record<string, unknown> = { layout: await readLayout(client) };
    for (const table of await readTables(client)) {
      // The source goes on: a queue notes when it was last looked after.
      const row = table.table === "queue" ? "(t.name, t.policy, t.retry_limit)::text" : "t::text";
      const { rows } = await client.query(
        `SELECT count(*)::int AS rows, md5(coalesce(string_agg(${row}, '|' ORDER BY ${row}), '')) AS hash FROM ${nameOf(table)} t`,
      );
      content[nameOf(table)] = rows[0];
    }
    const constraints = await client.query(
      `SELECT conrelid::regclass::text AS table, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
       WHERE contype = 'f' ORDER BY 1, 2`,
    );
    const triggers = await client.query(
      "SELECT tgrelid::regclass::text AS table, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    );
    return { ...content, constraints: constraints.rows, triggers: triggers.rows };
  } finally {
    await client.end();
  }
}

const back = (to: string) =>
  writeBackup(
    { connectionString: source.connectionString, bodies: source.store.bodies, key, version: "0.1.0" },
    { ...silent, file: to },
  );

describe("a backup", () => {
  it("is one snapshot in a file that only its owner reads, and names the key without holding it", async () => {
    const written = await back(file);
    expect(written).toMatchObject({ bodies: 4, missing: 1 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [first, second = ""] = readFileSync(file, "latin1").split("\n");
    expect(first).toBe("systole-backup 1");
    expect(JSON.parse(second)).toMatchObject({ key, schema: migrations.at(-1)?.number, version: "0.1.0" });
    await expect(back(file)).rejects.toMatchObject({ code: "EEXIST" });
  });

  it("becomes the same database again: rows, partitions, sequences, references, triggers, queue and bodies", async () => {
    const target = await emptyTarget();
    const header = await restoreBackup(target, { ...silent, file });
    expect(header.key).toBe(key);
    expect(await contentOf(target.connectionString)).toEqual(await contentOf(source.connectionString));
    for (const key of Object.keys(bodies)) {
      await using restored = await target.bodies.open(key);
      await using original = await source.store.bodies.open(key);
      expect(readFileSync(restored?.file ?? "").equals(readFileSync(original?.file ?? "")), key).toBe(true);
    }
  });

  it("holds a body whose row goes while it is written", async () => {
    const { store } = source;
    const environmentId = newId();
    const leaving = { environmentId, key: `${environmentId}/leaving` };
    const body = path.join(directory, "leaving");
    writeFileSync(body, "leaving");
    await store.bodies.put(leaving.key, body);
    await query(source.connectionString, `INSERT INTO naming (body_key) VALUES ('${leaving.key}')`);
    const open = store.bodies.open.bind(store.bodies);
    let isGone = false;
    const watched: BodyStore = {
      ...store.bodies,
      open: async (key) => {
        if (!isGone) {
          isGone = true;
          await query(source.connectionString, `DELETE FROM naming WHERE body_key = '${leaving.key}'`);
          await releaseBodies(store.db, environmentId, [leaving.key]);
          expect(await removeDueBodies(store)).toBe(0);
        }
        return open(key);
      },
    };
    const meanwhile = path.join(directory, "while.backup");
    const from = { connectionString: source.connectionString, bodies: watched, key, version: "0.1.0" };
    expect(await writeBackup(from, { ...silent, file: meanwhile })).toMatchObject({ bodies: 5, missing: 1 });
    expect(isGone).toBe(true);
    expect(await removeDueBodies(store)).toBe(1);
    const target = await emptyTarget();
    await restoreBackup(target, { ...silent, file: meanwhile });
    await using restored = await target.bodies.open(leaving.key);
    expect(readFileSync(restored?.file ?? "").toString()).toBe("leaving");
  });

  it("goes on as a Systole: it opens, its secrets open, and its job is handed out", async () => {
    const target = await emptyTarget();
    await restoreBackup(target, { ...silent, file });
    const database = await openDatabase(target.connectionString);
    await checkSecretKey(database.db, source.store.keyRing);
    await database.close();
    const queue = await Queue.open(target.connectionString, () => {});
    const got = Promise.withResolvers<unknown>();
    await queue.work("ingest", { batchSize: 1, concurrency: 1 }, async (jobs) => got.resolve(jobs));
    expect(await got.promise).toHaveLength(1);
    await queue.close();
  });
});

describe("restore refuses, and writes no row,", () => {
  const rowsIn = async (connectionString: string): Promise<number> =>
    Number((await query(connectionString, "SELECT count(*) FROM environments")).rows[0].count);

  it("a database with data", async () => {
    await expect(
      restoreBackup(
        { ...(await emptyTarget()), connectionString: source.connectionString },
        { ...silent, file },
      ),
    ).rejects.toMatchObject({ code: "RESTORE_NOT_EMPTY" });
    expect(await rowsIn(source.connectionString)).toBe(2);
  });

  it("another secret key", async () => {
    const target = await emptyTarget();
    await expect(
      restoreBackup({ ...target, hasKey: () => false }, { ...silent, file }),
    ).rejects.toMatchObject({
      code: "BACKUP_KEY_WRONG",
      details: { key },
    });
    expect(
      (await query(target.connectionString, "SELECT to_regclass('environments') AS made")).rows[0].made,
    ).toBeNull();
  });

  it.each(["short", "changed", "no backup"])("a file that is damaged: %s", async (how) => {
    const damaged = path.join(directory, `${how}.backup`);
    const content = readFileSync(file);
    if (how === "changed") content[content.length - 20_000] = ~(content.at(-20_000) ?? 0) & 0xff;
    writeFileSync(damaged, how === "no backup" ? "PGDMP\n{}\n" : content);
    if (how === "short") truncateSync(damaged, content.length - 100);
    const target = await emptyTarget();
    await expect(restoreBackup(target, { ...silent, file: damaged })).rejects.toMatchObject({
      code: "BACKUP_UNREADABLE",
    });
    if (how !== "no backup") expect(await rowsIn(target.connectionString)).toBe(0);
  });

  it("a backup of a newer Systole", async () => {
    const newer = path.join(directory, "newer.backup");
    const [first, second = "", ...rest] = readFileSync(file, "latin1").split("\n");
    const header = JSON.stringify({ ...JSON.parse(second), schema: 9_999 });
    writeFileSync(newer, [first, header, ...rest].join("\n"), "latin1");
    await expect(restoreBackup(await emptyTarget(), { ...silent, file: newer })).rejects.toMatchObject({
      code: "STORE_NEWER_THAN_CODE",
    });
  });
});
