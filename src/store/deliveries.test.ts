/** Due deliveries, and how attempts are stored. Listings are tested beside the events (events.test.ts). */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import {
  type Delivery,
  type DeliveryId,
  type DueDelivery,
  listAttempts,
  type NewAttempt,
  type Settlement,
  settleDeliveries,
} from "./deliveries.ts";
import { deleteDestination, openSettings } from "./destinations.ts";
import { putDue } from "./due-deliveries.ts";
import { lowestIdAt, newId } from "./identifiers.ts";
import { parkPending } from "./parked.ts";
import { type TakenDelivery, takeDue } from "./taken-deliveries.ts";

let test: TestStore;
let environmentId: string;
let destinationId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
  ({ destinationId } = await createWebhook(test.store, environmentId, "https://example.com/"));
});

const rows = () => listDeliveries(test.store.db, environmentId, {}, { limit: 100 });
const idOf = ({ environment_id, delivery_id }: Delivery): DeliveryId => ({
  environmentId: environment_id,
  deliveryId: delivery_id,
});

/** Oldest first. */
async function planned(count = 1, userId: string = randomUUID()): Promise<Delivery[]> {
  const events = Array.from({ length: count }, () => newEvent(environmentId, { userId }));
  const eventIds = await emit(test.store, events);
  const all = await rows();
  return eventIds.flatMap((eventId) => all.filter(({ event_id }) => event_id === eventId));
}

async function one(): Promise<{ delivery: Delivery; id: DeliveryId }> {
  const [delivery] = await planned();
  if (delivery === undefined) throw new Error("no delivery was planned");
  return { delivery, id: idOf(delivery) };
}

const change = (id: DeliveryId, values: Partial<Delivery>) =>
  test.store.db.updateTable("deliveries").set(values).where("delivery_id", "=", id.deliveryId).execute();
/** Takes these, and no others. */
async function take(...ids: DeliveryId[]): Promise<TakenDelivery[]> {
  await sql`TRUNCATE due_deliveries`.execute(test.store.db);
  await putDue(test.store.db, ids);
  return takeDue(test.store.db, newId(), 100);
}
const dueOf = (taken: readonly TakenDelivery[]) =>
  taken.flatMap((one) => (one.state === "due" ? one.delivery : []));
const openedUrl = ({ destination, destination_id: destinationId }: DueDelivery) =>
  destination &&
  openSettings(test.store.keyRing, { environmentId, destinationId }, destination.settingsSealed).url;
const due = async (...ids: DeliveryId[]) => dueOf(await take(...ids)).map(({ delivery_id }) => delivery_id);
const find = async (id: DeliveryId) =>
  (await rows()).find(({ delivery_id }) => delivery_id === id.deliveryId);

