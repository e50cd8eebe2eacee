import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import type { DeliveryId } from "./deliveries.ts";
import { type DestinationId, updateDestination } from "./destinations.ts";
import {
  announceParking,
  countAwake,
  giveUpParked,
  hasNoneParked,
  hasParked,
  inOrder,
  joinParking,
  listToWake,
  lockToWake,
  parkPending,
  setNextLook,
  takeParked,
} from "./parked.ts";
import type { DatabaseTransaction } from "./tables.ts";

let test: TestStore;
let environmentId: string;
let id: DestinationId;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
  id = await createWebhook(test.store, environmentId, "https://example.com/");
});

const inTransaction = <Answer>(work: (tx: DatabaseTransaction) => Promise<Answer>): Promise<Answer> =>
  test.store.db.transaction().execute(work);
const announce = (crowded: boolean) => inTransaction((tx) => announceParking(tx, { ...id, crowded }));
const take = (limit = 100, of = id) => inTransaction((tx) => takeParked(tx, of, limit));
const destination = () =>
  test.store.db
    .selectFrom("destinations")
    .selectAll()
    .where("destination_id", "=", id.destinationId)
    .executeTakeFirstOrThrow();
const changeDestination = (values: {
  wake_at?: Date | null;
  wake_size?: number;
  failing_since?: Date | null;
}) =>
  test.store.db
    .updateTable("destinations")
    .set(values)
    .where("destination_id", "=", id.destinationId)
    .execute();
const past = new Date(Date.now() - 60_000);

/** Parks deliveries of one person each, oldest first, or of the named people. */
async function park(...people: string[]): Promise<string[]> {
  const events = people.map((userId) => newEvent(environmentId, { userId }));
  const eventIds = await emit(test.store, events);
  await test.store.db
    .updateTable("deliveries")
    .set({ parked: true })
    .where("event_id", "in", eventIds)
    .execute();
  const rows = await listDeliveries(test.store.db, environmentId, {}, { limit: 100 });
  return eventIds.flatMap((eventId) =>
    rows
      .filter((row) => row.event_id === eventId && row.destination_id === id.destinationId)
      .map((row) => row.delivery_id),
  );
}
const people = (count: number) => Array.from({ length: count }, () => randomUUID());
const taken = (ids: readonly DeliveryId[]) => ids.map(({ deliveryId }) => deliveryId).sort();

describe("parked deliveries", () => {
  it("are woken oldest first, up to the limit, and none twice", async () => {
    const parked = await park(...people(5));
    expect(taken(await take(2))).toEqual(parked.slice(0, 2).sort());
    expect(taken(await take(2))).toEqual(parked.slice(2, 4).sort());
    expect(taken(await take(2))).toEqual(parked.slice(4));
    expect(await inTransaction((tx) => hasParked(tx, id))).toBe(false);
  });

  it("are woken once by two processes at the same time", async () => {
    const parked = await park(...people(6));
    const [one, other] = await Promise.all([take(6), take(6)]);
    expect(taken([...one, ...other])).toEqual(parked.sort());
  });

  it("of a person wait for that person's earlier one that is awake, if order is kept", async () => {
    await test.store.db.updateTable("destinations").set({ ordered: true }).execute();
    const [me, other] = people(2) as [string, string];
    const [first, second, theirs] = await park(me, me, other);
    await test.store.db
      .updateTable("deliveries")
      .set({ parked: false })
      .where("delivery_id", "=", first ?? "")
      .execute();
    expect(taken(await take())).toEqual([theirs]);
    await test.store.db
      .updateTable("deliveries")
      .set({ state: "delivered" })
      .where("delivery_id", "=", first ?? "")
      .execute();
    expect(taken(await take())).toEqual([second]);
  });

  it("belong to one destination and one environment", async () => {
    await park(...people(2));
    const other = await createEnvironment(test.store);
    expect(await take(100, { ...id, environmentId: other.environmentId })).toEqual([]);
    const empty = await createWebhook(test.store, environmentId, "https://example.org/", ["sleep"]);
    expect(await take(100, empty)).toEqual([]);
    expect(await inTransaction((tx) => hasParked(tx, empty))).toBe(false);
  });

  it("are given up above the given age, oldest first, with the code of the last try if there was one", async () => {
    const [tried, untried, young] = await park(...people(3));
    const old = sql<Date>`now() - interval '25 hours'`;
    const change = test.store.db.updateTable("deliveries").set({ created_at: old });
    await change.where("delivery_id", "in", [tried ?? "", untried ?? ""]).execute();
    await test.store.db
      .updateTable("deliveries")
      .set({ last_code: "DELIVERY_TIMEOUT" })
      .where("delivery_id", "=", tried ?? "")
      .execute();
    const giveUp = (limit: number) =>
      inTransaction((tx) =>
        giveUpParked(tx, id, { olderThanMs: 24 * 3_600_000, code: "DELIVERY_FAILED", limit }),
      );
    expect([await giveUp(1), await giveUp(5), await giveUp(5)]).toEqual([1, 1, 0]);
    const rows = await listDeliveries(test.store.db, environmentId, {}, { limit: 100 });
    const of = (deliveryId: string | undefined) => rows.find(({ delivery_id }) => delivery_id === deliveryId);
    expect(of(tried)).toMatchObject({
      state: "dead",
      last_code: "DELIVERY_TIMEOUT",
      finished_at: expect.any(Date),
    });
    expect(of(untried)).toMatchObject({ state: "dead", last_code: "DELIVERY_FAILED" });
    expect(of(young)).toMatchObject({ state: "pending", parked: true });
  });

  it("are not counted as awake, nor are those that wait for a later try", async () => {
    await park(...people(1));
    const [deliveryId] = await park(...people(1));
    const awake = (limit = 10) => inTransaction((tx) => countAwake(tx, id, limit));
    const change = (seconds: number | null) =>
      test.store.db
        .updateTable("deliveries")
        .set({
          parked: false,
          next_attempt_at: seconds === null ? null : sql<Date>`now() + ${seconds} * interval '1 second'`,
        })
        .where("delivery_id", "=", deliveryId ?? "")
        .execute();
    expect(await awake()).toBe(0);
    await change(null);
    expect(await awake()).toBe(1);
    await change(600);
    expect(await awake()).toBe(0);
    await change(10);
    expect([await awake(), await awake(0)]).toEqual([1, 0]);
  });

  it("include everything pending after all is parked at once", async () => {
    await emit(test.store, [newEvent(environmentId), newEvent(environmentId)]);
    await changeDestination({ failing_since: past });
    await inTransaction((tx) => parkPending(tx, id));
    const rows = await listDeliveries(test.store.db, environmentId, {}, { limit: 100 });
    expect(rows.map(({ parked, next_attempt_at }) => [parked, next_attempt_at])).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(await destination()).toMatchObject({ failing_since: null, wake_at: expect.any(Date) });
  });
});

