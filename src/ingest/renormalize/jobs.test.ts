/** Rebuilding beside killed workers, ingest at the same time, cancellation and erasure. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../../test/support/database.ts";
import { collectingLog } from "../../../test/support/delivery.ts";
import { everything, finish, KeptPerson, nextVersion, polar } from "../../../test/support/kept-person.ts";
import { endLeases } from "../../../test/support/leases.ts";
import { parsingOf } from "../../../test/support/parsing.ts";
import { activityDay, exercise } from "../../../test/support/polar-bodies.ts";
import { waitFor } from "../../../test/support/wait.ts";
import { lockConnection } from "../../store/connections.ts";
import { eraseConnection } from "../../store/erasure.ts";
import { findRenormalization, type Renormalization } from "../../store/renormalizations.ts";
import { runBatch } from "./batch.ts";
import { beginRenormalization, cancelRenormalization, resumeRenormalization } from "./control.ts";
import { startRenormalizing } from "./worker.ts";

let test: TestStore;
let environment: TestEnvironment;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
  person = await KeptPerson.connect(test.store, environment);
});

const corrected = nextVersion("activity", (record) => ({
  ...record,
  calories_data: { total_burned_calories: 4_711 },
}));
const options = { dryRun: false, sendEvents: false, recordsPerSecond: null };
const begin = (given: Partial<Renormalization["options"]> = {}) =>
  beginRenormalization(test.store, environment.environmentId, {
    filter: everything,
    options: { ...options, ...given },
  });
const idOf = (job: Renormalization) => ({
  environmentId: job.environment_id,
  renormalizationId: job.renormalization_id,
});
const now = async (job: Renormalization) =>
  (await findRenormalization(test.store.db, idOf(job))) as Renormalization;
const batch = (job: Renormalization, step: number, provider = corrected) =>
  runBatch(
    { store: test.store, parsing: parsingOf(test.store), providerOf: () => provider },
    idOf(job),
    step,
  );
const keepExercises = (count: number) =>
  person.keep(
    "exercise",
    "*",
    Array.from({ length: count }, (_, index) => exercise(`e${String(index).padStart(3, "0")}`)),
  );
const revisions = async () => [...new Set((await person.rows()).map(({ revision }) => revision))];

describe("a worker that is killed", () => {
  it("leaves nothing of the batch under way, and another does the rest: nothing twice, nothing left out", async () => {
    await keepExercises(30);
    const job = await begin({ sendEvents: true });
    const fixture = path.join(import.meta.dirname, "killed-worker.fixture.ts");
    const child = spawn(process.execPath, [fixture, test.connectionString, test.bodiesDirectory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    // A batch takes a second, so the fifteenth record lies in the middle of the second batch.
    let made = 0;
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        made += chunk.toString().split("\n").length - 1;
        if (made >= 15) resolve();
      });
    });
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    await endLeases((text) => sql.raw(text).execute(test.store.db));
    const { log } = collectingLog();
    const stop = await startRenormalizing({
      store: test.store,
      parsing: parsingOf(test.store),
      log,
      providerOf: () => corrected,
    });
    await waitFor("the job to be done", async () => (await now(job)).state === "done");
    await stop();
    const { counts } = await now(job);
    expect(counts.records).toBe(30);
    expect(counts.types.activity).toMatchObject({ changed: 30, identical: 0 });
    expect(await revisions()).toEqual([2]);
    const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM events
      WHERE trace_id LIKE ${`${job.renormalization_id}%`}`.execute(test.store.db);
    expect([rows, counts.events]).toEqual([[{ count: 30 }], 30]);
  });
});

describe("ingest at the same time", () => {
  it("goes first or waits; a newer record of its own stays", async () => {
    await keepExercises(1);
    const job = await begin();
    let working: Promise<unknown> = Promise.resolve();
    await test.store.db.transaction().execute(async (tx) => {
      await lockConnection(tx, person.id);
      working = batch(job, 0);
      await waitFor("the batch to wait", async () => {
        const { rows } = await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(test.store.db);
        return rows.length > 0;
      });
      // The record is rebuilt from the body that arrives meanwhile.
      await tx
        .updateTable("records")
        .set({ content_hash: Buffer.alloc(32), revision: 7 })
        .where("user_id", "=", person.id.userId)
        .execute();
    });
    await working;
    expect(await revisions()).toEqual([8]);
  });

  it("never causes a deadlock", async () => {
    await keepExercises(60);
    const job = await begin({ sendEvents: true });
    const edits = async () => {
      for (let edit = 0; edit < 20; edit++) {
        await person.keep("exercise", "e050", exercise("e050", { calories: edit }), corrected);
      }
    };
    await Promise.all([finish(test.store, job, corrected), edits()]);
    expect((await now(job)).state).toBe("done");
    const row = (await person.rows()).find(({ natural_key }) => natural_key === "e050");
    expect(row?.mapper_version).toBe(corrected.mapperVersion);
  });
});

describe("a person who is erased while their records are rebuilt", () => {
  it("never causes a deadlock", async () => {
    await keepExercises(60);
    const job = await begin();
    await batch(job, 0);
    expect(JSON.stringify((await now(job)).differences)).toContain(person.id.userId);
    let working: Promise<unknown> = Promise.resolve();
    await test.store.db.transaction().execute(async (tx) => {
      await lockConnection(tx, person.id);
      working = batch(job, 1);
      await waitFor("the batch to wait", async () => {
        const { rows } = await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(test.store.db);
        return rows.length > 0;
      });
      await eraseConnection(tx, person.id);
    });
    expect(await working).toBe("running");
    expect(JSON.stringify((await now(job)).differences)).not.toContain(person.id.userId);
  });
});

describe("a job", () => {
  it("is cancelled between batches and resumes where it ended", async () => {
    await keepExercises(60);
    const job = await begin();
    expect(await batch(job, 0)).toBe("running");
    await cancelRenormalization(test.store, idOf(job));
    const cancelled = await now(job);
    expect(cancelled.state).toBe("cancelled");
    // A batch has fifty records, or as many as a second allows.
    expect(cancelled.counts.records).toBeGreaterThan(0);
    expect(cancelled.counts.records).toBeLessThanOrEqual(50);
    expect(await batch(job, 1), "what was on its way is an old one").toBeNull();
    expect((await cancelRenormalization(test.store, idOf(job))).state).toBe("cancelled");
    const resumed = await resumeRenormalization(test.store, idOf(job));
    expect(resumed).toMatchObject({ state: "running", finished_at: null });
    expect(await batch(job, 1), "and stays one").toBeNull();
    const done = await finish(test.store, resumed, corrected);
    expect(done.counts.types.activity).toMatchObject({ changed: 60, identical: 0 });
    expect(await revisions()).toEqual([2]);
    await expect(cancelRenormalization(test.store, idOf(job))).rejects.toMatchObject({
      code: "RENORMALIZATION_ENDED",
    });
    await expect(resumeRenormalization(test.store, idOf(job))).rejects.toMatchObject({
      code: "RENORMALIZATION_ENDED",
    });
  });

  it("keeps to its rate", async () => {
    await keepExercises(7);
    const job = await begin({ recordsPerSecond: 3 });
    expect(await batch(job, 0)).toBe("running");
    expect((await now(job)).counts.records).toBe(3);
    const { rows } = await sql<{ seconds: number }>`
      SELECT extract(epoch FROM start_after - created_on)::float AS seconds FROM pgboss.job
      WHERE name = 'renormalize' AND data->>'renormalizationId' = ${job.renormalization_id}
      ORDER BY created_on DESC, start_after DESC LIMIT 1`.execute(test.store.db);
    // Three records take a second, less the time they took.
    expect(rows[0]?.seconds).toBeGreaterThan(0);
    expect(rows[0]?.seconds).toBeLessThanOrEqual(1);
  });

  it("skips erased people and no longer names them", async () => {
    await keepExercises(2);
    const other = await KeptPerson.connect(test.store, environment);
    await other.keep("activity", "2026-03-01", activityDay("2026-03-01"));
    const dry = await finish(test.store, await begin({ dryRun: true }), corrected);
    expect(JSON.stringify((await now(dry)).differences)).toContain(person.id.userId);
    const job = await begin();
    await test.store.db.transaction().execute((tx) => eraseConnection(tx, person.id));
    const done = await finish(test.store, job, corrected);
    expect(done).toMatchObject({ state: "done", counts: { records: 1, payloads: 1 } });
    expect(JSON.stringify((await now(dry)).differences)).not.toContain(person.id.userId);
  });

  it("that meets a bug of ours fails visibly and can be resumed", async () => {
    await keepExercises(1);
    const { log, lines } = collectingLog();
    const job = await begin();
    const stop = await startRenormalizing({
      store: test.store,
      parsing: parsingOf(test.store),
      log,
      providerOf: () => {
        throw new Error("no such provider");
      },
    });
    const failed = await waitFor("the failure", async () => {
      const row = await now(job);
      return row.state === "failed" && row;
    });
    await stop();
    expect(failed).toMatchObject({ code: "INTERNAL", counts: { records: 0 } });
    expect(lines.some(({ msg }) => msg === "renormalisation failed")).toBe(true);
    const resumed = await resumeRenormalization(test.store, idOf(job));
    expect((await finish(test.store, resumed, polar)).state).toBe("done");
  });
});
