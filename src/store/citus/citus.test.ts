/** A real Citus: a coordinator and its workers, which TEST_CITUS_URL names. */
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { noCitus } from "../../../test/support/citus.ts";
import { createTestDatabase } from "../../../test/support/database.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { citusFindings } from "../../doctor/citus.ts";
import { type OpenDatabase, openDatabase } from "../database.ts";
import { newId } from "../identifiers.ts";
import { migrate, migrations } from "../migrate.ts";
import { Queue } from "../queue.ts";
import type { Tables } from "../tables.ts";
import { distributedTables } from "./cluster.ts";
import { moveRows } from "./move-rows.ts";
import { openSnapshots } from "./snapshots.ts";

const { TEST_CITUS_URL: url } = process.env;
const onCitus = (name: string, run: () => Promise<void>): void =>
  it(name, async ({ skip }) => (url ? run() : skip(`NOT RUN: ${noCitus}`)));

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Makes a database on every node, without tables. */
async function newDatabase(): Promise<string> {
  const { connectionString, drop } = await createTestDatabase(undefined, url);
  cleanups.push(drop);
  return connectionString;
}

async function opened(connectionString: string): Promise<OpenDatabase> {
  const database = await openDatabase(connectionString);
  cleanups.push(() => database.close());
  return database;
}

/** Opens it as a process does that knows of one server only. */
function openedAsOne(connectionString: string): Kysely<Tables> {
  const pool = new pg.Pool({ connectionString, max: 4, application_name: "systole" });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  cleanups.push(() => db.destroy());
  return db;
}

/** Makes a database of the present schema whose tables are all on the coordinator. */
async function undistributed(): Promise<string> {
  const connectionString = await newDatabase();
  await migrate(openedAsOne(connectionString), migrations.slice(0, -1));
  return connectionString;
}

const person = () => ({ environment_id: newId(), user_id: newId() });
type Person = ReturnType<typeof person>;

const insertPart = (db: Kysely<Tables>, whose: Person, key = "one") =>
  db
    .insertInto("raw_parts")
    .values({
      ...whose,
      resource: "sleep",
      part_key: key,
      resource_key: key,
      raw_payload_id: newId(),
      fetch_order: "1",
    })
    .execute();

const insertPayload = (db: Kysely<Tables>, whose: Person) =>
  db
    .insertInto("raw_payloads")
    .values({
      ...whose,
      raw_payload_id: newId(),
      provider: "polar",
      resource: "sleep",
      resource_key: "one",
      request_method: "GET",
      request_path: "/",
      response_status: 200,
      content_type: null,
      body: Buffer.from("body"),
      body_bytes: 4,
      sha256: Buffer.from("hash"),
      fetched_at: new Date(),
      task_id: null,
      fetch_order: null,
    })
    .execute();

const insertRecord = (db: Kysely<Tables>, whose: Person, key: string, bodyKey: string) =>
  db
    .insertInto("records")
    .values({
      ...whose,
      type: "daily",
      natural_key: key,
      revision: 1,
      mapper_version: 1,
      raw_payload_ids: [],
      summary: JSON.stringify({ of: whose.user_id }),
      detailed: null,
      body_key: bodyKey,
      detailed_bytes: 2,
      content_hash: Buffer.from("hash"),
    })
    .execute();

async function countOf(db: Kysely<Tables>, table: string, whose: Person): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::integer AS count FROM ${sql.table(table)}
    WHERE user_id = ${whose.user_id}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The node that has a person's rows. */
async function nodeOf(db: Kysely<Tables>, { user_id }: Person): Promise<{ shard: string; port: number }> {
  const { rows } = await sql<{ shard: string; port: number }>`
    SELECT shard_name AS shard, nodeport AS port FROM citus_shards
    WHERE table_name = 'raw_parts'::regclass
      AND shardid = get_shard_id_for_distribution_column('raw_parts', ${user_id}::uuid)`.execute(db);
  return rows[0] as { shard: string; port: number };
}

