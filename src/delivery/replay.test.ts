import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nextMillisecond } from "../../test/support/clock.ts";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent, startTestDelivery } from "../../test/support/delivery.ts";
import { type Receiver, startReceiver, waitFor } from "../../test/support/receiver.ts";
import type { DeliveryState } from "../store/tables.ts";
import { type ReplayOutcome, replayEvents } from "./replay.ts";
import type { DeliveryWorker } from "./worker.ts";

let test: TestStore;
let worker: DeliveryWorker;
let receiver: Receiver;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
  worker = await startTestDelivery(test.store);
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.close();
  await worker.stop();
  await test.close();
});
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
});

const here = () => receiver.requests.filter(({ headers }) => ours.has(String(headers["webhook-id"])));
let ours = new Set<string>();
const planned = (matched: number, deliveries: number, alreadyPending = 0) => ({
  matched,
  deliveries,
  alreadyPending,
  inactive: 0,
  next: null,
  // Each has one.
  records: matched,
});

describe("replaying", () => {
  it("sends an event again with the same ids and bytes, as a new delivery", async () => {
    await createWebhook(test.store, environmentId, receiver.url);
    const before = receiver.requests.length;
    const [eventId = ""] = await emit(test.store, [newEvent(environmentId)]);
    await receiver.received(before + 1);
    const settled = () =>
      listDeliveries(test.store.db, environmentId, { states: ["delivered"] }, { limit: 1 });
    await waitFor(async () => (await settled()).length === 1);
    const result = await replayEvents(test.store, { environmentId, eventIds: [eventId] });
    expect(result).toEqual(planned(1, 1));
    await receiver.received(before + 2);
    ours = new Set([eventId]);
    const [first, second] = here();
    expect(second?.body).toEqual(first?.body);
    for (const header of [
      "webhook-id",
      "x-terra-trace-id",
      "x-terra-ordering-timestamp",
      "terra-reference",
    ]) {
      expect(second?.headers[header]).toBe(first?.headers[header]);
    }
    const made = await listDeliveries(test.store.db, environmentId, { eventId }, { limit: 10 });
    expect(new Set(made.map((row) => row.delivery_id)).size).toBe(2);
  });

  it("takes a range of time, a type and a person, and sends only matching events", async () => {
    const { userId } = newEvent(environmentId);
    await emit(test.store, [newEvent(environmentId, { userId })]);
    await nextMillisecond();
    const since = new Date();
    ours = new Set(await emit(test.store, [newEvent(environmentId, { userId, type: "sleep" })]));
    await emit(test.store, [newEvent(environmentId, { userId }), newEvent(environmentId, { type: "sleep" })]);
    await createWebhook(test.store, environmentId, receiver.url);
    const asked = {
      environmentId,
      since,
      until: new Date(Date.now() + 1),
      types: ["sleep"],
      userId: userId ?? "",
    };
    const before = receiver.requests.length;
    expect(await replayEvents(test.store, asked)).toEqual(planned(1, 1));
    await receiver.received(before + 1);
    expect(here()).toHaveLength(1);
    expect(await replayEvents(test.store, { ...asked, until: since })).toEqual(planned(0, 0));
  });

  it("sends only to the named destination, and never to another environment's", async () => {
    await createWebhook(test.store, environmentId, receiver.url);
    const [eventId = ""] = await emit(test.store, [newEvent(environmentId)]);
    const { destinationId } = await createWebhook(test.store, environmentId, receiver.url);
    expect(await replayEvents(test.store, { environmentId, eventIds: [eventId], destinationId })).toEqual(
      planned(1, 1),
    );
    const made = await listDeliveries(
      test.store.db,
      environmentId,
      { eventId, destinationId },
      { limit: 10 },
    );
    expect(made).toHaveLength(1);
    const other = await createEnvironment(test.store);
    await createWebhook(test.store, other.environmentId, receiver.url);
    const stolen = await replayEvents(test.store, {
      environmentId: other.environmentId,
      eventIds: [eventId],
    });
    expect(stolen).toEqual(planned(0, 0));
  });

  it("leaves out what is already pending for the same destination", async () => {
    const first = await createWebhook(test.store, environmentId, "http://127.0.0.1:9/");
    const eventIds = await emit(test.store, [newEvent(environmentId), newEvent(environmentId)]);
    const second = await createWebhook(test.store, environmentId, "http://127.0.0.1:9/");
    const request = { environmentId, eventIds };
    expect(await replayEvents(test.store, { ...request, dryRun: true })).toEqual(planned(2, 2, 2));
    expect(await replayEvents(test.store, request)).toEqual(planned(2, 2, 2));
    expect(await replayEvents(test.store, request)).toEqual(planned(2, 0, 4));
    for (const { destinationId } of [first, second]) {
      const rows = await listDeliveries(test.store.db, environmentId, { destinationId }, { limit: 10 });
      expect(rows.map(({ event_id }) => event_id).sort()).toEqual([...eventIds].sort());
    }
  });

  it("plans each delivery once when it is requested twice at the same time", async () => {
    const eventIds = await emit(
      test.store,
      Array.from({ length: 50 }, () => newEvent(environmentId)),
    );
    await createWebhook(test.store, environmentId, "http://127.0.0.1:9/");
    const results = await Promise.all(
      Array.from({ length: 4 }, () => replayEvents(test.store, { environmentId, eventIds })),
    );
    expect(results.map(({ deliveries }) => deliveries).sort()).toEqual([0, 0, 0, 50]);
    expect(results.map(({ alreadyPending }) => alreadyPending).sort((a, b) => a - b)).toEqual([
      0, 50, 50, 50,
    ]);
  });

  it("parks what it plans, so new events do not queue behind it", async () => {
    const eventIds = await emit(test.store, [newEvent(environmentId)]);
    const { destinationId } = await createWebhook(test.store, environmentId, receiver.url);
    await worker.stop();
    try {
      await replayEvents(test.store, { environmentId, eventIds });
      const [row] = await listDeliveries(test.store.db, environmentId, { destinationId }, { limit: 1 });
      expect(row).toMatchObject({ state: "pending", parked: true });
    } finally {
      worker = await startTestDelivery(test.store);
    }
  });
});

