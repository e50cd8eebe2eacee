import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { type FetchTask, type FetchTaskId, findTask, insertTasks, type NewTask } from "./fetch-tasks.ts";
import { newId } from "./identifiers.ts";
import { priorityOf } from "./ranks.ts";
import type { DatabaseTransaction } from "./tables.ts";
import {
  beginTry,
  bringForward,
  type DueTask,
  forgetWhose,
  isBeingTried,
  reviveWaiting,
  settleTask,
  type TaskOutcome,
} from "./task-tries.ts";

let test: TestStore;
let environmentId: string;
let userId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
  userId = newId();
});

async function create(given: Partial<NewTask> = {}): Promise<FetchTaskId> {
  const task: NewTask = {
    environmentId,
    userId,
    kind: "backfill",
    provider: "polar",
    providerUserId: "7",
    traceId: "trace",
    fetches: [{ resource: "sleep", key: "a" }],
    ...given,
  };
  const [taskId = ""] = await insertTasks(test.store.db, [task]);
  return { environmentId: task.environmentId, taskId };
}

async function find(id: FetchTaskId): Promise<FetchTask> {
  const found = await findTask(test.store.db, id);
  if (found === null) throw new Error("the task is gone");
  return found;
}

const rowOf = ({ environmentId: environment_id, taskId: task_id }: FetchTaskId) => ({
  environment_id,
  task_id,
});
const outcome = (given: Partial<TaskOutcome> = {}): TaskOutcome => ({
  state: "done",
  code: null,
  details: null,
  nextAttemptAt: null,
  ...given,
});
const begin = (id: FetchTaskId) => beginTry(test.store.db, id);
const settle = (id: FetchTaskId, given: Partial<TaskOutcome> = {}) =>
  settleTask(test.store.db, rowOf(id), outcome(given));
const idsOf = (due: readonly DueTask[]) => due.map(({ task_id }) => task_id).sort();
const inTransaction = <Answer>(work: (tx: DatabaseTransaction) => Promise<Answer>): Promise<Answer> =>
  test.store.db.transaction().execute(work);

describe("a try", () => {
  it("is marked on the row it returns", async () => {
    const id = await create();
    expect(await begin(id)).toMatchObject({ task_id: id.taskId, begun_at: expect.any(Date) });
  });

  it.each(["done", "failed", "waiting"] as const)("does not begin where the task is %s", async (state) => {
    const id = await create({ state });
    expect(await begin(id)).toBeNull();
    expect((await find(id)).begun_at).toBeNull();
  });

  it("does not begin from another environment", async () => {
    const id = await create();
    const other = await createEnvironment(test.store);
    expect(await begin({ ...id, environmentId: other.environmentId })).toBeNull();
  });

  it("that succeeded is counted and finished", async () => {
    const id = await create();
    await begin(id);
    expect(await settle(id, { details: { records_changed: 2 } })).toBe(true);
    expect(await find(id)).toMatchObject({
      state: "done",
      attempts: 1,
      begun_at: null,
      finished_at: expect.any(Date),
      details: { records_changed: 2 },
    });
  });

  it("that is followed by another leaves the task open, with the reason and the time", async () => {
    const id = await create();
    await begin(id);
    const nextAttemptAt = new Date("2030-01-01T00:00:00Z");
    await settle(id, { state: "accepted", code: "PROVIDER_UNAVAILABLE", nextAttemptAt });
    expect(await find(id)).toMatchObject({
      state: "accepted",
      code: "PROVIDER_UNAVAILABLE",
      attempts: 1,
      begun_at: null,
      next_attempt_at: nextAttemptAt,
      finished_at: null,
    });
  });

  it("for which the limits allowed no call is not counted", async () => {
    const id = await create();
    await begin(id);
    await settle(id, { state: "accepted", code: "PROVIDER_BUDGET_SPENT", isPostponed: true });
    expect((await find(id)).attempts).toBe(0);
  });

  it("that never began is not written, nor one of another environment", async () => {
    const id = await create();
    expect(await settle(id)).toBe(false);
    await begin(id);
    const other = await createEnvironment(test.store);
    expect(await settle({ ...id, environmentId: other.environmentId })).toBe(false);
    expect(await find(id)).toMatchObject({ state: "accepted", attempts: 0 });
  });

  it("handed out twice is written once, though both end at the same moment", async () => {
    const id = await create();
    await Promise.all([begin(id), begin(id)]);
    const written = await Promise.all([settle(id), settle(id, { state: "failed", code: "INTERNAL" })]);
    expect(written.toSorted()).toEqual([false, true]);
    expect((await find(id)).attempts).toBe(1);
  });
});

