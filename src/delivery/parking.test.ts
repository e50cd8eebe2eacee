/** Deliveries that cannot be sent now are parked without a job, and woken in parts. */
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import {
  collectingLog,
  createWebhook,
  emit,
  newEvent,
  type TestWebhook,
} from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { lockAwaited } from "../../test/support/locks.ts";
import { status } from "../../test/support/receiver.ts";
import { waitFor } from "../../test/support/wait.ts";
import { deleteDestination, findDestination } from "../store/destinations.ts";
import { newId } from "../store/identifiers.ts";
import { announceParking, excludeParking, inOrder, joinParking } from "../store/parked.ts";
import { changeDestination } from "./activation.ts";
import { removeDestination } from "./destinations.ts";
import { emitEvents, writeDeliveries } from "./emit.ts";
import { outcomeOfParking } from "./outcome.ts";
import type { DeliveryMetrics } from "./reporter.ts";
import { Settler } from "./settler.ts";
import { wake } from "./wake.ts";

const fixture = new DeliveryFixture();

const events = (count: number) => Array.from({ length: count }, () => newEvent(fixture.environmentId));

/** Makes a destination with a backlog of `count` deliveries that were never attempted. */
async function backlog(count: number, answer = status(200)) {
  const receiver = await fixture.receive(answer);
  const id = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
  for (let left = count; left > 0; left -= 1_000) await emit(fixture.store, events(Math.min(left, 1_000)));
  const { environmentId, destinationId } = id;
  await fixture.store.db
    .updateTable("deliveries")
    .set({ parked: true })
    .where("environment_id", "=", environmentId)
    .where("destination_id", "=", destinationId)
    .execute();
  await set(id, { wake_at: new Date(0) });
  return { receiver, id };
}

const set = ({ environmentId, destinationId }: TestWebhook, values: Record<string, unknown>) =>
  fixture.store.db
    .updateTable("destinations")
    .set(values)
    .where("environment_id", "=", environmentId)
    .where("destination_id", "=", destinationId)
    .execute();

const look = (id: TestWebhook) =>
  fixture.store.db.transaction().execute((tx) => wake(tx, fixture.store.queue, id));
const parked = async () => (await fixture.deliveries()).filter((row) => row.parked).length;
const find = (id: TestWebhook) => findDestination(fixture.store.db, fixture.store.keyRing, id);
const hoursAgo = (hours: number) => sql<Date>`now() - ${hours} * interval '1 hour'`;

