/** Waiting tasks: none waits for ever, and never all of them. */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { collectingLog } from "../../test/support/delivery.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import { waitFor } from "../../test/support/wait.ts";
import { ProviderError } from "../providers/provider.ts";
import { lockAccounts } from "../store/accounts.ts";
import { updateConnection } from "../store/connections.ts";
import { findTask, insertTasks, type NewTask } from "../store/fetch-tasks.ts";
import type { IngestDeps } from "./deps.ts";
import { workTask } from "./work-task.ts";

let test: TestStore;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
});

/** Returns dependencies with which nothing reaches a provider. */
const deps = (): IngestDeps => ({ store: test.store, log: collectingLog().log }) as unknown as IngestDeps;

const create = async (given: Partial<NewTask>) => {
  const [taskId = ""] = await insertTasks(test.store.db, [
    {
      environmentId: person.id.environmentId,
      provider: "polar",
      kind: "backfill",
      traceId: "trace",
      providerUserId: person.connection.provider_user_id,
      fetches: [{ resource: "activity", key: "2026-03-01" }],
      ...given,
    },
  ]);
  return { environmentId: person.id.environmentId, taskId };
};
const stateOf = async (id: Awaited<ReturnType<typeof create>>) => {
  const row = await findTask(test.store.db, id);
  return { state: row?.state, code: row?.code };
};

describe("a task whose connection was replaced while it was looked at", () => {
  it("continues for the new one", async () => {
    const job = await create({ userId: "00000000-0000-4000-8000-000000000000" });
    const { environmentId } = person.id;
    const { provider_user_id: providerUserId } = person.connection;
    let working: Promise<void> = Promise.resolve();
    await test.store.db.transaction().execute(async (tx) => {
      await lockAccounts(tx, [{ environmentId, provider: "polar", providerUserId }]);
      working = workTask(deps(), job);
      await waitFor("the task to wait", async () => {
        const { rows } = await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(test.store.db);
        return rows.length > 0;
      });
      await tx
        .updateTable("fetch_tasks")
        .set({ user_id: person.id.userId })
        .where("task_id", "=", job.taskId)
        .execute();
    });
    await working;
    expect((await stateOf(job)).state).toBe("accepted");
  });
});

describe("while the provider refuses everything for a person", () => {
  beforeEach(() => updateConnection(test.store.db, person.id, { error_code: "PROVIDER_FORBIDDEN" }));

  it("one keeps trying, though its last try ended differently", async () => {
    const job = await create({ kind: "announced", code: "PROVIDER_BUDGET_SPENT" });
    await workTask(deps(), job);
    expect(await stateOf(job)).toEqual({ state: "accepted", code: "PROVIDER_FORBIDDEN" });
  });

  it("no schedule makes it a storm of calls", async () => {
    await create({ code: "PROVIDER_FORBIDDEN" });
    const job = await create({ kind: "reconcile", userId: person.id.userId });
    const refused = new ProviderError("PROVIDER_FORBIDDEN", "later", {});
    const planner = { ask: vi.fn().mockRejectedValue(refused) };
    const clients = { clientFor: async () => ({ access: {}, budget: {} }) };
    const wired = { ...deps(), planner, clients } as unknown as IngestDeps;
    for (let turn = 0; turn < 5; turn++) await workTask(wired, job);
    expect(planner.ask).toHaveBeenCalledTimes(1);
    expect(await stateOf(job)).toEqual({ state: "waiting", code: "PROVIDER_FORBIDDEN" });
  });

  it("the others wait", async () => {
    await create({ code: "PROVIDER_FORBIDDEN" });
    const job = await create({ kind: "announced" });
    await workTask(deps(), job);
    expect(await stateOf(job)).toEqual({ state: "waiting", code: "PROVIDER_FORBIDDEN" });
  });

  it("are logged with their written outcome", async () => {
    await create({ code: "PROVIDER_FORBIDDEN" });
    const job = await create({ kind: "reconcile", userId: person.id.userId });
    const refused = new ProviderError("PROVIDER_FORBIDDEN", "later", {});
    const { log, lines } = collectingLog();
    const planner = { ask: vi.fn().mockRejectedValue(refused) };
    const wired = {
      ...deps(),
      log,
      planner,
      clients: { clientFor: async () => ({ access: {}, budget: {} }) },
    };
    await workTask(wired as unknown as IngestDeps, job);
    const written = await stateOf(job);
    expect(lines.filter(({ msg }) => msg === "fetch task")).toEqual([expect.objectContaining(written)]);
  });
});
