import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";
import { waitFor } from "../../test/support/wait.ts";
import type { NewJob, WorkOptions } from "./queue.ts";

let fixture: TestStore;
beforeAll(async () => {
  fixture = await startTestStore();
});
afterAll(() => fixture.close());

const worked: string[] = [];
const stops: (() => Promise<void>)[] = [];
let held: PromiseWithResolvers<void>;
beforeEach(() => {
  worked.length = 0;
  held = Promise.withResolvers();
});
afterEach(async () => {
  held.resolve();
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const job = (taskId: string, options: Omit<NewJob<"ingest">, "data"> = {}): NewJob<"ingest"> => ({
  data: { environmentId: "env", taskId },
  ...options,
});

const enqueue = (...jobs: NewJob<"ingest">[]): Promise<void> => {
  const { db, queue } = fixture.store;
  return db.transaction().execute((tx) => queue.enqueue(tx, "ingest", jobs));
};

/** Works jobs of the test's queue: each is noted, and then waits if they are held. */
async function work(
  options: Omit<WorkOptions, "batchSize">,
  wait: () => Promise<void> = async () => {},
): Promise<void> {
  const { queue } = fixture.store;
  const stop = await queue.work("ingest", { batchSize: 1, ...options }, async (jobs) => {
    worked.push(...jobs.map(({ taskId }) => taskId));
    await wait();
  });
  stops.push(stop);
}

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `job ${n}`);

it("works as many jobs side by side as it has handlers, and the others after them", async () => {
  await work({ concurrency: 4 }, () => held.promise);
  await enqueue(...names(10).map((name) => job(name)));
  await waitFor("four jobs", () => worked.length === 4);
  held.resolve();
  await waitFor("all jobs", () => worked.length === 10);
  expect(worked.toSorted()).toEqual(names(10));
});

it("keeps handlers for the jobs of some priorities", async () => {
  await work({ concurrency: 1 }, () => held.promise);
  await work({ concurrency: 1, priorities: { from: 2, to: 2 } });
  await enqueue(job("long", { priority: 3 }));
  await waitFor("the long job", () => worked.length === 1);
  await enqueue(job("also long", { priority: 3 }), job("asked for", { priority: 2 }));
  await waitFor("what was asked for", () => worked.includes("asked for"));
  expect(worked).toEqual(["long", "asked for"]);
  held.resolve();
  await waitFor("the rest", () => worked.length === 3);
});

it("finds a job that becomes due later, and one that nobody announced", async () => {
  await work({ concurrency: 2 });
  await enqueue(job("later", { startAfter: 500 }));
  await waitFor("the later job", () => worked.includes("later"));
  const { db } = fixture.store;
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'systole queue' AND query LIKE 'LISTEN%' AND datname = current_database()`.execute(
    db,
  );
  await enqueue(job("unheard"));
  await waitFor("the other", () => worked.includes("unheard"));
});

it("takes no jobs once it was stopped", async () => {
  await work({ concurrency: 2 });
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await enqueue(job("left"));
  await work({ concurrency: 1, priorities: { from: 9, to: 9 } });
  await enqueue(job("next", { priority: 9 }));
  await waitFor("the next job", () => worked.length > 0);
  expect(worked).toEqual(["next"]);
});