describe("the migration", () => {
  onCitus("distributes what a person's data weighs, and leaves all else on the coordinator", async () => {
    const { db } = await opened(await newDatabase());
    const { rows } = await sql<{ name: string; kind: string; colocation: number }>`
      SELECT logicalrelid::text AS name, partmethod::text AS kind, colocationid AS colocation FROM pg_dist_partition
      WHERE logicalrelid NOT IN (SELECT inhrelid FROM pg_inherits) ORDER BY 1`.execute(db);
    const distributed = rows.filter(({ kind }) => kind === "h");
    expect(distributed.map(({ name }) => name)).toEqual([...distributedTables].sort());
    expect(new Set(distributed.map(({ colocation }) => colocation)).size).toBe(1);
    expect(rows.filter(({ kind }) => kind !== "h").map(({ name }) => name)).toEqual(["commit_anchor"]);
    expect(await citusFindings(db)).toMatchObject([{ level: "ok" }]);
  });

  onCitus("moves the rows that are there, and does nothing the next time", async () => {
    const connectionString = await undistributed();
    const before = openedAsOne(connectionString);
    const everybody = Array.from({ length: 12 }, person);
    for (const whose of everybody) {
      await insertPart(before, whose);
      await insertPayload(before, whose);
    }
    await opened(connectionString);
    const { db, obstacle } = await opened(connectionString);
    expect(obstacle).toBeNull();
    const nodes = new Set<number>();
    for (const whose of everybody) {
      expect([await countOf(db, "raw_parts", whose), await countOf(db, "raw_payloads", whose)]).toEqual([
        1, 1,
      ]);
      nodes.add((await nodeOf(db, whose)).port);
    }
    expect(nodes.size).toBeGreaterThan(1);
    // The coordinator's own files are empty.
    const { rows } = await sql<{ bytes: number }>`SELECT (pg_relation_size('raw_parts')
      + pg_relation_size('raw_payloads_since'))::integer AS bytes`.execute(db);
    expect(rows).toEqual([{ bytes: 0 }]);
  });

  onCitus("waits while another process is at work, which would not commit in two phases", async () => {
    const connectionString = await undistributed();
    const queue = await Queue.open(connectionString, () => {});
    const first = await openDatabase(connectionString);
    expect(first.obstacle).toBe("in use");
    expect(await citusFindings(first.db)).toMatchObject([
      { level: "warning", says: expect.stringContaining("are not distributed") },
    ]);
    await first.close();
    await queue.close();
    await waitFor(
      "its connections to be gone",
      async () => (await opened(connectionString)).obstacle === null,
    );
  });
});

/**
 * Writes on a worker and on the coordinator in one transaction, and holds the worker up when it is told to end its part.
 * Returns what it was told.
 */
async function heldUp(connectionString: string, db: Kysely<Tables>) {
  const whose = person();
  const watcher = openedAsOne(connectionString);
  const { shard, port } = await nodeOf(watcher, whose);
  const place = new URL(connectionString);
  place.port = String(port);
  const worker = new pg.Client({ connectionString: place.href });
  await worker.connect();
  cleanups.push(() => worker.end());
  // A coordinator that goes cancels what the worker does for it.
  await worker.query(`SET citus.enable_manual_changes_to_shards = on; SET citus.enable_ddl_propagation = off;
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
      LOOP
        BEGIN
          PERFORM pg_advisory_xact_lock_shared(1);
          RETURN NULL;
        EXCEPTION WHEN query_canceled THEN
        END;
      END LOOP; END';
    CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON ${shard} DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION hold();
    SELECT pg_advisory_lock(1)`);
  const key = `held up ${whose.user_id}`;
  let pid = 0;
  const writing = db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
    pid = rows[0]?.pid ?? 0;
    await insertPart(tx, whose);
    await tx
      .insertInto("house")
      .values({ key, value: Buffer.from("1") })
      .execute();
  });
  const outcome = writing.then(
    () => "committed",
    () => "lost its connection",
  );
  const told = async (): Promise<string | undefined> => {
    const { rows } = await worker.query<{ query: string }>(`SELECT query FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'`);
    return rows[0]?.query;
  };
  return {
    told: await waitFor("the worker to be told", told),
    outcome,
    endCoordinator: () => sql`SELECT pg_terminate_backend(${pid}::integer)`.execute(watcher),
    async goOn() {
      await worker.query("SELECT pg_advisory_unlock(1)");
      await waitFor("the worker's end", async () => (await told()) === undefined);
    },
    /** Counts what is there, after what Citus itself does every minute. */
    async halves() {
      await sql`SELECT recover_prepared_transactions()`.execute(watcher);
      const here = await watcher.selectFrom("house").select("key").where("key", "=", key).execute();
      return { worker: await countOf(watcher, "raw_parts", whose), here: here.length };
    },
  };
}

