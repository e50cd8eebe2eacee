import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { type DeliveryId, type Settlement, settleDeliveries } from "./deliveries.ts";
import { updateDestination } from "./destinations.ts";
import { correctDue, countDue, giveBackDue, putDue, putStraysDue } from "./due-deliveries.ts";
import { takeDue } from "./taken-deliveries.ts";

let test: TestStore;
let environmentId: string;
let ids: DeliveryId[];
const [me, other] = [randomUUID(), randomUUID()];
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  await sql`TRUNCATE due_deliveries, deliveries`.execute(test.store.db);
  ({ environmentId } = await createEnvironment(test.store));
  await createWebhook(test.store, environmentId, "https://example.com/");
  await emit(test.store, [newEvent(environmentId), newEvent(environmentId), newEvent(environmentId)]);
  const rows = await listDeliveries(test.store.db, environmentId, {}, { limit: 10 });
  ids = rows.map((row) => ({ environmentId, deliveryId: row.delivery_id }));
});

const taken = async (most = 10, taker = me) => deliveries(await takeDue(test.store.db, taker, most));
const deliveries = (found: readonly DeliveryId[]) => found.map(({ deliveryId }) => deliveryId).sort();
const all = () => deliveries(ids);
const one = (): DeliveryId => ids[0] as DeliveryId;
const change = (values: Record<string, unknown>) =>
  test.store.db.updateTable("deliveries").set(values).where("delivery_id", "=", one().deliveryId).execute();
/** The row of the first delivery: who has it, and in how many seconds it is due. */
async function row() {
  const { rows } = await sql<{ taken_by: string | null; seconds: number }>`
    SELECT taken_by, round(extract(epoch FROM due_at - now()))::integer AS seconds FROM due_deliveries
    WHERE delivery_id = ${one().deliveryId}`.execute(test.store.db);
  return rows[0] ?? null;
}
const settle = (given: Partial<Settlement>) =>
  settleDeliveries(
    test.store.db,
    [
      {
        ...one(),
        state: "pending",
        attempts: 1,
        nextAttemptInMs: null,
        parked: false,
        status: null,
        code: null,
        ...given,
      },
    ],
    [],
  );

describe("what is due", () => {
  it("is taken once, by whoever asks first, and the longest due before others", async () => {
    await putDue(test.store.db, [one()], -60_000);
    expect(await taken(1)).toEqual([one().deliveryId]);
    const [mine, theirs] = await Promise.all([taken(2), taken(2, other)]);
    expect([...mine, ...theirs].sort()).toEqual(all().filter((id) => id !== one().deliveryId));
    expect(await taken()).toEqual([]);
  });

  it("is taken again when its time is over: its worker died", async () => {
    await taken();
    expect(await row()).toEqual({ taken_by: me, seconds: 10 });
    await sql`UPDATE due_deliveries SET due_at = now()`.execute(test.store.db);
    expect(await taken(10, other)).toEqual(all());
  });

  it("is due once, however often it is made due, and not before its time", async () => {
    await putDue(test.store.db, [one(), one()]);
    await putDue(test.store.db, [one()], 60_000);
    expect(await taken()).toEqual(all().filter((id) => id !== one().deliveryId));
    expect(await row()).toEqual({ taken_by: null, seconds: 60 });
  });

  it("is due again soon when it is given back, unless another worker has it by now", async () => {
    await taken();
    await giveBackDue(test.store.db, other, ids, 2_000);
    expect(await row()).toEqual({ taken_by: me, seconds: 10 });
    await giveBackDue(test.store.db, me, ids, 2_000);
    expect(await row()).toEqual({ taken_by: null, seconds: 2 });
  });

  it("is counted: what waits, and what a worker has", async () => {
    await taken(2);
    expect(await countDue(test.store.db)).toEqual({ waiting: 1, active: 2 });
    await sql`UPDATE due_deliveries SET taken_by = NULL`.execute(test.store.db);
    expect(await countDue(test.store.db)).toEqual({ waiting: 1, active: 0 });
  });
});

describe("an outcome", () => {
  it.each([
    ["delivered", { state: "delivered" }, null],
    ["given up", { state: "dead" }, null],
    ["parked", { parked: true }, null],
    ["to be tried again", { nextAttemptInMs: 60_000 }, { taken_by: null, seconds: 60 }],
    ["given back", { nextAttemptInMs: 0 }, { taken_by: null, seconds: 0 }],
  ] as const)("%s says when it is due", async (_, given, expected) => {
    await taken();
    await settle(given);
    expect(await row()).toEqual(expected);
  });

  it("of a slower worker does not make due what is delivered", async () => {
    await settle({ state: "delivered" });
    await settle({ nextAttemptInMs: 1_000 });
    expect(await row()).toBeNull();
  });
});

describe("what was taken and turns out not to be due", () => {
  it.each([
    ["finished", { state: "delivered" }, null],
    ["parked", { parked: true }, null],
    ["waiting", { next_attempt_at: sql`now() + interval '1 minute'` }, { taken_by: null, seconds: 60 }],
  ] as const)("because it is %s is corrected", async (_, values, expected) => {
    await taken();
    await change(values);
    await correctDue(test.store.db, me, [one()]);
    expect(await row()).toEqual(expected);
  });

  it("is left as it is when it was made due meanwhile", async () => {
    await taken();
    await change({ state: "delivered" });
    await putDue(test.store.db, [one()]);
    await correctDue(test.store.db, me, [one()]);
    expect(await row()).toEqual({ taken_by: null, seconds: 0 });
  });
});

describe("what a process of a former release left", () => {
  const minutesAgo = (minutes: number) => sql<Date>`now() - ${minutes} * interval '1 minute'`;
  const left = async (values: Record<string, unknown>): Promise<number> => {
    await sql`DELETE FROM due_deliveries`.execute(test.store.db);
    await change(values);
    return putStraysDue(test.store.db);
  };

  it("is made due once it is overdue, whether it was tried or not", async () => {
    expect(await left({ created_at: minutesAgo(2) })).toBe(1);
    expect(await taken()).toEqual([one().deliveryId]);
    expect(await left({ next_attempt_at: minutesAgo(2) })).toBe(1);
    expect(await putStraysDue(test.store.db)).toBe(0);
  });

  it.each([
    ["it is not overdue", {}],
    ["it waits for its next attempt", { next_attempt_at: sql`now() + interval '1 minute'` }],
    ["it is parked", { parked: true }],
    ["it is finished", { state: "delivered" }],
  ])("is left when %s", async (_, values) => {
    expect(await left({ created_at: minutesAgo(0), ...values })).toBe(0);
  });

  it("is sent, or settled, also of a destination that is switched off", async () => {
    const [row] = await listDeliveries(test.store.db, environmentId, {}, { limit: 1 });
    const id = { environmentId, destinationId: row?.destination_id ?? "" };
    await updateDestination(test.store.db, test.store.keyRing, id, { active: false });
    expect(await left({ created_at: minutesAgo(2) })).toBe(1);
  });
});
