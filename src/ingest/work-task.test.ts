import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { CairnPerson, daysReply } from "../../test/support/cairn-person.ts";
import { ProviderClients } from "../connections/provider-clients.ts";
import { createProviderGuard } from "../security/address-guard.ts";
import { isDistributed } from "../store/citus/dialect.ts";
import { type FetchTask, findTask } from "../store/fetch-tasks.ts";
import type { Tables } from "../store/tables.ts";
import { workTask } from "./work-task.ts";

const person = new CairnPerson();
const jobOf = ({ environment_id: environmentId, task_id: taskId }: FetchTask) => ({ environmentId, taskId });
const find = async (task: FetchTask) => findTask(person.store.db, jobOf(task));
const outcomes = () => person.lines.filter(({ msg }) => msg === "fetch task");

describe("a try of a task", () => {
  it("fetches, makes the record, and writes and logs its outcome", async () => {
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 5 }) });
    const task = await person.task();
    await workTask(person.deps(), jobOf(task));
    expect(await person.days()).toEqual({ "2025-03-01": [5, null, 1] });
    expect(await find(task)).toMatchObject({ state: "done", attempts: 1, details: { records_changed: 1 } });
    expect(outcomes()).toMatchObject([
      {
        level: "info",
        kind: "backfill",
        state: "done",
        code: null,
        attempt: 1,
        records_changed: 1,
        trace_id: "trace",
      },
    ]);
  });

  it("that fails is written with its code and has a job for the next one", async () => {
    person.serve({ "/day/2025-03-01": { status: 503 } });
    const task = await person.task();
    await workTask(person.deps(), jobOf(task));
    const row = await find(task);
    expect(row).toMatchObject({ state: "accepted", code: "PROVIDER_UNAVAILABLE", attempts: 1 });
    expect(outcomes()).toMatchObject([{ level: "warn", code: "PROVIDER_UNAVAILABLE" }]);
    expect(await person.jobs()).toMatchObject([{ taskId: task.task_id, priority: 0 }]);
  });

  it("of a finished task makes no call, and changes nothing", async () => {
    const task = await person.task();
    const finished = { ...task, state: "done" as const };
    await person.store.db
      .updateTable("fetch_tasks")
      .set({ state: "done" })
      .where("task_id", "=", task.task_id)
      .execute();
    await workTask(person.deps(), jobOf(task));
    expect(person.asked()).toEqual([]);
    expect(await find(task)).toEqual(finished);
    expect(outcomes()).toEqual([]);
  });

  it("by two workers at the same time is written once", async () => {
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": 5 }) });
    const task = await person.task();
    await Promise.all([1, 2].map(() => workTask(person.deps(), jobOf(task))));
    expect(await person.days()).toEqual({ "2025-03-01": [5, null, 1] });
    expect((await find(task))?.attempts).toBe(1);
    expect(outcomes()).toHaveLength(1);
  });

  it("that ends in a bug of ours is tried again, and logged as one", async () => {
    person.serve({ "/day/2025-03-01": daysReply({ "2025-03-01": -1 }) });
    const task = await person.task();
    await workTask(person.deps(), jobOf(task));
    expect(await find(task)).toMatchObject({ state: "accepted", code: "INTERNAL", attempts: 1 });
    expect(person.lines.filter(({ msg }) => msg === "ingest failed")).toHaveLength(1);
  });

  it("that meets a failing database does not count: the task stays to be handed out again", async () => {
    const url = new URL(person.connectionString);
    url.pathname = "/no_such_database";
    const pool = new pg.Pool({ connectionString: url.href });
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    const clients = new ProviderClients({ ...person.store, db }, createProviderGuard({ allowPrivate: true }));
    const task = await person.task();
    const working = workTask(person.deps({ clients }), jobOf(task));
    if (isDistributed(person.store.db)) {
      // It may be one node that fails: that is written down, and the task waits for it.
      await working;
      expect(await find(task)).toMatchObject({ state: "accepted", attempts: 0, code: "STORE_UNAVAILABLE" });
    } else {
      await expect(working).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect(await find(task)).toMatchObject({ state: "accepted", attempts: 0, code: null });
      expect(outcomes()).toEqual([]);
    }
    await db.destroy();
  });

  it("in a process that stops does not count either", async () => {
    const stopping = new AbortController();
    person.server.script = () => () => stopping.abort();
    const task = await person.task();
    const working = workTask(person.deps({ stopping: stopping.signal }), jobOf(task));
    await expect(working).rejects.toThrow("The process stops");
    expect(await find(task)).toMatchObject({ state: "accepted", attempts: 0, code: null });
    expect(await person.bodies()).toEqual([]);
  });
});