describe("a transaction that writes on a worker and here", () => {
  onCitus("is prepared on the worker, so that a coordinator that ends then leaves neither half", async () => {
    const connectionString = await newDatabase();
    const { db } = await opened(connectionString);
    const held = await heldUp(connectionString, db);
    expect(held.told).toMatch(/^PREPARE TRANSACTION/);
    await held.endCoordinator();
    expect(await held.outcome).toBe("lost its connection");
    await held.goOn();
    expect(await held.halves()).toEqual({ worker: 0, here: 0 });
  });

  onCitus("would be committed there before it is here, if it were committed as on one server", async () => {
    const connectionString = await newDatabase();
    await opened(connectionString);
    const held = await heldUp(connectionString, openedAsOne(connectionString));
    expect(held.told).toBe("COMMIT");
    expect((await held.halves()).here).toBe(0);
    await held.goOn();
    await held.outcome;
  });
});

describe("a backup's snapshots", () => {
  onCitus("wait for a commit that has begun, and see all of it or nothing", async () => {
    const connectionString = await newDatabase();
    const { db } = await opened(connectionString);
    const whose = person();
    const reader = new pg.Client({ connectionString });
    await reader.connect();
    cleanups.push(() => reader.end());
    const writer = new pg.Client({ connectionString });
    await writer.connect();
    cleanups.push(() => writer.end());
    await writer.query("BEGIN");
    await writer.query(
      `INSERT INTO raw_parts (environment_id, user_id, resource, part_key, resource_key, raw_payload_id, fetch_order)
       VALUES ($1, $2, 'sleep', 'one', 'one', $1, 1)`,
      [whose.environment_id, whose.user_id],
    );
    await writer.query("INSERT INTO house (key, value) VALUES ('begun', '1')");
    await writer.query("UPDATE commit_anchor SET n = n WHERE id = -1");
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const opening = openSnapshots(reader, connectionString);
    await waitFor("the backup to wait", async () => {
      const { rows } = await sql`SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'systole backup' AND wait_event_type = 'Lock'`.execute(db);
      return rows.length > 0;
    });
    await writer.query("COMMIT");
    expect(await opening).not.toBeNull();
    const seen = async () => [
      (await reader.query("SELECT 1 FROM raw_parts")).rowCount,
      (await reader.query("SELECT 1 FROM house WHERE key LIKE 'begun%'")).rowCount,
    ];
    expect(await seen()).toEqual([1, 1]);
    await insertPart(db, whose, "later");
    await db
      .insertInto("house")
      .values({ key: "begun later", value: Buffer.from("1") })
      .execute();
    expect(await seen()).toEqual([1, 1]);
  });
});

describe("a row that changes its person", () => {
  onCitus("is moved to the other one's node, and a double's body is released", async () => {
    const { db } = await opened(await newDatabase());
    const from = person();
    let to = { ...from, user_id: newId() };
    const former = await nodeOf(db, from);
    while ((await nodeOf(db, to)).port === former.port) to = { ...from, user_id: newId() };
    await insertRecord(db, from, "2025-03-01", "moved");
    await insertRecord(db, from, "2025-03-02", "double");
    await insertRecord(db, to, "2025-03-02", "own");
    const move = {
      environmentId: from.environment_id,
      fromUserId: from.user_id,
      toUserId: to.user_id,
    };
    await db.transaction().execute((tx) => moveRows(tx, "records", move));
    expect(await countOf(db, "records", from)).toBe(0);
    const kept = await db
      .selectFrom("records")
      .select(["natural_key", "body_key"])
      .where("user_id", "=", to.user_id)
      .orderBy("natural_key")
      .execute();
    expect(kept.map(({ body_key: key }) => key)).toEqual(["moved", "own"]);
    const released = await db.selectFrom("body_removals").select("body_key").execute();
    expect(released).toEqual([{ body_key: "double" }]);
  });
});
