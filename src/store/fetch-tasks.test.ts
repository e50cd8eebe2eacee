import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import {
  findTask,
  insertTasks,
  isNotedAsFailed,
  listOpenFetches,
  type NewTask,
  narrowFetches,
} from "./fetch-tasks.ts";
import { newId } from "./identifiers.ts";

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

const fetchOf = (key: string) => ({ resource: "sleep", key });
const task = (given: Partial<NewTask> = {}): NewTask => ({
  environmentId,
  userId,
  kind: "backfill",
  provider: "polar",
  providerUserId: "7",
  traceId: "trace",
  fetches: [fetchOf("a")],
  ...given,
});
const insert = (...tasks: NewTask[]) => insertTasks(test.store.db, tasks);
const find = (taskId: string | undefined, place = environmentId) =>
  findTask(test.store.db, { environmentId: place, taskId: taskId ?? "" });

describe("a fetch task", () => {
  it("is written with the rank of its kind, or with a given one", async () => {
    const ids = await insert(
      task({ kind: "announced" }),
      task({ kind: "connect" }),
      task({ kind: "reconcile" }),
      task({ kind: "backfill" }),
      task({ kind: "backfill", rank: "notification" }),
    );
    const found = await Promise.all(ids.map((taskId) => find(taskId)));
    expect(found.map((row) => [row?.kind, row?.priority])).toEqual([
      ["announced", 3],
      ["connect", 2],
      ["reconcile", 1],
      ["backfill", 0],
      ["backfill", 3],
    ]);
  });

  it("that is finished from the beginning has an end time; the others have none", async () => {
    const [open, failed] = await insert(task(), task({ state: "failed", code: "PROVIDER_BODY_INVALID" }));
    expect(await find(open)).toMatchObject({
      state: "accepted",
      finished_at: null,
      attempts: 0,
      begun_at: null,
    });
    expect(await find(failed)).toMatchObject({ state: "failed", finished_at: expect.any(Date) });
  });

  it("is not found from another environment", async () => {
    const [taskId] = await insert(task());
    const other = await createEnvironment(test.store);
    expect(await find(taskId, other.environmentId)).toBeNull();
  });

  it("is not written for an empty list", async () => {
    expect(await insert()).toEqual([]);
  });

  it("can be narrowed to the fetches that are left", async () => {
    const [taskId, other] = await insert(task({ fetches: ["a", "b", "c"].map(fetchOf) }), task());
    await narrowFetches(test.store.db, { environment_id: environmentId, task_id: taskId ?? "" }, [
      fetchOf("b"),
    ]);
    expect((await find(taskId))?.fetches).toEqual([fetchOf("b")]);
    expect((await find(other))?.fetches).toEqual([fetchOf("a")]);
  });
});

describe("the open fetches of a connection", () => {
  it("are those of its open and waiting tasks, each with its priority, and of no other", async () => {
    const elsewhere = (await createEnvironment(test.store)).environmentId;
    await insert(
      task({ fetches: [fetchOf("a"), fetchOf("b")] }),
      task({ kind: "refresh", state: "waiting", fetches: [fetchOf("c")] }),
      task({ state: "done", fetches: [fetchOf("d")] }),
      task({ state: "failed", fetches: [fetchOf("e")] }),
      task({ userId: newId(), fetches: [fetchOf("f")] }),
      task({ environmentId: elsewhere, fetches: [fetchOf("g")] }),
    );
    const open = await listOpenFetches(test.store.db, { environmentId, userId });
    expect(open.map(({ key, priority }) => `${key} ${priority}`).sort()).toEqual(["a 0", "b 0", "c 2"]);
  });
});

describe("a failure that is noted", () => {
  const failed = (given: Partial<NewTask> = {}) =>
    task({ kind: "file", state: "failed", code: "PROVIDER_BODY_INVALID", ...given });

  it.each<[string, () => Partial<NewTask>, boolean]>([
    ["the same again", () => ({}), true],
    ["another thing", () => ({ fetches: [fetchOf("b")] }), false],
    ["it and another thing", () => ({ fetches: [fetchOf("a"), fetchOf("b")] }), false],
    ["another code", () => ({ code: "PROVIDER_BODY_TOO_LARGE" }), false],
    ["another person", () => ({ userId: newId() }), false],
    ["another environment", () => ({ environmentId: newId() }), false],
  ])("is told from %s", async (_, given, isNoted) => {
    await insert(failed());
    expect(await isNotedAsFailed(test.store.db, failed(given()))).toBe(isNoted);
  });

  it("is not the same as an open task for it", async () => {
    await insert(failed({ state: "accepted" }));
    expect(await isNotedAsFailed(test.store.db, failed())).toBe(false);
  });
});