describe("a task that ended a permission", () => {
  it("no longer names its person, and stays", async () => {
    const id = await create({ kind: "revoke", body: Buffer.from("sealed"), details: { a: 1 } });
    const kept = await create({ kind: "revoke" });
    await inTransaction((tx) => forgetWhose(tx, rowOf(id)));
    expect(await find(id)).toMatchObject({
      provider_user_id: null,
      user_id: null,
      body: null,
      details: null,
    });
    expect((await find(kept)).user_id).toBe(userId);
  });
});

describe("the tasks that wait for an account", () => {
  it("are resumed, but no tasks of others and no finished ones", async () => {
    const waiting = { state: "waiting", code: "PROVIDER_UNAUTHORIZED" } as const;
    const [first, second] = [await create(waiting), await create({ ...waiting, kind: "announced" })];
    const elsewhere = (await createEnvironment(test.store)).environmentId;
    const others = [
      await create({ ...waiting, providerUserId: "8" }),
      await create({ ...waiting, provider: "other" }),
      await create({ ...waiting, environmentId: elsewhere }),
      await create({ ...waiting, state: "failed" }),
    ];
    const account = { environmentId, provider: "polar", providerUserId: "7" };
    const due = await inTransaction((tx) => reviveWaiting(tx, account));
    expect(idsOf(due)).toEqual([first.taskId, second.taskId].sort());
    expect(due.find(({ task_id }) => task_id === second.taskId)?.priority).toBe(priorityOf("notification"));
    expect(await find(first)).toMatchObject({ state: "accepted", code: null });
    for (const other of others) expect((await find(other)).state).not.toBe("accepted");
    expect(await inTransaction((tx) => reviveWaiting(tx, account))).toEqual([]);
  });
});

describe("bringing forward", () => {
  it("makes due the waiting tasks with at least this rank", async () => {
    const later = new Date(Date.now() + 3_600_000);
    const [request, announced] = [
      await create({ kind: "refresh", startAfter: later }),
      await create({ kind: "announced", startAfter: later }),
    ];
    await create({ kind: "backfill", startAfter: later });
    await create({ kind: "refresh", startAfter: new Date(Date.now() - 60_000) });
    await create({ kind: "refresh" });
    await create({ kind: "refresh", startAfter: later, state: "waiting" });
    await create({ kind: "refresh", startAfter: later, userId: newId() });
    const due = await inTransaction((tx) =>
      bringForward(tx, { environmentId, userId }, priorityOf("request")),
    );
    expect(idsOf(due)).toEqual([request.taskId, announced.taskId].sort());
    const { rows } = await sql<{ due: boolean }>`SELECT next_attempt_at <= now() AS due FROM fetch_tasks
      WHERE task_id = ${request.taskId}`.execute(test.store.db);
    expect(rows).toEqual([{ due: true }]);
  });
});

describe("whether another task of an account is being tried", () => {
  const code = "PROVIDER_FORBIDDEN";

  it.each<[string, () => Partial<NewTask>, boolean]>([
    ["the same failure", () => ({ code }), true],
    ["another failure", () => ({ code: "PROVIDER_UNAVAILABLE" }), false],
    ["one that waits itself", () => ({ code, state: "waiting" }), false],
    ["one of another account", () => ({ code, providerUserId: "8" }), false],
    ["one of another environment", () => ({ code, environmentId: newId() }), false],
  ])("is told by %s", async (_, given, expected) => {
    const task = await find(await create({ code }));
    expect(await inTransaction((tx) => isBeingTried(tx, task, code))).toBe(false);
    await create(given());
    expect(await inTransaction((tx) => isBeingTried(tx, task, code))).toBe(expected);
  });
});
