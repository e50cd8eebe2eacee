import { describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import {
  createRevocation,
  createTasks,
  hastenTasks,
  resumeWaiting,
  taskFor,
  type WantedTask,
} from "./create-tasks.ts";

const person = new CairnPerson();
const inTransaction = <Answer>(work: (tx: DatabaseTransaction) => Promise<Answer>): Promise<Answer> =>
  person.store.db.transaction().execute(work);
const wanted = (given: Partial<WantedTask> = {}): WantedTask => ({
  ...taskFor(person.connection),
  kind: "backfill",
  fetches: [{ resource: "day", key: "a" }],
  ...given,
});
const create = (...tasks: WantedTask[]) => inTransaction((tx) => createTasks(tx, person.store.queue, tasks));

describe("a new task", () => {
  it("has its row and its job, at its time and with its rank, and its own trace", async () => {
    await create(wanted(), wanted({ kind: "refresh", startAfter: new Date(Date.now() + 60_000) }));
    const tasks = await person.tasks();
    expect(tasks.map(({ kind, user_id }) => [kind, user_id])).toEqual([
      ["backfill", person.id.userId],
      ["refresh", person.id.userId],
    ]);
    expect(new Set(tasks.map(({ trace_id }) => trace_id)).size).toBe(2);
    const jobs = new Map((await person.jobs()).map((job) => [job.taskId, job]));
    const [now, later] = tasks.map(({ task_id }) => jobs.get(task_id));
    expect([now?.priority, later?.priority]).toEqual([0, 2]);
    expect(now?.inSeconds).toBeLessThan(1);
    expect(later?.inSeconds).toBeGreaterThan(55);
  });

  it("is not written when its transaction is rolled back, neither row nor job", async () => {
    const failing = inTransaction(async (tx) => {
      await createTasks(tx, person.store.queue, [wanted()]);
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect([await person.tasks(), await person.jobs()]).toEqual([[], []]);
  });

  it("that revokes a permission carries that permission, sealed as it was", async () => {
    await inTransaction((tx) => createRevocation(tx, person.store.queue, person.connection));
    expect(await person.tasks()).toMatchObject([
      { kind: "revoke", body: person.connection.grant_sealed, user_id: person.id.userId, priority: 2 },
    ]);
  });
});

describe("tasks that wait for an account", () => {
  it("get their jobs again, those of others do not", async () => {
    const waiting = { state: "waiting", kind: "announced" } as const;
    const mine = await person.task(waiting);
    const other = await person.task({ ...waiting, providerUserId: "another" });
    const { environment_id: environmentId, provider, provider_user_id: providerUserId } = person.connection;
    await inTransaction((tx) =>
      resumeWaiting(tx, person.store.queue, { environmentId, provider, providerUserId }),
    );
    expect(await person.jobs()).toMatchObject([{ taskId: mine.task_id, priority: 3 }]);
    expect((await person.tasks()).find(({ task_id }) => task_id === other.task_id)?.state).toBe("waiting");
  });
});

describe("tasks that a person waits for", () => {
  it("are due now, and those that nobody waits for stay as they are", async () => {
    const later = new Date(Date.now() + 3_600_000);
    await create(wanted({ startAfter: later }), wanted({ kind: "refresh", startAfter: later }));
    const asked = (await person.tasks()).find(({ kind }) => kind === "refresh");
    await inTransaction((tx) => hastenTasks(tx, person.store.queue, person.id));
    const due = (await person.jobs()).filter(({ inSeconds }) => inSeconds < 1);
    expect(due.map(({ taskId }) => taskId)).toEqual([asked?.task_id]);
  });
});
