import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "../../test/support/database.ts";
import { waitingForLocks } from "../../test/support/locks.ts";
import { waitFor } from "../../test/support/wait.ts";
import { BudgetChanges } from "./budget-changes.ts";
import type { BudgetId } from "./provider-budgets.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

let changes: BudgetChanges;
let client: BudgetId;
beforeEach(() => {
  changes = new BudgetChanges(test.store.db);
  client = { key: randomBytes(32), provider: "polar", api: "v1" };
});

/** Adds one; returns the count before, and the time of the transaction. */
const count = (budgets: readonly BudgetId[] = [client]) =>
  changes.change(budgets, (states, now) => ({
    states: states.map((state) => (typeof state === "number" ? state + 1 : 1)),
    answer: { before: states[0], now },
  }));

const fail = () =>
  changes.change([client], () => {
    throw new Error("a mistake of ours");
  });

describe("changes of a budget", () => {
  it("that come while one is being written are written together, each after the one before", async () => {
    const counted = await Promise.all(Array.from({ length: 60 }, () => count()));
    expect(counted.map(({ before }) => before)).toEqual([
      null,
      ...Array.from({ length: 59 }, (_, n) => n + 1),
    ]);
    expect(new Set(counted.map(({ now }) => now)).size).toBeLessThanOrEqual(2);
  });

  it("that follow an end after any number of steps are all written", async () => {
    for (let n = 0; n < 30; n++) {
      expect((await count()).before).toBe(n === 0 ? null : n);
      for (let steps = 0; steps < n; steps++) await null;
    }
  });

  it("are counted in all processes", async () => {
    const other = new BudgetChanges(test.store.db);
    const countThere = () =>
      other.change([client], ([state]) => ({ states: [Number(state ?? 0) + 1], answer: undefined }));
    await Promise.all(Array.from({ length: 20 }, () => [count(), countThere()]).flat());
    expect((await count()).before).toBe(40);
  });

  it("of other budgets do not wait for them", async () => {
    const person = { ...client, key: randomBytes(32), providerUserId: "7" };
    await Promise.all([count(), count([client, person]), count([client, person])]);
    expect((await count()).before).toBe(3);
    expect((await count([person])).before).toBe(2);
  });

  it("do not wait for one that is stuck", async () => {
    const impatient = new BudgetChanges(test.store.db, 0);
    const look = () => impatient.change([client], (states) => ({ states, answer: undefined }));
    await look();
    let looks: Promise<unknown> = Promise.resolve();
    await test.store.db.transaction().execute(async (tx) => {
      await tx.selectFrom("provider_budgets").where("budget_key", "=", client.key).forUpdate().execute();
      looks = Promise.all([look(), look(), look()]);
      await waitFor("each to wait by itself", async () => (await waitingForLocks(test.store.db)) === 3);
    });
    await looks;
  });

  it("one that throws costs none of the others", async () => {
    const settled = await Promise.allSettled([count(), count(), fail(), count()]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect((await count()).before).toBe(3);
  });
});
