/**
 * A Citus whose nodes crash, come back, move, join and leave while records are written; TEST_CITUS_BIN names its programs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import {
  type CitusNode,
  hasOwnCitus,
  noOwnCitus,
  type OwnCitus,
  startOwnCitus,
} from "../../../test/support/own-citus.ts";
import { query } from "../../../test/support/query.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { citusFindings } from "../../doctor/citus.ts";
import { writeBackup } from "../backup/backup.ts";
import { directoryBodies } from "../bodies/directory.ts";
import { openDatabase } from "../database.ts";
import { newId } from "../identifiers.ts";
import { readSize } from "../overview.ts";
import { Queue } from "../queue.ts";
import { storeError } from "../store-error.ts";
import { newSummaryId } from "../summary-ids.ts";
import type { Database } from "../tables.ts";
import { assertHomeAnswers } from "./home.ts";
import { openSnapshots } from "./snapshots.ts";

let opened: AsyncDisposableStack;
afterEach(() => opened.disposeAsync());

const onOwnCitus = (name: string, run: () => Promise<void>): void =>
  it(name, async ({ skip }) => {
    opened = new AsyncDisposableStack();
    return hasOwnCitus ? run() : skip(`NOT RUN: ${noOwnCitus}`);
  });

async function start(hasPasswords = false): Promise<{ citus: OwnCitus; db: Database }> {
  const citus = opened.use(await startOwnCitus(2, hasPasswords));
  return { citus, db: await open(citus.coordinator.connectionString) };
}

async function open(connectionString: string): Promise<Database> {
  const { db, close } = await openDatabase(connectionString);
  opened.defer(close);
  return db;
}

interface Person {
  readonly environment_id: string;
  readonly user_id: string;
}

const people = (count: number): Person[] =>
  Array.from({ length: count }, () => ({ environment_id: newId(), user_id: newId() }));

const connectionOf = (whose: Person) => ({ environmentId: whose.environment_id, userId: whose.user_id });

/** The id of a record whose provider's own id is that; the transaction goes on to write. */
const idFor = (db: Database, whose: Person, ownId: string): Promise<string | null> =>
  db.transaction().execute(async (tx) => {
    const id = await newSummaryId(tx, connectionOf(whose), { type: "activity", naturalKey: "one", ownId });
    await sql`UPDATE raw_parts SET part_key = part_key WHERE user_id = ${whose.user_id}`.execute(tx);
    return id;
  });

/** Writes a row on the person's node and one on the coordinator, in one transaction. */
const writeBoth = (db: Database, whose: Person, key: string): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const part = { ...whose, resource: "sleep", part_key: key, resource_key: key };
    await tx
      .insertInto("raw_parts")
      .values({ ...part, raw_payload_id: newId(), fetch_order: "1" })
      .execute();
    await tx
      .insertInto("house")
      .values({ key, value: Buffer.from("1") })
      .execute();
  });

interface Writing {
  /** The keys whose transactions were committed, as far as their writers were told. */
  readonly acknowledged: string[];
  readonly errors: unknown[];
  readonly written: (whose: Person) => number;
  stop(): Promise<void>;
}

