import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { connect } from "../api/testing/data.ts";
import { updateConnection } from "./connections.ts";
import { insertTasks, type NewTask } from "./fetch-tasks.ts";
import { type BudgetId, changeBudgets, countPostponed, countUsers, listBudgets } from "./provider-budgets.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

let client: BudgetId;
let person: BudgetId;
beforeEach(() => {
  client = { key: randomBytes(32), provider: "polar", api: "v1" };
  person = { ...client, key: randomBytes(32), providerUserId: "7" };
});

/** Adds one to each budget; returns the counts before. */
const count = (...budgets: BudgetId[]) =>
  changeBudgets(test.store.db, budgets, (states) => ({
    states: states.map((state) => (typeof state === "number" ? state + 1 : 1)),
    answer: states,
  }));

describe("budgets", () => {
  it("begin with nothing, and are read as they were written, in the order asked for", async () => {
    expect(await count(client)).toEqual([null]);
    expect(await count(client, person)).toEqual([1, null]);
    expect(await count(person, client)).toEqual([1, 2]);
  });

  it("are changed one after the other by many at the same time: no count is lost", async () => {
    await Promise.all(Array.from({ length: 20 }, () => count(client)));
    expect(await count(client)).toEqual([20]);
  });

  it("never deadlock: many people of one client are counted at the same time", async () => {
    const others = Array.from({ length: 10 }, (): BudgetId => ({ ...person, key: randomBytes(32) }));
    await Promise.all(others.flatMap((other) => [count(client, other), count(client, person)]));
    expect(await count(client, person)).toEqual([20, 10]);
  });

  it("get the database's time, read after the wait for locks", async () => {
    const clock = async (): Promise<number> => {
      const { rows } = await sql<{ at: Date }>`SELECT clock_timestamp() AS at`.execute(test.store.db);
      return rows[0]?.at.getTime() ?? Number.NaN;
    };
    const times = [await clock()];
    const look = () =>
      changeBudgets(test.store.db, [client], (states, now) => ({ states, answer: times.push(now) }));
    await Promise.all([look(), look(), look()]);
    times.push(await clock());
    expect(times).toHaveLength(5);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it("stay as they were when the change fails", async () => {
    await count(client);
    const failing = changeBudgets(test.store.db, [client, person], () => {
      throw new Error("a mistake of ours");
    });
    await expect(failing).rejects.toThrow("a mistake of ours");
    expect(await count(client, person)).toEqual([1, null]);
  });

  it("are listed without those of single people", async () => {
    await count(client, person);
    const keys = (await listBudgets(test.store.db)).map(({ key }) => key.toString("hex"));
    expect(keys).toContain(client.key.toString("hex"));
    expect(keys).not.toContain(person.key.toString("hex"));
  });
});

describe("the users of a client", () => {
  it("are connected people: one in two environments counts once, an erased one not at all", async () => {
    const [one, other, foreign] = await Promise.all([1, 2, 3].map(() => createEnvironment(test.store)));
    if (!one || !other || !foreign) throw new Error("three environments were wanted");
    const twice = await connect(test.store, one);
    const again = await connect(test.store, other);
    await updateConnection(
      test.store.db,
      { environmentId: other.environmentId, userId: again.user_id },
      { provider_user_id: twice.provider_user_id },
    );
    const left = await connect(test.store, one);
    await updateConnection(
      test.store.db,
      { environmentId: one.environmentId, userId: left.user_id },
      { state: "revoked" },
    );
    await connect(test.store, other);
    await connect(test.store, foreign);
    const ids = [one.environmentId, other.environmentId];
    expect(await countUsers(test.store.db, "polar", ids)).toBe(2);
    expect(await countUsers(test.store.db, "other", ids)).toBe(0);
    expect(await countUsers(test.store.db, "polar", [])).toBe(0);
  });
});

describe("tasks that wait for the limits", () => {
  it("are counted by environment, provider and priority", async () => {
    const { environmentId } = await createEnvironment(test.store);
    const { environmentId: other } = await createEnvironment(test.store);
    const task = (given: Partial<NewTask> = {}): NewTask => ({
      environmentId,
      kind: "backfill",
      provider: "polar",
      providerUserId: "7",
      traceId: "trace",
      fetches: [],
      code: "BUDGET",
      ...given,
    });
    await insertTasks(test.store.db, [
      task(),
      task(),
      task({ kind: "announced" }),
      task({ environmentId: other }),
      task({ code: "OTHER" }),
      task({ state: "waiting" }),
    ]);
    const found = await countPostponed(test.store.db, "BUDGET");
    const shown = (wanted: string) =>
      found
        .filter((one) => one.environmentId === wanted)
        .map(({ priority, count: waiting }) => [priority, waiting])
        .toSorted();
    expect(shown(environmentId)).toEqual([
      [0, 2],
      [3, 1],
    ]);
    expect(shown(other)).toEqual([[0, 1]]);
  });
});