describe("a due delivery", () => {
  it("comes with its event and its destination", async () => {
    const { delivery, id } = await one();
    const taken = await take(id);
    expect(taken.map(({ state }) => state)).toEqual(["due"]);
    const deliveries = dueOf(taken);
    expect(deliveries).toMatchObject([
      {
        delivery_id: delivery.delivery_id,
        event_id: delivery.event_id,
        type: "daily",
        attempts: 0,
        older: [],
        destination: { kind: "webhook", revision: 1, active: true, payload: "inline", failing: false },
      },
    ]);
    expect(deliveries[0]?.destination?.settingsSealed).toBeInstanceOf(Buffer);
  });

  it("has its own destination, also where several of a batch go to the same", async () => {
    const other = await createWebhook(test.store, environmentId, "https://example.com/other");
    await planned(2);
    const sent = dueOf(await take(...(await rows()).map(idOf)));
    expect(sent.map((one) => [one.destination_id, openedUrl(one)]).sort()).toEqual(
      [
        [destinationId, "https://example.com/"],
        [destinationId, "https://example.com/"],
        [other.destinationId, "https://example.com/other"],
        [other.destinationId, "https://example.com/other"],
      ].sort(),
    );
  });

  it("has its destination also behind one that is not due after all", async () => {
    // They are taken in the order in which they are made due.
    const ids = (await planned(2)).map(idOf).sort((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1));
    await change(ids[0] as DeliveryId, { state: "delivered" });
    const taken = await take(...ids);
    expect(taken.map(({ state }) => state)).toEqual(["not due", "due"]);
    expect(dueOf(taken).map(openedUrl)).toEqual(["https://example.com/"]);
  });

  it("is pending, awake, and at its time", async () => {
    const { id } = await one();
    const inAnHour = new Date(Date.now() + 3_600_000);
    for (const [values, isDue] of [
      [{ next_attempt_at: new Date(Date.now() - 60_000) }, true],
      [{ next_attempt_at: inAnHour }, false],
      [{ next_attempt_at: null, parked: true }, false],
      [{ parked: false, state: "delivered" }, false],
      [{ state: "dead" }, false],
      [{ state: "pending" }, true],
    ] as const) {
      await change(id, values);
      expect(await due(id)).toEqual(isDue ? [id.deliveryId] : []);
    }
  });

  it("is separated from one that can no longer be sent, since its event is gone", async () => {
    const [gone, kept] = await planned(2);
    await test.store.db
      .deleteFrom("events")
      .where("event_id", "=", gone?.event_id ?? "")
      .execute();
    const found = await take(...[gone, kept].flatMap((row) => (row ? [idOf(row)] : [])));
    const expired = found.filter(({ state }) => state === "expired");
    expect(expired).toMatchObject([{ deliveryId: gone?.delivery_id }]);
    expect(dueOf(found).map(({ delivery_id }) => delivery_id)).toEqual([kept?.delivery_id]);
  });

  it("has no destination if that is gone", async () => {
    const { id } = await one();
    await test.store.db.deleteFrom("destinations").where("destination_id", "=", destinationId).execute();
    expect(dueOf(await take(id))[0]?.destination).toBeNull();
  });

  it("is never another environment's; without ids there is none", async () => {
    const { id } = await one();
    const other = await createEnvironment(test.store);
    expect(await due({ ...id, environmentId: other.environmentId })).toEqual([]);
    expect(await due()).toEqual([]);
  });

  it("names those of the same person that are before it at the same destination, if order is kept", async () => {
    const userId = randomUUID();
    await test.store.db.updateTable("destinations").set({ ordered: true }).execute();
    const mine = await planned(3, userId);
    await planned(1);
    const older = async () =>
      new Map(dueOf(await take(...mine.map(idOf))).map((row) => [row.delivery_id, row.older]));
    const [first, second] = mine.map(({ ordinal }) => ordinal) as [string, string];
    const named = await older();
    expect(mine.map(({ delivery_id }) => named.get(delivery_id))).toEqual([[], [first], [first, second]]);
    await change(idOf(mine[0] as Delivery), { state: "delivered" });
    const later = await older();
    expect(mine.map(({ delivery_id }) => later.get(delivery_id))).toEqual([undefined, [], [second]]);
  });
});