/** Writes for everybody at once, one row after the other, until it is stopped. What fails is tried again. */
function writeFor(db: Database, everybody: readonly Person[]): Writing {
  const acknowledged: string[] = [];
  const errors: unknown[] = [];
  const counts = new Map<Person, number>();
  let isEnded = false;
  const writeOn = async (whose: Person): Promise<void> => {
    for (let number = 0; !isEnded; ) {
      const key = `written ${whose.user_id} ${number}`;
      try {
        await writeBoth(db, whose, key);
        acknowledged.push(key);
        counts.set(whose, ++number);
      } catch (error) {
        errors.push(error);
        // A try whose end was not heard may have been committed; the next one is another row.
        number++;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const all = everybody.map(writeOn);
  return {
    acknowledged,
    errors,
    written: (whose) => counts.get(whose) ?? 0,
    async stop() {
      isEnded = true;
      await Promise.all(all);
    },
  };
}

const hasWritten = ({ acknowledged }: Writing, more: number): Promise<unknown> => {
  const before = acknowledged.length;
  return waitFor(`${more} rows more`, () => acknowledged.length >= before + more);
};

/** The keys of the rows on the workers and on the coordinator, once nothing is between the phases. */
async function rowsOf(db: Database) {
  await sql`SELECT recover_prepared_transactions()`.execute(db);
  const there = await db.selectFrom("raw_parts").select("part_key").orderBy("part_key").execute();
  const here = await db
    .selectFrom("house")
    .select("key")
    .where("key", "like", "written %")
    .orderBy("key")
    .execute();
  return { there: there.map(({ part_key: key }) => key), here: here.map(({ key }) => key) };
}

/** What was acknowledged is there, and no half of anything. */
async function expectNothingLost(db: Database, { acknowledged }: Writing): Promise<void> {
  const { there, here } = await rowsOf(db);
  expect(there).toEqual(here);
  const kept = new Set(there);
  expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
}

async function portOf(db: Database, { user_id }: Person): Promise<number> {
  const { rows } = await sql<{ port: number }>`SELECT nodeport AS port FROM citus_shards
    WHERE shardid = get_shard_id_for_distribution_column('raw_parts', ${user_id}::uuid)`.execute(db);
  return Number(rows[0]?.port);
}

describe("a worker that crashes in the middle of writes", () => {
  onOwnCitus("loses nothing that was acknowledged, and stops only its own people", async () => {
    const { citus, db } = await start();
    const everybody = people(12);
    const [crashing] = citus.workers;
    const ports = await Promise.all(everybody.map((whose) => portOf(db, whose)));
    const [theirs, others] = [true, false].map((isTheirs) =>
      everybody.filter((_, index) => (ports[index] === crashing?.port) === isTheirs),
    ) as [Person[], Person[]];
    const writing = writeFor(db, everybody);
    opened.defer(() => writing.stop());
    await hasWritten(writing, 100);

    await crashing?.crash();
    await waitFor("an error", () => writing.errors.length > 0);
    const before = theirs.map(writing.written);
    const othersBefore = others.map(writing.written);
    await waitFor("the others to go on", () =>
      others.every((whose, index) => writing.written(whose) > (othersBefore[index] ?? 0)),
    );
    expect(theirs.map(writing.written)).toEqual(before);
    const unknown = writing.errors.filter((error) => storeError(error)?.code !== "STORE_UNAVAILABLE");
    expect(unknown).toEqual([]);
    expect(await citusFindings(db)).toMatchObject([
      { level: "error", says: expect.stringContaining(`127.0.0.1:${crashing?.port} cannot be reached`) },
    ]);
    // The database's size is part of what the dashboard says is wrong.
    expect((await readSize(db)).bytes).toBeGreaterThan(0);
    expect(await idFor(db, others[0] as Person, "own id")).not.toBe("own id");
    const home = (whose: Person) => assertHomeAnswers(db, connectionOf(whose));
    await home(others[0] as Person);
    await expect(home(theirs[0] as Person)).rejects.toThrow();

    await crashing?.start();
    await waitFor("everybody to go on", () =>
      theirs.every((whose, index) => writing.written(whose) > (before[index] ?? 0)),
    );
    await writing.stop();
    await expectNothingLost(db, writing);
    expect(await citusFindings(db)).toMatchObject([{ level: "ok" }]);
    expect(await idFor(db, others[0] as Person, "own id")).toBe("own id");
  });
});

describe("a coordinator that crashes in the middle of writes", () => {
  onOwnCitus("loses nothing that was acknowledged, and leaves no halves", async () => {
    const { citus, db } = await start();
    const writing = writeFor(db, people(12));
    opened.defer(() => writing.stop());
    await hasWritten(writing, 100);
    await citus.coordinator.crash();
    await waitFor("an error", () => writing.errors.length > 0);
    await citus.coordinator.start();
    await hasWritten(writing, 50);
    await writing.stop();
    await expectNothingLost(db, writing);
  });
});

/** Adds a node and moves shards to it. */
async function grow(citus: OwnCitus, db: Database): Promise<number> {
  const { port } = await citus.newNode();
  await sql`SELECT citus_add_node('127.0.0.1', ${port}::integer)`.execute(db);
  await sql`SELECT citus_rebalance_start()`.execute(db);
  const state = async (): Promise<string> =>
    (await sql<{ state: string }>`SELECT state FROM citus_rebalance_status()`.execute(db)).rows[0]?.state ??
    "";
  await waitFor("the rebalancing to end", async () => !/scheduled|running/.test(await state()));
  expect(await state()).toBe("finished");
  return port;
}

/** Moves the shard of a person to the other worker. */
async function moveHome({ workers }: OwnCitus, db: Database, whose: Person): Promise<void> {
  const from = await portOf(db, whose);
  const to = workers.find(({ port }) => port !== from);
  await sql`SELECT citus_move_shard_placement(
    get_shard_id_for_distribution_column('raw_parts', ${whose.user_id}::uuid),
    '127.0.0.1', ${from}::integer, '127.0.0.1', ${to?.port}::integer)`.execute(db);
}

describe("a backup while shards move", () => {
  onOwnCitus("is refused: what came to a node later is not in the snapshot there", async () => {
    const { citus, db } = await start();
    const everybody = people(12);
    for (const whose of everybody) await writeBoth(db, whose, `written ${whose.user_id}`);
    const connectionString = citus.coordinator.connectionString;
    const reader = new pg.Client({ connectionString });
    await reader.connect();
    opened.defer(() => reader.end());
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const snapshots = await openSnapshots(reader, connectionString);
    await snapshots?.assertNothingMoved();
    const rows = async (): Promise<number | null> => (await reader.query("SELECT FROM raw_parts")).rowCount;
    expect(await rows()).toBe(12);
    await moveHome(citus, db, everybody[0] as Person);
    expect(await rows()).toBeLessThan(12);
    await expect(snapshots?.assertNothingMoved()).rejects.toMatchObject({ code: "SHARDS_MOVED" });
  });
});

describe("a node that is added", () => {
  onOwnCitus("takes over people while their records are written", async () => {
    const { citus, db } = await start();
    const writing = writeFor(db, people(12));
    opened.defer(() => writing.stop());
    await hasWritten(writing, 50);
    const port = await grow(citus, db);
    await hasWritten(writing, 50);
    await writing.stop();
    expect(writing.errors).toEqual([]);
    await expectNothingLost(db, writing);
    const { rows } = await sql<{ shards: number }>`SELECT count(*)::integer AS shards FROM citus_shards
      WHERE nodeport = ${port} AND table_name = 'raw_parts'::regclass`.execute(db);
    expect(rows[0]?.shards).toBeGreaterThan(0);
  });
});

/** Moves everything away from a worker, and waits until nothing is left on its disk. */
async function drain(db: Database, { port }: CitusNode): Promise<void> {
  await sql`SELECT citus_drain_node('127.0.0.1', ${port}::integer)`.execute(db);
  await waitFor("the shards that were moved to be deleted", async () => {
    await sql`CALL citus_cleanup_orphaned_resources()`.execute(db);
    return (await sql`SELECT FROM pg_dist_cleanup`.execute(db)).rows.length === 0;
  });
}

const remove = (db: Database, { port }: CitusNode) =>
  sql`SELECT citus_remove_node('127.0.0.1', ${port}::integer)`.execute(db);

/** The shards that a worker has on its disk, which Citus hides from others. */
const shardsOn = ({ asSuperuser }: CitusNode) =>
  query(
    `${asSuperuser}?options=-c%20citus.override_table_visibility%3Doff`,
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(records|raw_p|grown_p).*_[0-9]+$'`,
  );

describe("a node that is taken out", () => {
  onOwnCitus("gives its people to the others while their records are written", async () => {
    const { citus, db } = await start();
    const [leaving, staying] = citus.workers as [CitusNode, CitusNode];
    const everybody = people(12);
    const ports = new Set(await Promise.all(everybody.map((whose) => portOf(db, whose))));
    expect(ports.size).toBe(2);
    expect(await shardsOn(leaving)).not.toEqual([]);
    const writing = writeFor(db, everybody);
    opened.defer(() => writing.stop());
    await hasWritten(writing, 50);
    await drain(db, leaving);
    expect(await shardsOn(leaving)).toEqual([]);
    await leaving.crash();
    await hasWritten(writing, 50);
    expect(await citusFindings(db)).toMatchObject([
      {
        level: "warning",
        says: `127.0.0.1:${leaving.port} cannot be reached; nobody's data is in use there`,
      },
    ]);
    await remove(db, leaving);
    await hasWritten(writing, 50);
    await writing.stop();
    expect(writing.errors).toEqual([]);
    await expectNothingLost(db, writing);
    for (const whose of everybody) expect(await portOf(db, whose)).toBe(staying.port);
    expect(await citusFindings(db)).toMatchObject([
      { level: "ok", says: "people's data is on one worker, which answers" },
    ]);
  });
});

describe("a node that is at another address", () => {
  onOwnCitus("is found there once the coordinator was told, without a restart of ours", async () => {
    const { citus, db } = await start();
    const [moving] = citus.workers as [CitusNode, CitusNode];
    const everybody = people(12);
    const ports = await Promise.all(everybody.map((whose) => portOf(db, whose)));
    const theirs = everybody.filter((_, index) => ports[index] === moving.port);
    const { rows } = await sql<{ nodeid: number }>`SELECT nodeid FROM pg_dist_node
      WHERE nodeport = ${moving.port}`.execute(db);
    const writing = writeFor(db, everybody);
    opened.defer(() => writing.stop());
    await hasWritten(writing, 50);
    await moving.move();
    await waitFor("an error", () => writing.errors.length > 0);
    const before = theirs.map(writing.written);
    await sql`SELECT citus_update_node(${rows[0]?.nodeid}::integer, '127.0.0.1', ${moving.port}::integer)`.execute(
      db,
    );
    await waitFor("everybody to go on", () =>
      theirs.every((whose, index) => writing.written(whose) > (before[index] ?? 0)),
    );
    await writing.stop();
    expect(writing.errors.filter((error) => storeError(error)?.code !== "STORE_UNAVAILABLE")).toEqual([]);
    await expectNothingLost(db, writing);
    for (const whose of theirs) expect(await portOf(db, whose)).toBe(moving.port);
    expect(await citusFindings(db)).toMatchObject([{ level: "ok" }]);
  });
});

describe("nodes that ask for passwords", () => {
  onOwnCitus("let a role without rights write, look and back up, and let nodes come and go", async () => {
    const { citus, db } = await start(true);
    const { connectionString, asSuperuser } = citus.coordinator;
    const superuser = await open(asSuperuser);
    const writing = writeFor(db, people(12));
    opened.defer(() => writing.stop());
    await hasWritten(writing, 50);
    await grow(citus, superuser);
    const [leaving] = citus.workers as [CitusNode, CitusNode];
    await drain(superuser, leaving);
    await remove(superuser, leaving);
    await hasWritten(writing, 200);
    await writing.stop();
    expect(writing.errors).toEqual([]);
    await expectNothingLost(superuser, writing);
    expect(await citusFindings(db)).toMatchObject([{ level: "ok" }]);
    await (await Queue.open(connectionString, () => {})).close();
    expect(await backedUp(connectionString)).toBeGreaterThan(writing.acknowledged.length * 16);
  });

  onOwnCitus("are told of, with the people there, where one refuses the coordinator's", async () => {
    const { citus, db } = await start(true);
    const { connectionString, asSuperuser } = citus.coordinator;
    const [refusing] = citus.workers as [CitusNode, CitusNode];
    const everybody = people(12);
    const ports = await Promise.all(everybody.map((whose) => portOf(db, whose)));
    const theirs = everybody.find((_, index) => ports[index] === refusing.port) as Person;
    // As by itself, and not as Citus has it: on all nodes.
    await query(
      refusing.asSuperuser,
      "SET citus.enable_alter_role_propagation = off; ALTER ROLE systole PASSWORD 'another'",
    );
    const later = await open(connectionString);
    const refused = await writeBoth(later, theirs, "written refused").catch(storeError);
    expect(refused).toMatchObject({
      code: "STORE_UNAVAILABLE",
      details: { reason: expect.stringContaining("password") },
    });
    expect(await citusFindings(later)).toMatchObject([
      { level: "error", remedy: expect.stringContaining("accepts the coordinator's password") },
    ]);
    await query(
      asSuperuser,
      `INSERT INTO pg_dist_authinfo SELECT nodeid, 'systole', 'password=another' FROM pg_dist_node
       WHERE nodeport = ${refusing.port}`,
    );
    await writeBoth(later, theirs, "written accepted");
    expect(await citusFindings(later)).toMatchObject([{ level: "ok" }]);
  });
});

/** Returns the bytes of rows that a backup wrote. */
async function backedUp(connectionString: string): Promise<number> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-backup-"));
  opened.defer(() => rm(directory, { recursive: true }));
  const source = { connectionString, bodies: directoryBodies(directory), key: "key", version: "1" };
  const { signal } = new AbortController();
  const file = path.join(directory, "backup");
  const { bytes } = await writeBackup(source, { file, signal, progress: () => {} });
  return bytes;
}
