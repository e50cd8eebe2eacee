import { verifyTerraWebhookSignature } from "terra-api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import {
  collectingLog,
  createWebhook,
  emit,
  newEvent,
  startTestDelivery,
} from "../../test/support/delivery.ts";
import { hang, type Receiver, startReceiver, status, waitFor } from "../../test/support/receiver.ts";
import { type Delivery, listAttempts, listDeliveries } from "../store/deliveries.ts";
import { deleteDestination, findDestination } from "../store/destinations.ts";
import { changeDestination } from "./activation.ts";
import type { DeliveryMetrics } from "./reporter.ts";
import type { DeliveryWorker } from "./worker.ts";

let test: TestStore;
let environmentId: string;
let worker: DeliveryWorker | undefined;
const receivers: Receiver[] = [];

beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
});
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  await worker?.stop();
  worker = undefined;
  // What a test leaves pending is not the next one's business.
  await test.store.db
    .updateTable("deliveries")
    .set({ state: "cancelled" })
    .where("state", "=", "pending")
    .execute();
});

async function receive(answer = status(200)): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  receivers.push(receiver);
  return receiver;
}
const work = async (options = {}): Promise<void> => {
  worker = await startTestDelivery(test.store, options);
};
const deliveries = (filters = {}): Promise<Delivery[]> =>
  listDeliveries(test.store.db, environmentId, filters, { limit: 1_000 });
async function settled(condition: (rows: Delivery[]) => boolean): Promise<Delivery[]> {
  await waitFor(async () => condition(await deliveries()));
  return deliveries();
}
const all = (state: string) => (rows: Delivery[]) =>
  rows.length > 0 && rows.every((row) => row.state === state);
const attemptsOf = (row: Delivery | undefined) =>
  listAttempts(test.store.db, { environmentId, deliveryId: row?.delivery_id ?? "" });
const nextInMs = (row: Delivery | undefined): number =>
  (row?.next_attempt_at?.getTime() ?? Number.NaN) - Date.now();

