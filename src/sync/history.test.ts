/** A person's older data in steps. */
import { beforeAll, describe, expect, it } from "vitest";
import { cairnWith, dayResource, single } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { Discovery, Provider } from "../providers/provider.ts";
import { addProvider } from "../providers/registry.ts";
import { listCoverage, markCovered } from "../store/coverage.ts";
import { addDays, utcDay } from "../store/days.ts";
import type { FetchTask } from "../store/fetch-tasks.ts";
import { isDiscoverable } from "./coverage.ts";
import { createFirstTasks, createNewsTasks } from "./discover.ts";
import { continueHistory } from "./history.ts";

const reachDays = 400;
const discovery: Discovery = {
  ...(dayResource.discovery as Discovery),
  announced: false,
  reachDays,
  daysPerCall: 1,
  key: (day) => day,
};
const longer: Provider = {
  ...cairnWith({ discovery }, single("mood", { discovery })),
  name: "LONG_CAIRN",
  slug: "long-cairn",
};
const person = new CairnPerson();
const today = utcDay(new Date());
beforeAll(() => addProvider(longer));

/** Connects the person to a provider that answers 400 days back, for two resources. */
async function connect(): Promise<void> {
  await person.store.db
    .updateTable("connections")
    .set({ provider: longer.slug, scopes: null })
    .where("user_id", "=", person.id.userId)
    .execute();
  person.connection = await person.reread();
  await person.store.db
    .transaction()
    .execute((tx) =>
      createFirstTasks(tx, person.store.queue, { provider: longer, connection: person.connection }),
    );
}

const open = async (): Promise<FetchTask[]> =>
  (await person.tasks()).filter(({ state }) => state === "accepted");

/** Ends a task as its try would: its days are known, or it is given up. */
async function end(task: FetchTask, state: "done" | "failed"): Promise<void> {
  const { db } = person.store;
  for (const { covers } of state === "done" ? task.fetches : []) {
    if (covers === undefined) continue;
    const askedUntil = covers.to >= today ? new Date() : null;
    await markCovered(db, person.id, {
      resource: covers.resource,
      days: covers,
      askedUntil,
      begunAt: new Date(),
    });
  }
  await db
    .updateTable("fetch_tasks")
    .set({ state, finished_at: new Date() })
    .where("task_id", "=", task.task_id)
    .execute();
}

const goOn = (task: FetchTask) => continueHistory(person.store, task, new Date());

/** Works all tasks, the earliest first. Returns their days in that order, and the most tasks that were open at once. */
async function workAll(stateOf: (task: FetchTask) => "done" | "failed" = () => "done") {
  const days: string[] = [];
  let most = 0;
  for (let tasks = await open(); tasks.length > 0; tasks = await open()) {
    most = Math.max(most, tasks.length);
    if (days.length > 5 * reachDays) throw new Error("the same days again and again");
    for (const task of tasks) {
      days.push(...task.fetches.map(({ resource, key }) => `${resource} ${key}`));
      await end(task, stateOf(task));
    }
    await goOn(tasks.at(-1) as FetchTask);
  }
  return { days, most };
}

describe("the history of a person who connects", () => {
  it("waits in few tasks, comes newest first with the same days together, and is whole in the end", async () => {
    await connect();
    const first = await open();
    expect(first.slice(1).every(({ fetches }) => fetches.length === 2)).toBe(true);
    const { days, most } = await workAll();
    expect(most).toBeLessThan(100);
    expect(new Set(days).size).toBe(2 * reachDays);
    expect(days.length).toBe(2 * reachDays);
    const ofMood = days.filter((one) => one.startsWith("mood"));
    expect(ofMood).toEqual(ofMood.toSorted().toReversed());
    for (const { days: known } of await listCoverage(person.store.db, person.id))
      expect(known).toEqual([{ from: addDays(today, 1 - reachDays), to: today }]);
  });

  it("is not planned further while enough of it waits", async () => {
    await connect();
    const [first, next] = (await open()) as [FetchTask, FetchTask];
    await end(first, "done");
    await end(next, "done");
    const before = await open();
    await goOn(next);
    expect(await open()).toEqual(before);
    // Reconciliation plans no more of it either.
    for (const task of before.slice(0, 10)) await end(task, "done");
    const left = (await open()).length;
    await person.store.db.transaction().execute((tx) =>
      createNewsTasks(tx, person.store.queue, {
        kind: "reconcile",
        connection: person.connection,
        resources: longer.resources.filter(isDiscoverable),
        now: new Date(),
      }),
    );
    const history = (await open()).filter(({ priority }) => priority === 0);
    expect(history.map(({ task_id }) => task_id)).toHaveLength(left);
  });

  it("goes on with reconciliation when a process died before it planned the next step", async () => {
    await connect();
    for (const task of await open()) await end(task, "done");
    expect(await open()).toEqual([]);
    await person.store.db.transaction().execute((tx) =>
      createNewsTasks(tx, person.store.queue, {
        kind: "reconcile",
        connection: person.connection,
        resources: longer.resources.filter(isDiscoverable),
        now: new Date(),
      }),
    );
    const { days } = await workAll();
    expect(days).toContain(`day ${addDays(today, 1 - reachDays)}`);
  });

  it("goes on behind days that were given up, and asks for each of those once", async () => {
    await connect();
    const { days } = await workAll(({ kind }) => (kind === "backfill" ? "failed" : "done"));
    expect(days.length).toBe(2 * reachDays);
    expect(days).toContain(`mood ${addDays(today, 1 - reachDays)}`);
  });

  it("goes on behind days that fail and are tried later, however many there are", async () => {
    await connect();
    const { db } = person.store;
    const failOnce = (task: FetchTask) =>
      db
        .updateTable("fetch_tasks")
        .set({ attempts: 1, code: "PROVIDER_UNAVAILABLE" })
        .where("task_id", "=", task.task_id)
        .execute();
    const untried = async () => (await open()).filter(({ attempts }) => attempts === 0);
    for (let step = 0; step < 3; step++) {
      const tasks = await untried();
      expect(tasks.length).toBeGreaterThan(0);
      for (const task of tasks) await failOnce(task);
      await goOn(tasks.at(-1) as FetchTask);
    }
    expect((await open()).flatMap(({ fetches }) => fetches).length).toBeGreaterThan(300);
    // So many are an outage: no more is planned until some of them succeed.
    for (let step = 0; step < 4; step++) {
      const tasks = await untried();
      for (const task of tasks) await failOnce(task);
      if (tasks.length > 0) await goOn(tasks.at(-1) as FetchTask);
    }
    expect(await untried()).toEqual([]);
    expect((await open()).flatMap(({ fetches }) => fetches).length).toBeLessThan(600);
  });

  it("ends with the connection", async () => {
    await connect();
    const tasks = await open();
    for (const task of tasks) await end(task, "done");
    await person.leave();
    await goOn(tasks.at(-1) as FetchTask);
    expect(await open()).toEqual([]);
  });
});
