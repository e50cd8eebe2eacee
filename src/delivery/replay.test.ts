import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { createWebhook, emit, newEvent, startTestDelivery } from "../../test/support/delivery.ts";
import { type Receiver, startReceiver } from "../../test/support/receiver.ts";
import { listDeliveries } from "../store/deliveries.ts";
import { replayEvents } from "./replay.ts";
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

describe("replaying", () => {
  it("sends an event again with the same ids and bytes, as a new delivery", async () => {
    await createWebhook(test.store, environmentId, receiver.url);
    const before = receiver.requests.length;
    const [eventId = ""] = await emit(test.store, [newEvent(environmentId)]);
    await receiver.received(before + 1);
    const result = await replayEvents(test.store, { environmentId, eventIds: [eventId] });
    expect(result).toEqual({ events: 1, deliveries: 1 });
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

  it("takes a range of time, a type and a person, and only what matches", async () => {
    const { userId } = newEvent(environmentId);
    await emit(test.store, [newEvent(environmentId, { userId })]);
    await new Promise((resolve) => setTimeout(resolve, 20));
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
    expect(await replayEvents(test.store, asked)).toEqual({ events: 1, deliveries: 1 });
    await receiver.received(before + 1);
    expect(here()).toHaveLength(1);
    expect(await replayEvents(test.store, { ...asked, until: since })).toEqual({ events: 0, deliveries: 0 });
  });

  it("goes only to the destination it names, and never to another environment's", async () => {
    await createWebhook(test.store, environmentId, receiver.url);
    const [eventId = ""] = await emit(test.store, [newEvent(environmentId)]);
    const { destinationId } = await createWebhook(test.store, environmentId, receiver.url);
    expect(await replayEvents(test.store, { environmentId, eventIds: [eventId], destinationId })).toEqual({
      events: 1,
      deliveries: 1,
    });
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
    expect(stolen).toEqual({ events: 0, deliveries: 0 });
  });

  it("takes more events than go into one transaction", async () => {
    const many = Array.from({ length: 1_050 }, () => newEvent(environmentId, { type: "body" }));
    await emit(test.store, many);
    await createWebhook(test.store, environmentId, receiver.url, ["sleep"]);
    expect(await replayEvents(test.store, { environmentId })).toEqual({ events: 1_050, deliveries: 0 });
  });
});