describe("the outcome of a delivery", () => {
  const settle = (id: DeliveryId, given: Partial<Settlement>, attempts: NewAttempt[] = []) =>
    test.store.db.transaction().execute((tx) =>
      settleDeliveries(
        tx,
        [
          {
            ...id,
            state: "pending",
            attempts: 1,
            nextAttemptInMs: null,
            parked: false,
            status: null,
            code: null,
            ...given,
          },
        ],
        attempts,
      ),
    );
  const attempt = ({ delivery, id }: Awaited<ReturnType<typeof one>>, number = 1): NewAttempt => ({
    environment_id: id.environmentId,
    // Ids of one millisecond have no order.
    attempt_id: lowestIdAt(new Date(Date.now() + number)),
    delivery_id: id.deliveryId,
    event_id: delivery.event_id,
    destination_id: delivery.destination_id,
    number,
    started_at: new Date("2025-03-01T08:00:00Z"),
    duration_ms: 12,
    outcome: "retry",
    status: 503,
    code: "DELIVERY_FAILED",
    response: "later",
    request: null,
    left_out: null,
  });

  it("is added up: attempts, the last status and code, and when the next try is due by the database's clock", async () => {
    const { id } = await one();
    await settle(id, { status: 503, code: "DELIVERY_FAILED", nextAttemptInMs: 60_000 });
    await settle(id, { status: 429, code: null, nextAttemptInMs: 60_000 });
    const { rows: kept } = await sql`SELECT attempts, last_status, last_code, finished_at,
      next_attempt_at > now() + interval '50 seconds' AND next_attempt_at <= now() + interval '60 seconds' AS soon
      FROM deliveries WHERE delivery_id = ${id.deliveryId}`.execute(test.store.db);
    expect(kept).toEqual([{ attempts: 2, last_status: 429, last_code: null, finished_at: null, soon: true }]);
  });

  it("that was only put off leaves the last status, and the last code unless there is another", async () => {
    const { id } = await one();
    await settle(id, { status: 503, code: "DELIVERY_FAILED" });
    await settle(id, { attempts: 0, parked: true });
    expect(await find(id)).toMatchObject({
      attempts: 1,
      last_status: 503,
      last_code: "DELIVERY_FAILED",
      parked: true,
    });
    await settle(id, { attempts: 0, code: "DELIVERY_TIMEOUT" });
    expect(await find(id)).toMatchObject({ attempts: 1, last_status: 503, last_code: "DELIVERY_TIMEOUT" });
  });

  it("has an end once it is delivered or given up", async () => {
    const { id } = await one();
    expect((await find(id))?.finished_at).toBeNull();
    await settle(id, { state: "delivered", status: 200 });
    expect(await find(id)).toMatchObject({ state: "delivered", finished_at: expect.any(Date) });
  });

  it("counts once if two workers deliver it at the same moment", async () => {
    const { id } = await one();
    await Promise.all([settle(id, { state: "delivered" }), settle(id, { state: "delivered" })]);
    expect(await find(id)).toMatchObject({ state: "delivered", attempts: 1 });
  });

  it("keeps each attempt with the beginning of the answer, in their order", async () => {
    const made = await one();
    const request = { method: "POST", target: "https://a.example/", headers: { a: "b" }, bytes: 7 };
    const attempts = [attempt(made, 1), { ...attempt(made, 2), request: JSON.stringify(request) }];
    await settle(made.id, {}, attempts.toReversed());
    expect(await listAttempts(test.store.db, made.id)).toEqual([attempts[0], { ...attempts[1], request }]);
    const elsewhere = { ...made.id, environmentId: (await createEnvironment(test.store)).environmentId };
    expect(await listAttempts(test.store.db, elsewhere)).toEqual([]);
  });

  it("restores nothing of a delivery that was erased meanwhile", async () => {
    const made = await one();
    await test.store.db.deleteFrom("deliveries").where("delivery_id", "=", made.id.deliveryId).execute();
    await settle(made.id, { state: "delivered" }, [attempt(made)]);
    expect(await find(made.id)).toBeUndefined();
    expect(await listAttempts(test.store.db, made.id)).toEqual([]);
  });

  describe("never deadlock with", () => {
    /** Two deliveries, of which the one that was planned first has the higher id. */
    async function crossed(): Promise<[lower: DeliveryId, higher: DeliveryId]> {
      for (;;) {
        const [first, second] = (await planned(2)).map(idOf) as [DeliveryId, DeliveryId];
        if (second.deliveryId < first.deliveryId) return [second, first];
        await change(first, { state: "delivered" });
        await change(second, { state: "delivered" });
      }
    }
    const again = { state: "pending", attempts: 1, nextAttemptInMs: 5_000, parked: false } as const;
    const settleAll = (ids: readonly DeliveryId[], attempts: NewAttempt[] = []) =>
      settleDeliveries(
        test.store.db,
        ids.map((id) => ({ ...id, ...again, status: 503, code: null })),
        attempts,
      );

    /** Holds a delivery while two transactions begin, and lets it go when both wait. */
    async function meeting(held: DeliveryId, one: () => Promise<unknown>, other: () => Promise<unknown>) {
      const { db } = test.store;
      const work: Promise<unknown>[] = [];
      await db.transaction().execute(async (tx) => {
        await sql`SELECT FROM deliveries WHERE delivery_id = ${held.deliveryId} FOR UPDATE`.execute(tx);
        work.push(one());
        await lockAwaited(db, 1);
        work.push(other());
        await lockAwaited(db, 2);
      });
      await Promise.all(work);
    }

    it("an activation or a deletion of the destination", async () => {
      const id = { environmentId, destinationId };
      for (const write of [parkPending, deleteDestination]) {
        const both = await crossed();
        await meeting(
          both[0],
          () => settleAll(both),
          () => test.store.db.transaction().execute(async (tx) => void (await write(tx, id))),
        );
      }
    });

    it("an erasure, also where an attempt changes nothing any more", async () => {
      const [lower, higher] = await crossed();
      await change(lower, { state: "delivered" });
      const made = (await rows()).find(({ delivery_id }) => delivery_id === lower.deliveryId) as Delivery;
      await meeting(
        higher,
        () => settleAll([lower, higher], [attempt({ delivery: made, id: lower })]),
        () =>
          sql`SELECT FROM deliveries WHERE delivery_id IN (${lower.deliveryId}, ${higher.deliveryId})
            ORDER BY delivery_id FOR UPDATE`.execute(test.store.db),
      );
      expect(await listAttempts(test.store.db, lower)).toHaveLength(1);
    });
  });

  it("changes nothing in another environment", async () => {
    const { id } = await one();
    const other = await createEnvironment(test.store);
    await settle({ ...id, environmentId: other.environmentId }, { state: "delivered" });
    expect((await find(id))?.state).toBe("pending");
  });
});
