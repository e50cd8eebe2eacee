import { verifyTerraWebhookSignature } from "terra-api";
import { describe, expect, it } from "vitest";
import { collectingLog, createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { hang, status } from "../../test/support/receiver.ts";
import { newWebhookSecret } from "../destinations/webhook/signing.ts";
import type { Delivery } from "../store/deliveries.ts";
import { createDestination } from "../store/destinations.ts";
import { putDue } from "../store/due-deliveries.ts";

const fixture = new DeliveryFixture();
const nextInMs = (row: Delivery | undefined): number =>
  (row?.next_attempt_at?.getTime() ?? Number.NaN) - Date.now();

describe("a delivery", () => {
  it("arrives signed, and is stored with its attempt and one log line", async () => {
    const receiver = await fixture.receive(status(202, {}, "thanks"));
    const { secret } = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    const { log, lines } = collectingLog();
    await fixture.work({ log });
    const event = newEvent(fixture.environmentId);
    const [eventId = ""] = await emit(fixture.store, [event]);
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
    const [row] = await fixture.settled(all("delivered"));
    expect(row).toMatchObject({ attempts: 1, last_status: 202, last_code: null, next_attempt_at: null });
    expect(row?.finished_at).not.toBeNull();
    expect(await fixture.attemptsOf(row)).toMatchObject([
      { number: 1, outcome: "delivered", status: 202, response: "thanks" },
    ]);
    const told = lines.filter((line) => line.delivery_id === row?.delivery_id);
    expect(told).toMatchObject([{ outcome: "delivered", trace_id: event.traceId, attempt: 1, status: 202 }]);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it("keeps what was sent with each attempt, also when nobody answers, and no secret", async () => {
    const receiver = await fixture.receive(hang);
    const address = receiver.url.replace(/\?.*/, "");
    const { destination_id } = await createDestination(
      fixture.store.db,
      fixture.store.keyRing,
      fixture.environmentId,
      {
        kind: "webhook",
        settings: {
          url: `${address}?token=hunter2`,
          secret: newWebhookSecret(),
          headers: { "X-House": "hunter3" },
        },
        eventTypes: null,
        active: true,
      },
    );
    await fixture.work({ timeoutMs: 300 });
    const event = newEvent(fixture.environmentId);
    await emit(fixture.store, [event]);
    const [arrived] = await receiver.received(1);
    const [row] = await fixture.settled(([first]) => first?.attempts === 1);
    expect(row).toMatchObject({ destination_id, last_code: "DELIVERY_TIMEOUT" });
    const [attempt] = await fixture.attemptsOf(row);
    expect(attempt?.request).toMatchObject({
      method: "POST",
      target: `${address}?token=********`,
      bytes: Buffer.byteLength(String(event.body)),
    });
    expect(attempt?.request?.headers).toMatchObject({
      "terra-signature": arrived?.headers["terra-signature"],
      "webhook-signature": arrived?.headers["webhook-signature"],
      "X-House": "********",
    });
    expect(JSON.stringify(attempt)).not.toMatch(/hunter/);
  });

  it("that fails is sent again after 5 s with the same ids and bytes", async () => {
    const receiver = await fixture.receive(
      (response, _, number) => void response.writeHead(number === 0 ? 500 : 200).end(),
    );
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.work();
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
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
    const [row] = await fixture.settled(all("delivered"));
    expect(await fixture.attemptsOf(row)).toMatchObject([
      { number: 1, outcome: "retry", status: 500, code: "DELIVERY_FAILED" },
      { number: 2, outcome: "delivered", status: 200, code: null },
    ]);
  });

  it("waits as long as Retry-After says", async () => {
    const receiver = await fixture.receive(status(429, { "retry-after": "600" }));
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.work();
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    const [row] = await fixture.settled(([first]) => first?.attempts === 1);
    expect(nextInMs(row)).toBeGreaterThan(590_000);
    expect(nextInMs(row)).toBeLessThanOrEqual(600_000);
    expect(row).toMatchObject({ state: "pending", last_status: 429, last_code: "DELIVERY_FAILED" });
  });

  it("to a receiver that does not answer in time is a timeout", async () => {
    const receiver = await fixture.receive(hang);
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.work({ timeoutMs: 300 });
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    const [row] = await fixture.settled(([first]) => first?.attempts === 1);
    expect(row).toMatchObject({ state: "pending", last_status: null, last_code: "DELIVERY_TIMEOUT" });
  });

  it("is dead after its sixteenth attempt", async () => {
    const receiver = await fixture.receive(status(503));
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await fixture.store.db
      .updateTable("deliveries")
      .set({ attempts: 15 })
      .where("environment_id", "=", fixture.environmentId)
      .execute();
    await fixture.work();
    const [row] = await fixture.settled(all("dead"));
    expect(row).toMatchObject({ attempts: 16, next_attempt_at: null, last_status: 503 });
    expect(await fixture.attemptsOf(row)).toMatchObject([{ number: 16, outcome: "dead" }]);
  });

  it("whose settings cannot be opened is retried, for the key may come back", async () => {
    const receiver = await fixture.receive();
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.store.db
      .updateTable("destinations")
      .set({ settings_sealed: Buffer.alloc(64, 1) })
      .where("environment_id", "=", fixture.environmentId)
      .execute();
    await fixture.work();
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    const [row] = await fixture.settled(([first]) => first?.attempts === 1);
    expect(row).toMatchObject({ state: "pending", last_code: "SEALED_VALUE_CORRUPT" });
    expect(receiver.requests).toEqual([]);
  });

  it("is made once though it is due several times", async () => {
    const receiver = await fixture.receive((response) => void setTimeout(() => response.end(), 300));
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    const [eventId] = await emit(fixture.store, [newEvent(fixture.environmentId)]);
    const [row] = await fixture.deliveries({ eventId });
    const again = { environmentId: fixture.environmentId, deliveryId: row?.delivery_id ?? "" };
    await fixture.work();
    await receiver.received(1);
    await putDue(fixture.store.db, [again, again]);
    await fixture.settled(all("delivered"));
    await putDue(fixture.store.db, [again]);
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    await receiver.received(2);
    await fixture.settled(all("delivered"));
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
    expect(receiver.requests.length).toBe(2);
  });

  it("that waits for its next attempt is not made earlier though it is due", async () => {
    const receiver = await fixture.receive(status(429, { "retry-after": "600" }));
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.work();
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    const [row] = await fixture.settled(([first]) => first?.attempts === 1);
    const stray = { environmentId: fixture.environmentId, deliveryId: row?.delivery_id ?? "" };
    await putDue(fixture.store.db, [stray]);
    const witness = await fixture.receive();
    await createWebhook(fixture.store, fixture.environmentId, witness.url, ["sleep"]);
    await emit(fixture.store, [newEvent(fixture.environmentId, { type: "sleep" })]);
    await witness.received(1);
    expect(receiver.requests.filter(({ headers }) => headers["webhook-id"] === row?.event_id)).toHaveLength(
      1,
    );
  });
});

describe("stopping", () => {
  it("finishes the attempts under way and gives the rest back at once", async () => {
    const receiver = await fixture.receive((response) => void setTimeout(() => response.end(), 1_000));
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await fixture.work();
    await emit(
      fixture.store,
      Array.from({ length: 60 }, () => newEvent(fixture.environmentId)),
    );
    await receiver.received(10);
    await fixture.stop();
    const reached = receiver.requests.length;
    const finished = (await fixture.deliveries()).filter((row) => row.state === "delivered");
    expect(finished.length).toBe(reached);
    expect(reached).toBeLessThan(60);
    receiver.answer(status(200));
    await fixture.work();
    await fixture.settled(all("delivered"));
    expect(receiver.requests.length).toBe(60);
  });
});