describe("a destination that keeps failing", () => {
  it("is tried rarely while its deliveries are parked, and gets them all when it succeeds again", async () => {
    const receiver = await fixture.receive(status(500));
    const id = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    const { log, lines } = collectingLog();
    const pauses: boolean[] = [];
    const metrics: DeliveryMetrics = {
      attempted: () => {},
      paused: (_, paused) => void pauses.push(paused),
    };
    await fixture.work({ log, metrics });
    await emit(fixture.store, events(100));
    const rows = await fixture.settled((all) => all.every((row) => row.attempts > 0 || row.parked));
    expect(rows.filter((row) => row.parked).length).toBeGreaterThan(50);
    expect(receiver.requests.length).toBeLessThan(40);
    const shown = await waitFor("the pause on the row", async () => {
      const found = await find(id);
      return found?.paused_until != null && found;
    });
    expect(shown.failing_since).not.toBeNull();
    expect(shown.paused_after).toBeGreaterThanOrEqual(10);
    expect((shown.paused_until?.getTime() ?? 0) - (shown.failing_since?.getTime() ?? 0)).toBeGreaterThan(
      2_000,
    );
    // None of these has to be attempted.
    await emit(fixture.store, events(1));
    expect((await fixture.deliveries())[0]?.parked).toBe(true);
    receiver.answer(status(200));
    await fixture.settled(all("delivered"));
    expect(pauses).toEqual([true, false]);
    expect(await find(id)).toMatchObject({ failing_since: null, paused_until: null, paused_after: null });
    const told = lines.filter((line) => /^destination/.test(line.msg)).map((line) => line.msg);
    expect(told).toEqual(["destination paused: it keeps failing", "destination resumed"]);
  });

  it("has one delivery tried at a time", async () => {
    const { id } = await backlog(20);
    await set(id, { failing_since: hoursAgo(1) });
    await look(id);
    expect(await parked()).toBe(19);
    const { wake_at } = (await find(id)) ?? {};
    await look(id);
    // Not before the next attempt is due.
    expect(await parked()).toBe(19);
    expect((wake_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(250_000);
  });

  it("gives up the deliveries that waited more than a day, once it has failed that long", async () => {
    const { id } = await backlog(6);
    // Ids have no order within a millisecond; the first look wakes the lowest ordinal.
    const newest = (await fixture.deliveries()).reduce((a, b) =>
      Number(a.ordinal) > Number(b.ordinal) ? a : b,
    );
    await fixture.store.db
      .updateTable("deliveries")
      .set({ created_at: hoursAgo(25) })
      .where("environment_id", "=", fixture.environmentId)
      .where("delivery_id", "<>", newest.delivery_id)
      .execute();
    await set(id, { failing_since: hoursAgo(2), wake_at: new Date(0) });
    await look(id);
    expect((await fixture.deliveries()).filter((row) => row.state === "dead")).toEqual([]);
    await set(id, { failing_since: hoursAgo(25), wake_at: new Date(0) });
    await look(id);
    const dead = (await fixture.deliveries()).filter((row) => row.state === "dead");
    expect(dead.map((row) => row.last_code)).toEqual(Array(4).fill("DELIVERY_PAUSED"));
  });

  it("is given another day when an operator activates it", async () => {
    const { id } = await backlog(3, status(500));
    await fixture.store.db
      .updateTable("deliveries")
      .set({ created_at: hoursAgo(60) })
      .execute();
    await set(id, { failing_since: hoursAgo(60), active: false });
    await changeDestination(fixture.store, id, { active: true });
    expect(await find(id)).toMatchObject({ failing_since: null });
    await look(id);
    expect((await fixture.deliveries()).map((row) => row.state)).toEqual(Array(3).fill("pending"));
  });
});

describe("a backlog", () => {
  it("is woken in parts, the oldest first; the parts grow while they are sent", async () => {
    const { id } = await backlog(1_000);
    await set(id, { wake_size: 100 });
    await look(id);
    const inOrder = (await fixture.deliveries()).sort((a, b) => Number(a.ordinal) - Number(b.ordinal));
    expect(inOrder.map((row) => !row.parked)).toEqual(inOrder.map((_, index) => index < 100));
    expect(await find(id)).toMatchObject({ wake_size: 200 });
    await set(id, { wake_at: new Date(0) });
    await look(id);
    expect(await parked()).toBe(800);
    expect(await find(id)).toMatchObject({ wake_size: 200 });
  });

  it("arrives completely", async () => {
    const { receiver } = await backlog(1_500);
    await fixture.work();
    await receiver.received(1_500);
    await fixture.settled(all("delivered"));
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1_500);
  });

  it("always has a process to wake it, in whatever order parking and waking happen", async () => {
    const { id } = await backlog(1);
    await set(id, { failing_since: hoursAgo(1) });
    for (let round = 0; round < 40; round++) {
      await set(id, { wake_at: new Date(0) });
      await Promise.all([look(id), emit(fixture.store, events(1)), look(id)]);
      if ((await parked()) > 0) expect((await find(id))?.wake_at).not.toBeNull();
    }
  });

  it.each([1, 2])("is not left parked when its destination is deleted: %s events at once", async (count) => {
    const removal = async () => {
      const { id } = await backlog(0);
      await set(id, { failing_since: hoursAgo(1), wake_at: hoursAgo(-1) });
      return { id, remove: () => removeDestination(fixture.store, id) };
    };
    const before = await removal();
    let removed: Promise<unknown> = Promise.resolve();
    await fixture.store.db.transaction().execute(async (tx) => {
      await emitEvents(tx, fixture.store.queue, events(count));
      removed = before.remove();
      await Promise.race([removed, lockAwaited(fixture.store.db)]);
    });
    await removed;
    const after = await removal();
    let emitted: Promise<unknown> = Promise.resolve();
    await fixture.store.db.transaction().execute(async (tx) => {
      await excludeParking(tx, after.id);
      await deleteDestination(tx, after.id);
      emitted = emit(fixture.store, events(count));
      await Promise.race([emitted, lockAwaited(fixture.store.db)]);
    });
    await emitted;
    expect((await fixture.deliveries()).map(({ state }) => state)).toEqual(
      Array(2 * count).fill("cancelled"),
    );
  });

  it("is cancelled when a replay parks it for a destination that is gone", async () => {
    const { id } = await backlog(0);
    const [eventId = ""] = await emit(fixture.store, events(1));
    await removeDestination(fixture.store, id);
    const deliveryId = newId();
    const again = { ...id, deliveryId, eventId, orderedBy: null, parked: true };
    await fixture.store.db
      .transaction()
      .execute((tx) => writeDeliveries(tx, fixture.store.queue, [again], new Date()));
    const rows = await fixture.deliveries();
    expect(rows.find((row) => row.delivery_id === deliveryId)?.state).toBe("cancelled");
  });

  it("is cancelled when a worker parks it for a destination that is gone", async () => {
    const { id } = await backlog(0);
    const [eventId = ""] = await emit(fixture.store, events(1));
    await removeDestination(fixture.store, id);
    const deliveryId = newId();
    const taken = { ...id, deliveryId, eventId, orderedBy: null, parked: false };
    await fixture.store.db
      .transaction()
      .execute((tx) => writeDeliveries(tx, fixture.store.queue, [taken], new Date()));
    const delivery = {
      environment_id: id.environmentId,
      delivery_id: deliveryId,
      destination_id: id.destinationId,
    };
    await new Settler(fixture.store.db).settle(outcomeOfParking(delivery, false));
    const rows = await fixture.deliveries();
    expect(rows.find((row) => row.delivery_id === deliveryId)?.state).toBe("cancelled");
  });

  it("is parked by many transactions at once and none of them fails", async () => {
    const ids = [(await backlog(1)).id, (await backlog(1)).id];
    for (let round = 0; round < 10; round++) {
      for (const id of ids) await set(id, { failing_since: hoursAgo(1), wake_at: new Date(0) });
      const looks = ids.map((id) => look(id));
      await Promise.all([...looks, ...Array.from({ length: 6 }, () => emit(fixture.store, events(2)))]);
      for (const id of ids) await set(id, { wake_at: null });
      await Promise.all(
        Array.from({ length: 6 }, () =>
          fixture.store.db.transaction().execute(async (tx) => {
            await joinParking(tx, ids);
            for (const id of inOrder(ids)) await announceParking(tx, { ...id, crowded: true });
          }),
        ),
      );
    }
  });
});