describe("a delivery", () => {
  it("arrives signed, and is written down with its attempt and one log line", async () => {
    const receiver = await receive(status(202, {}, "thanks"));
    const { secret } = await createWebhook(test.store, environmentId, receiver.url);
    const { log, lines } = collectingLog();
    await work({ log });
    const event = newEvent(environmentId);
    const [eventId = ""] = await emit(test.store, [event]);
    const [request] = await receiver.received(1);
    expect(request?.body.toString()).toBe(event.body);
    expect(request?.headers).toMatchObject({
      "webhook-id": eventId,
      "terra-reference": event.reference,
      "x-terra-trace-id": event.traceId,
      "x-systole-revision": "1",
    });
    const signature = String(request?.headers["terra-signature"]);
    await expect(verifyTerraWebhookSignature(String(event.body), signature, secret)).resolves.toBe(true);
    const [row] = await settled(all("delivered"));
    expect(row).toMatchObject({ attempts: 1, last_status: 202, last_code: null, next_attempt_at: null });
    expect(row?.finished_at).not.toBeNull();
    expect(await attemptsOf(row)).toMatchObject([
      { number: 1, outcome: "delivered", status: 202, response: "thanks" },
    ]);
    const told = lines.filter((line) => line.delivery_id === row?.delivery_id);
    expect(told).toMatchObject([{ outcome: "delivered", trace_id: event.traceId, attempt: 1, status: 202 }]);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it("that fails comes again after 5 s with the same ids and bytes", async () => {
    const receiver = await receive(
      (response, _, number) => void response.writeHead(number === 0 ? 500 : 200).end(),
    );
    await createWebhook(test.store, environmentId, receiver.url);
    await work();
    await emit(test.store, [newEvent(environmentId)]);
    const [first, second] = await receiver.received(2);
    const between = (second?.at ?? 0) - (first?.at ?? 0);
    expect(between).toBeGreaterThanOrEqual(4_900);
    expect(between).toBeLessThan(8_000);
    expect(second?.body).toEqual(first?.body);
    for (const header of [
      "webhook-id",
      "x-terra-trace-id",
      "x-terra-ordering-timestamp",
      "terra-reference",
    ]) {
      expect(second?.headers[header]).toBe(first?.headers[header]);
    }
    const [row] = await settled(all("delivered"));
    expect(await attemptsOf(row)).toMatchObject([
      { number: 1, outcome: "retry", status: 500, code: "DELIVERY_FAILED" },
      { number: 2, outcome: "delivered", status: 200, code: null },
    ]);
  });

  it("waits as long as Retry-After says", async () => {
    const receiver = await receive(status(429, { "retry-after": "600" }));
    await createWebhook(test.store, environmentId, receiver.url);
    await work();
    await emit(test.store, [newEvent(environmentId)]);
    const [row] = await settled(([first]) => first?.attempts === 1);
    expect(nextInMs(row)).toBeGreaterThan(590_000);
    expect(nextInMs(row)).toBeLessThanOrEqual(600_000);
    expect(row).toMatchObject({ state: "pending", last_status: 429, last_code: "DELIVERY_FAILED" });
  });

  it("to a receiver that does not answer in time is a timeout", async () => {
    const receiver = await receive(hang);
    await createWebhook(test.store, environmentId, receiver.url);
    await work({ timeoutMs: 300 });
    await emit(test.store, [newEvent(environmentId)]);
    const [row] = await settled(([first]) => first?.attempts === 1);
    expect(row).toMatchObject({ state: "pending", last_status: null, last_code: "DELIVERY_TIMEOUT" });
  });

  it("is dead after its sixteenth attempt", async () => {
    const receiver = await receive(status(503));
    await createWebhook(test.store, environmentId, receiver.url);
    await emit(test.store, [newEvent(environmentId)]);
    await test.store.db
      .updateTable("deliveries")
      .set({ attempts: 15 })
      .where("environment_id", "=", environmentId)
      .execute();
    await work();
    const [row] = await settled(all("dead"));
    expect(row).toMatchObject({ attempts: 16, next_attempt_at: null, last_status: 503 });
    expect(await attemptsOf(row)).toMatchObject([{ number: 16, outcome: "dead" }]);
  });

  it("whose settings cannot be opened is tried again, for the key may come back", async () => {
    const receiver = await receive();
    await createWebhook(test.store, environmentId, receiver.url);
    await test.store.db
      .updateTable("destinations")
      .set({ settings_sealed: Buffer.alloc(64, 1) })
      .where("environment_id", "=", environmentId)
      .execute();
    await work();
    await emit(test.store, [newEvent(environmentId)]);
    const [row] = await settled(([first]) => first?.attempts === 1);
    expect(row).toMatchObject({ state: "pending", last_code: "SEALED_VALUE_CORRUPT" });
    expect(receiver.requests).toEqual([]);
  });

  it("is made once though its job is handed out again and again", async () => {
    const receiver = await receive((response) => void setTimeout(() => response.end(), 300));
    await createWebhook(test.store, environmentId, receiver.url);
    const [eventId] = await emit(test.store, [newEvent(environmentId)]);
    const [row] = await deliveries({ eventId });
    const again = { data: { environmentId, deliveryId: row?.delivery_id ?? "" } };
    await test.store.queue.enqueue(test.store.db, "deliver", [again, again, again]);
    await work();
    await settled(all("delivered"));
    await test.store.queue.enqueue(test.store.db, "deliver", [again, again]);
    await emit(test.store, [newEvent(environmentId)]);
    await receiver.received(2);
    await settled(all("delivered"));
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
    expect(receiver.requests.length).toBe(2);
  });

  it("that waits for its next attempt is not made earlier by a stray job", async () => {
    const receiver = await receive(status(429, { "retry-after": "600" }));
    await createWebhook(test.store, environmentId, receiver.url);
    await work();
    await emit(test.store, [newEvent(environmentId)]);
    const [row] = await settled(([first]) => first?.attempts === 1);
    const stray = { data: { environmentId, deliveryId: row?.delivery_id ?? "" } };
    await test.store.queue.enqueue(test.store.db, "deliver", [stray]);
    const witness = await receive();
    await createWebhook(test.store, environmentId, witness.url, ["sleep"]);
    await emit(test.store, [newEvent(environmentId, { type: "sleep" })]);
    await witness.received(1);
    expect(receiver.requests.filter(({ headers }) => headers["webhook-id"] === row?.event_id)).toHaveLength(
      1,
    );
  });
});

describe("a destination", () => {
  it("that answers 410 is switched off; what waits for it is sent when it is activated", async () => {
    const receiver = await receive(status(410));
    const id = await createWebhook(test.store, environmentId, receiver.url);
    await work();
    await emit(test.store, [newEvent(environmentId)]);
    await waitFor(
      async () => (await findDestination(test.store.db, test.store.keyRing, id))?.active === false,
    );
    const [row] = await deliveries();
    expect(row).toMatchObject({ state: "pending", last_status: 410, last_code: "DELIVERY_GONE" });
    expect(await attemptsOf(row)).toMatchObject([{ outcome: "disabled", status: 410 }]);
    expect(await findDestination(test.store.db, test.store.keyRing, id)).toMatchObject({
      disabled_code: "DELIVERY_GONE",
    });
    await emit(test.store, [newEvent(environmentId)]);
    expect(await deliveries()).toHaveLength(1);
    receiver.answer(status(200));
    const activated = Date.now();
    await changeDestination(test.store, id, { active: true });
    await settled(all("delivered"));
    expect(Date.now() - activated).toBeLessThan(4_000);
    expect(receiver.requests.length).toBe(2);
  });

  it("that was paused by hand gets what is due when it is activated, and nothing before", async () => {
    const receiver = await receive();
    const id = await createWebhook(test.store, environmentId, receiver.url);
    await emit(
      test.store,
      Array.from({ length: 30 }, () => newEvent(environmentId)),
    );
    await changeDestination(test.store, id, { active: false });
    await work();
    const witness = await receive();
    await createWebhook(test.store, environmentId, witness.url);
    await emit(test.store, [newEvent(environmentId)]);
    await witness.received(1);
    expect(receiver.requests).toEqual([]);
    await changeDestination(test.store, id, { active: true });
    await settled(all("delivered"));
    expect(receiver.requests.length).toBe(30);
  });

  it("that was deleted gets nothing more, and its deliveries are cancelled", async () => {
    const receiver = await receive();
    const id = await createWebhook(test.store, environmentId, receiver.url);
    await emit(test.store, [newEvent(environmentId), newEvent(environmentId)]);
    await test.store.db.transaction().execute((tx) => deleteDestination(tx, id));
    expect(await settled(all("cancelled"))).toHaveLength(2);
    await work();
    const witness = await receive();
    await createWebhook(test.store, environmentId, witness.url);
    await emit(test.store, [newEvent(environmentId)]);
    await witness.received(1);
    expect(receiver.requests).toEqual([]);
  });

  it("deleted behind a worker's back cancels what that still finds", async () => {
    const receiver = await receive();
    await createWebhook(test.store, environmentId, receiver.url);
    await emit(test.store, [newEvent(environmentId)]);
    await test.store.db.deleteFrom("destinations").where("environment_id", "=", environmentId).execute();
    await work();
    await settled(all("cancelled"));
  });

  it("with new settings is used with those at once", async () => {
    const [old, moved] = [await receive(), await receive()];
    const { secret, ...id } = await createWebhook(test.store, environmentId, old.url);
    await work();
    await emit(test.store, [newEvent(environmentId)]);
    await old.received(1);
    await changeDestination(test.store, id, { settings: { url: moved.url, secret } });
    await emit(test.store, [newEvent(environmentId)]);
    await moved.received(1);
    expect(old.requests.length).toBe(1);
  });

  it("that hangs does not delay another", async () => {
    const [hanging, quick] = [await receive(hang), await receive()];
    await createWebhook(test.store, environmentId, hanging.url, ["daily"]);
    await createWebhook(test.store, environmentId, quick.url, ["sleep"]);
    // Far more than every handler's batch together, so that the queue's head is all for the hanging one.
    for (let n = 0; n < 4; n++) {
      await emit(
        test.store,
        Array.from({ length: 250 }, () => newEvent(environmentId)),
      );
    }
    await work();
    await hanging.received(16);
    const started = Date.now();
    await emit(
      test.store,
      Array.from({ length: 20 }, () => newEvent(environmentId, { type: "sleep" })),
    );
    await quick.received(20);
    expect(Date.now() - started).toBeLessThan(4_000);
    expect(hanging.requests.length).toBeLessThanOrEqual(32);
  });

  it("that keeps failing is paused, and resumes by itself", async () => {
    const receiver = await receive(status(500));
    const { destinationId } = await createWebhook(test.store, environmentId, receiver.url);
    const { log, lines } = collectingLog();
    const codes = new Set<string>();
    const pauses: boolean[] = [];
    const metrics: DeliveryMetrics = {
      attempted: ({ code }) => void codes.add(code),
      paused: (id, paused) => void (id === destinationId && pauses.push(paused)),
    };
    await work({ log, metrics });
    await emit(
      test.store,
      Array.from({ length: 100 }, () => newEvent(environmentId)),
    );
    const rows = await settled((all) => all.every((row) => row.attempts > 0));
    expect(rows.map((row) => row.last_code)).toContain("DELIVERY_PAUSED");
    expect(receiver.requests.length).toBeLessThan(40);
    expect(pauses).toEqual([true]);
    receiver.answer(status(200));
    await settled(all("delivered"));
    expect(pauses).toEqual([true, false]);
    expect(codes).toEqual(new Set(["DELIVERY_FAILED", "DELIVERY_PAUSED", ""]));
    const told = lines.filter(
      (line) => line.destination_id === destinationId && /^destination/.test(line.msg),
    );
    expect(told.map((line) => line.msg)).toEqual([
      "destination paused: it keeps failing",
      "destination resumed",
    ]);
  });
});

describe("stopping", () => {
  it("finishes what is under way and gives the rest back at once", async () => {
    const receiver = await receive((response) => void setTimeout(() => response.end(), 1_000));
    await createWebhook(test.store, environmentId, receiver.url);
    await work();
    await emit(
      test.store,
      Array.from({ length: 60 }, () => newEvent(environmentId)),
    );
    await receiver.received(10);
    await worker?.stop();
    const reached = receiver.requests.length;
    const finished = (await deliveries()).filter((row) => row.state === "delivered");
    expect(finished.length).toBe(reached);
    expect(reached).toBeLessThan(60);
    receiver.answer(status(200));
    await work();
    await settled(all("delivered"));
    expect(receiver.requests.length).toBe(60);
  });
});
