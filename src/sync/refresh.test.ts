/** A refresh is not ordered again while it waits. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import { providerBySlug } from "../providers/registry.ts";
import { listOpenFetches } from "../store/fetch-tasks.ts";
import { createFirstTasks } from "./discover.ts";
import { refresh } from "./reconcile.ts";

let test: TestStore;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore();
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
  const { store } = test;
  await store.db
    .transaction()
    .execute((tx) =>
      createFirstTasks(tx, store.queue, { provider: providerBySlug("polar"), connection: person.connection }),
    );
});
afterAll(() => test.close());

/** Makes the state in which everything was fetched and made into records. */
async function answerAll(): Promise<void> {
  await test.store.db.updateTable("fetch_tasks").set({ state: "done" }).execute();
  await test.store.db
    .updateTable("coverage")
    .set({ asked_until: new Date(), days: "{[2020-01-01,2040-01-01)}" })
    .execute();
}

/** Returns the number of jobs that are due. */
async function dueJobs(taskId: string): Promise<number> {
  const { rows } = await sql<{ jobs: number }>`SELECT count(*)::int AS jobs FROM pgboss.job
    WHERE name = 'ingest' AND data->>'taskId' = ${taskId} AND start_after <= now()`.execute(test.store.db);
  return rows[0]?.jobs ?? 0;
}

describe("a refresh of all resources", () => {
  it("is ordered once, however often it is requested while it waits", async () => {
    await answerAll();
    await refresh(test.store, person.id, new Date());
    const open = await listOpenFetches(test.store.db, person.id);
    expect(open).toContainEqual(expect.objectContaining({ resource: "exercise-index" }));
    await refresh(test.store, person.id, new Date());
    expect(await listOpenFetches(test.store.db, person.id)).toEqual(open);
  });

  it("is tried now if it was to be tried later", async () => {
    const { db } = test.store;
    const inHours = new Date(Date.now() + 18 * 3_600_000);
    await db.updateTable("fetch_tasks").set({ next_attempt_at: inHours }).execute();
    await refresh(test.store, person.id, new Date());
    const rows = await db
      .selectFrom("fetch_tasks")
      .select(["task_id", "next_attempt_at"])
      .where("state", "=", "accepted")
      .where("priority", "=", 2)
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.next_attempt_at?.getTime()).toBeLessThanOrEqual(Date.now());
      expect(await dueJobs(row.task_id)).toBe(2);
    }
  });

  it("does not wait for tasks that are due at some later time", async () => {
    await test.store.db.updateTable("fetch_tasks").set({ priority: 1 }).execute();
    const before = await listOpenFetches(test.store.db, person.id);
    await refresh(test.store, person.id, new Date());
    const after = await listOpenFetches(test.store.db, person.id);
    expect(after).toHaveLength(2 * before.length);
  });
});