describe("a destination that has parked deliveries", () => {
  it("is looked at soon after the first, and later ones do not postpone that", async () => {
    await announce(false);
    const { wake_at: first } = await destination();
    expect(first).not.toBeNull();
    await announce(false);
    expect((await destination()).wake_at).toEqual(first);
  });

  it("has half as many woken next time when its queue was too long, but sixteen at least", async () => {
    await changeDestination({ wake_size: 40 });
    const sizes: number[] = [];
    for (const crowded of [false, true, true, true]) {
      await announce(crowded);
      sizes.push((await destination()).wake_size);
    }
    expect(sizes).toEqual([40, 20, 16, 16]);
  });

  it("is listed when it is active and its look is due", async () => {
    const isListed = async () =>
      (await listToWake(test.store.db)).some(({ destinationId }) => destinationId === id.destinationId);
    expect(await isListed()).toBe(false);
    await changeDestination({ wake_at: new Date(Date.now() + 3_600_000) });
    expect(await isListed()).toBe(false);
    await changeDestination({ wake_at: past });
    expect(await isListed()).toBe(true);
    await updateDestination(test.store.db, test.store.keyRing, id, { active: false });
    expect(await isListed()).toBe(false);
  });

  it("is woken by one process: the second finds that the first has set the next look", async () => {
    await changeDestination({ wake_at: past, wake_size: 32, failing_since: new Date(Date.now() - 90_000) });
    let second: Promise<unknown> = Promise.resolve();
    await inTransaction(async (tx) => {
      const sleeper = await lockToWake(tx, id);
      expect(sleeper?.wakeSize).toBe(32);
      expect(sleeper?.failingMs).toBeGreaterThanOrEqual(90_000);
      second = inTransaction((other) => lockToWake(other, id));
      await lockAwaited(test.store.db);
      await setNextLook(tx, id, { inMs: 60_000, wakeSize: 64 });
    });
    expect(await second).toBeNull();
    expect(await destination()).toMatchObject({ wake_size: 64 });
  });

  it("has no next look when nothing is parked any more", async () => {
    await changeDestination({ wake_at: past });
    await inTransaction((tx) => setNextLook(tx, id, { inMs: null, wakeSize: 16 }));
    expect((await destination()).wake_at).toBeNull();
  });

  it("is looked at while transactions park, but keeps its looks for what they write", async () => {
    await changeDestination({ wake_at: past });
    const mayEnd = () => inTransaction((tx) => hasNoneParked(tx, id));
    expect(await mayEnd()).toBe(true);
    await inTransaction(async (tx) => {
      await joinParking(tx, [id]);
      await inTransaction((other) => joinParking(other, [id]));
      expect(await inTransaction((other) => lockToWake(other, id))).not.toBeNull();
      expect(await mayEnd()).toBe(false);
    });
    await park(...people(1));
    expect(await mayEnd()).toBe(false);
  });

  it("has its next look set by a transaction that parks while the last look ends", async () => {
    await changeDestination({ wake_at: past });
    let parking: Promise<unknown> = Promise.resolve();
    await inTransaction(async (tx) => {
      await lockToWake(tx, id);
      expect(await hasNoneParked(tx, id)).toBe(true);
      parking = inTransaction(async (other) => {
        await joinParking(other, [id]);
        await announceParking(other, { ...id, crowded: false });
      });
      await lockAwaited(test.store.db);
      await setNextLook(tx, id, { inMs: null, wakeSize: 16 });
    });
    await parking;
    expect((await destination()).wake_at).not.toBeNull();
  });
});

describe("several destinations", () => {
  it("are each locked once and in one order, whatever order they are named in", () => {
    const named = ["b", "a", "c", "a"].map((destinationId) => ({ environmentId, destinationId }));
    expect(inOrder(named).map(({ destinationId }) => destinationId)).toEqual(["a", "b", "c"]);
    expect(inOrder(named.toReversed())).toEqual(inOrder(named));
  });
});
