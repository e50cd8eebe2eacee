import { beforeEach, describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import { lockAccounts } from "../store/accounts.ts";
import { updateConnection } from "../store/connections.ts";
import { type FetchTask, findTask } from "../store/fetch-tasks.ts";
import { done, refusedForNow, type TryOutcome } from "./outcome.ts";
import { settleTry } from "./settle-try.ts";

const person = new CairnPerson();
const settle = (task: FetchTask, outcome: TryOutcome) => settleTry(person.store, task, outcome);
const find = async ({ environment_id: environmentId, task_id: taskId }: FetchTask) =>
  findTask(person.store.db, { environmentId, taskId });
const later = (seconds: number): TryOutcome => ({
  state: "accepted",
  code: "PROVIDER_UNAVAILABLE",
  details: null,
  nextAttemptAt: new Date(Date.now() + seconds * 1_000),
});
const note = { resource: "note", key: "2025-03-01" };

describe("the outcome of a try", () => {
  it("is written with the next job, at its time and with its rank", async () => {
    const task = await person.task({ kind: "refresh" });
    await settle(task, later(600));
    const [job, ...others] = await person.jobs();
    expect(others).toEqual([]);
    expect(job).toMatchObject({ taskId: task.task_id, priority: 2 });
    expect(job?.inSeconds).toBeGreaterThan(590);
    expect(job?.inSeconds).toBeLessThanOrEqual(601);
  });

  it("needs no job if there is no next try", async () => {
    const task = await person.task();
    expect(await settle(task, done)).toEqual(done);
    expect(await person.jobs()).toEqual([]);
  });

  it("is not written over another outcome, and makes no job then", async () => {
    const task = await person.task();
    await settle(task, done);
    expect(await settle(task, later(5))).toBeNull();
    expect((await find(task))?.state).toBe("done");
    expect(await person.jobs()).toEqual([]);
  });
});

describe("several tasks that are refused for one person at the same moment", () => {
  const refused: TryOutcome = { ...later(60), code: "PROVIDER_FORBIDDEN" };
  /** The state that each of the tries has noted. */
  beforeEach(() => updateConnection(person.store.db, person.id, { error_code: "PROVIDER_FORBIDDEN" }));

  it("leave one that tries again, and the others wait for its result", async () => {
    const tasks = await Promise.all([1, 2, 3].map(() => person.task()));
    const written = await Promise.all(tasks.map((task) => settle(task, refused)));
    expect(written.map((one) => one?.state).sort()).toEqual(["accepted", "waiting", "waiting"]);
    expect(await person.jobs()).toHaveLength(1);
  });

  it("leave one for each person", async () => {
    const [mine, theirs] = [await person.task(), await person.task({ providerUserId: "another" })];
    for (const task of [mine, theirs]) expect((await settle(task, refused))?.state).toBe("accepted");
  });
});

describe("a task that is to wait", () => {
  const waits: TryOutcome = {
    state: "waiting",
    code: "NOTIFICATION_USER_UNKNOWN",
    details: null,
    nextAttemptAt: null,
  };
  const announced = { kind: "announced" } as const;

  it("waits while there is no usable connection", async () => {
    const task = await person.task({ ...announced, providerUserId: "nobody" });
    expect(await settle(task, waits)).toEqual(waits);
    expect(await person.jobs()).toEqual([]);
  });

  it("continues at once if the person has just connected, and the try is not counted", async () => {
    const task = await person.task(announced);
    expect(await settle(task, waits)).toMatchObject({ state: "accepted", isPostponed: true });
    expect(await find(task)).toMatchObject({ state: "accepted", attempts: 0 });
    expect(await person.jobs()).toHaveLength(1);
  });

  it("looks again after whoever locks the account, who may be connecting", async () => {
    const providerUserId = "coming";
    const task = await person.task({ ...announced, providerUserId });
    const account = { environmentId: person.id.environmentId, provider: "cairn", providerUserId };
    let settling: Promise<unknown> = Promise.resolve();
    await person.store.db.transaction().execute(async (tx) => {
      await lockAccounts(tx, [account]);
      settling = settle(task, waits);
      await lockAwaited(person.store.db);
      await person.connect({ provider_user_id: providerUserId });
    });
    expect(await settling).toMatchObject({ state: "accepted" });
  });

  it("is the one that tries, where everything is refused for the person and no other does", async () => {
    await updateConnection(person.store.db, person.id, { error_code: "PROVIDER_FORBIDDEN" });
    const [first, second] = [await person.task(announced), await person.task(announced)];
    expect(await settle(first, refusedForNow)).toMatchObject({
      state: "accepted",
      code: "PROVIDER_FORBIDDEN",
    });
    expect(await settle(second, refusedForNow)).toEqual(refusedForNow);
  });
});

describe("companions that were missing", () => {
  it("of announced data are looked for in five seconds, whichever connection the account has", async () => {
    const task = await person.task({ kind: "announced" });
    await settle(task, { ...done, missing: [note] });
    const [look, ...others] = await person.tasks(task);
    expect(others).toEqual([]);
    expect(look).toMatchObject({
      kind: "second-look",
      fetches: [note],
      user_id: null,
      provider_user_id: person.connection.provider_user_id,
      priority: 3,
    });
    const [job] = await person.jobs();
    expect(job?.inSeconds).toBeGreaterThan(4);
    expect(job?.inSeconds).toBeLessThan(6);
  });

  it.each(["second-look", "backfill", "reconcile"] as const)(
    "of a %s are not: looks breed no looks",
    async (kind) => {
      const task = await person.task({ kind });
      await settle(task, { ...done, missing: [note] });
      expect(await person.tasks(task)).toEqual([]);
    },
  );
});

describe("a permission to be revoked", () => {
  it("names nobody once it is revoked, or was given up; until then its task has what it needs", async () => {
    const task = await person.task({ kind: "revoke", body: Buffer.from("sealed") });
    await settle(task, later(60));
    expect(await find(task)).toMatchObject({ user_id: person.id.userId, body: Buffer.from("sealed") });
    const last = await person.task({ kind: "revoke", body: Buffer.from("sealed") });
    await settle(last, { ...done, state: "failed", code: "PROVIDER_REFUSED" });
    expect(await find(last)).toMatchObject({
      user_id: null,
      provider_user_id: null,
      body: null,
      state: "failed",
    });
  });
});