describe("replaying by outcome", () => {
  it("takes the deliveries whose last outcome was this, destination by destination", async () => {
    const [one, two] = [
      await createWebhook(test.store, environmentId, "http://127.0.0.1:9/"),
      await createWebhook(test.store, environmentId, "http://127.0.0.1:9/"),
    ];
    const [dead = "", revived = "", delivered = ""] = await emit(
      test.store,
      Array.from({ length: 3 }, () => newEvent(environmentId)),
    );
    const settle = (eventId: string, destinationId: string, state: DeliveryState) =>
      test.store.db
        .updateTable("deliveries")
        .set({ state, parked: false })
        .where("event_id", "=", eventId)
        .where("destination_id", "=", destinationId)
        .where("state", "=", "pending")
        .execute();
    for (const { destinationId } of [one, two]) {
      await settle(dead, destinationId, destinationId === one.destinationId ? "dead" : "delivered");
      await settle(revived, destinationId, "dead");
      await settle(delivered, destinationId, "delivered");
    }
    await replayEvents(test.store, { environmentId, eventIds: [revived], destinationId: one.destinationId });
    await settle(revived, one.destinationId, "delivered");
    const { destinationId: third } = await createWebhook(test.store, environmentId, "http://127.0.0.1:9/");
    const dry = (outcome: ReplayOutcome, destinationId?: string) =>
      replayEvents(test.store, { environmentId, outcome, destinationId, dryRun: true });
    expect(await dry("dead")).toEqual(planned(2, 2));
    expect(await dry("dead", one.destinationId)).toEqual(planned(1, 1));
    expect(await dry("dead", two.destinationId)).toEqual(planned(1, 1));
    expect(await dry("delivered")).toEqual(planned(3, 4));
    expect(await dry("none")).toEqual(planned(3, 3));
    expect(await dry("none", third)).toEqual(planned(3, 3));
    expect(await dry("cancelled")).toEqual(planned(0, 0));
    expect(await dry("pending")).toEqual(planned(0, 0));
    const real = await replayEvents(test.store, { environmentId, outcome: "dead" });
    expect(real).toEqual(planned(2, 2));
    expect(await dry("pending")).toEqual(planned(2, 0, 2));
    expect(await dry("dead")).toEqual(planned(0, 0));
  });
});

describe("replaying in parts", () => {
  const many = (count: number, type = "body") =>
    emit(
      test.store,
      Array.from({ length: count }, () => newEvent(environmentId, { type })),
    );

  it("takes more events than fit into one transaction", async () => {
    await many(1_050);
    await createWebhook(test.store, environmentId, receiver.url, ["sleep"]);
    expect(await replayEvents(test.store, { environmentId })).toEqual(planned(1_050, 0));
    await createWebhook(test.store, environmentId, "http://127.0.0.1:9/", ["body"]);
    expect(await replayEvents(test.store, { environmentId })).toEqual(planned(1_050, 1_050));
  });

  it("stops at its limit, and continues from there", async () => {
    const ids = (await many(25)).sort();
    const { destinationId } = await createWebhook(test.store, environmentId, "http://127.0.0.1:9/");
    const first = await replayEvents(test.store, { environmentId, limit: 10 });
    expect(first).toEqual({ ...planned(10, 10), next: ids[9] });
    const second = await replayEvents(test.store, { environmentId, limit: 10, after: first.next });
    expect(second).toEqual({ ...planned(10, 10), next: ids[19] });
    const third = await replayEvents(test.store, { environmentId, limit: 10, after: second.next });
    expect(third).toEqual(planned(5, 5));
    const rows = await listDeliveries(test.store.db, environmentId, { destinationId }, { limit: 100 });
    expect(rows.map(({ event_id }) => event_id).sort()).toEqual(ids);
  });

  it("ends after the part under way when it is cancelled, and keeps what it wrote", async () => {
    const ids = (await many(1_500)).sort();
    const { destinationId } = await createWebhook(test.store, environmentId, "http://127.0.0.1:9/");
    const result = await replayEvents(test.store, { environmentId, signal: AbortSignal.abort() });
    expect(result).toEqual({ ...planned(1_000, 1_000), next: ids[999] });
    const rows = await listDeliveries(test.store.db, environmentId, { destinationId }, { limit: 2_000 });
    expect(rows).toHaveLength(1_000);
  });

  it("writes nothing when it only counts", async () => {
    await many(1_050);
    await createWebhook(test.store, environmentId, "http://127.0.0.1:9/");
    expect(await replayEvents(test.store, { environmentId, dryRun: true })).toEqual(planned(1_050, 1_050));
    expect(await listDeliveries(test.store.db, environmentId, {}, { limit: 1 })).toEqual([]);
  });
});
