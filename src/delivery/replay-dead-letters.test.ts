import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { nextMillisecond } from "../../test/support/clock.ts";
import { createWebhook, emit, newEvent, type TestWebhook } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { status } from "../../test/support/receiver.ts";
import { type DeadLetterFilters, listDeadLetters } from "../store/dead-letters.ts";
import { deleteDestination } from "../store/destinations.ts";
import { newId } from "../store/identifiers.ts";
import { dropExpiredPartitions, ensurePartitions, retentionDays } from "../store/partitions.ts";
import { changeDestination } from "./activation.ts";
import { replayEvents } from "./replay.ts";
import { replayDeadLetters, replayDelivery } from "./replay-dead-letters.ts";
import { maxAttempts, retryDelayMs } from "./schedule.ts";

const fixture = new DeliveryFixture();
const nowhere = "http://127.0.0.1:9/";

/** Gives up the pending deliveries. */
const giveUp = (code = "DELIVERY_FAILED") =>
  fixture.store.db
    .updateTable("deliveries")
    .set({ state: "dead", parked: false, last_code: code, attempts: 16, finished_at: sql<Date>`now()` })
    .where("environment_id", "=", fixture.environmentId)
    .where("state", "=", "pending")
    .execute();

const letters = (filters: DeadLetterFilters = {}) =>
  listDeadLetters(fixture.store.db, fixture.environmentId, filters, { limit: 100 });
const replay = (filters: object = {}) =>
  replayDeadLetters(fixture.store, { environmentId: fixture.environmentId, ...filters });
const counted = (matched: number, deliveries: number, inactive = 0) => ({
  matched,
  deliveries,
  alreadyPending: 0,
  inactive,
  next: null,
});

async function dead(count: number, destinations = 1): Promise<{ ids: string[]; to: TestWebhook[] }> {
  const to: TestWebhook[] = [];
  for (let n = 0; n < destinations; n++)
    to.push(await createWebhook(fixture.store, fixture.environmentId, nowhere));
  const events = Array.from({ length: count }, () => newEvent(fixture.environmentId));
  const ids = await emit(fixture.store, events);
  await giveUp();
  return { ids, to };
}

describe("a dead letter", () => {
  it("shows what was given up, why, and the target's last answer", async () => {
    const receiver = await fixture.receive(status(503, {}, "come back later"));
    const { destinationId } = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    const event = newEvent(fixture.environmentId);
    const [eventId] = await emit(fixture.store, [event]);
    await fixture.store.db
      .updateTable("deliveries")
      .set({ attempts: maxAttempts - 1 })
      .where("environment_id", "=", fixture.environmentId)
      .execute();
    await fixture.work();
    const [row] = await fixture.settled(all("dead"));
    expect(await letters()).toEqual([
      {
        delivery_id: row?.delivery_id,
        event_id: eventId,
        destination_id: destinationId,
        type: "daily",
        user_id: event.userId,
        reference_id: "person-1",
        attempts: maxAttempts,
        last_status: 503,
        last_code: "DELIVERY_FAILED",
        last_response: "come back later",
        event_created_at: expect.any(Date),
        created_at: expect.any(Date),
        finished_at: expect.any(Date),
      },
    ]);
  });

  it("is the latest delivery of its event to its destination, and no longer a dead letter after it was sent again", async () => {
    const { ids, to } = await dead(2, 2);
    expect(await letters()).toHaveLength(4);
    const [first] = to;
    const sent = { environmentId: fixture.environmentId, eventIds: [ids[0] ?? ""] };
    await replayEvents(fixture.store, { ...sent, destinationId: first?.destinationId });
    expect(await letters()).toHaveLength(3);
    await giveUp("DELIVERY_REJECTED");
    const [again] = await letters({ code: "DELIVERY_REJECTED" });
    expect(again).toMatchObject({ event_id: ids[0], destination_id: first?.destinationId });
    expect(await letters()).toHaveLength(4);
  });

  it("is removed with its destination; without its event it cannot be sent again", async () => {
    const { ids, to } = await dead(2, 2);
    await fixture.store.db.transaction().execute((tx) => deleteDestination(tx, to[0] as TestWebhook));
    expect(await letters()).toHaveLength(2);
    await fixture.store.db.deleteFrom("events").where("event_id", "=", String(ids[0])).execute();
    const [gone] = (await letters()).filter(({ event_id }) => event_id === ids[0]);
    expect(gone).toMatchObject({ type: null, user_id: null, event_created_at: null });
    expect(await letters({ types: ["daily"] })).toHaveLength(1);
    expect(await replay()).toEqual(counted(1, 1));
    expect(await letters()).toEqual([gone]);
  });

  it("is found by destination, type, person, code and time, in pages, newest first", async () => {
    const userId = randomUUID();
    const two = [
      await createWebhook(fixture.store, fixture.environmentId, nowhere),
      await createWebhook(fixture.store, fixture.environmentId, nowhere, ["sleep"]),
    ];
    await emit(fixture.store, [newEvent(fixture.environmentId, { userId })]);
    await giveUp("DELIVERY_TIMEOUT");
    await nextMillisecond();
    const between = new Date();
    await nextMillisecond();
    await emit(fixture.store, [newEvent(fixture.environmentId, { type: "sleep", referenceId: "r" })]);
    await giveUp();
    const count = async (filters: DeadLetterFilters) => (await letters(filters)).length;
    expect(await count({})).toBe(3);
    expect(await count({ destinationId: String(two[0]?.destinationId) })).toBe(2);
    expect(await count({ destinationId: newId() })).toBe(0);
    expect(await count({ types: ["sleep", "body"] })).toBe(2);
    expect(await count({ userId })).toBe(1);
    expect(await count({ referenceId: "r" })).toBe(2);
    expect(await count({ code: "DELIVERY_TIMEOUT" })).toBe(1);
    expect(await count({ since: between })).toBe(2);
    expect(await count({ until: between })).toBe(1);
    const [newest, second, third] = await letters();
    const page = await listDeadLetters(
      fixture.store.db,
      fixture.environmentId,
      {},
      { limit: 1, before: newest?.delivery_id },
    );
    expect(page).toEqual([second]);
    expect([newest, second, third].map((row) => row?.delivery_id)).toEqual(
      [newest, second, third]
        .map((row) => row?.delivery_id)
        .sort()
        .reverse(),
    );
    expect(await replay({ types: ["sleep"], dryRun: true })).toEqual(counted(2, 2));
    expect(await replay({ code: "DELIVERY_TIMEOUT" })).toEqual(counted(1, 1));
  });
});

describe("replaying dead letters", () => {
  it("sends each once, to the destination it was given up for, with its ids and bytes", async () => {
    const receiver = await fixture.receive();
    const destination = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await createWebhook(fixture.store, fixture.environmentId, nowhere, ["sleep"]);
    const event = newEvent(fixture.environmentId);
    const [eventId] = await emit(fixture.store, [event]);
    await giveUp();
    expect(await replay({ dryRun: true })).toEqual(counted(1, 1));
    expect(await letters()).toHaveLength(1);
    expect(await replay()).toEqual(counted(1, 1));
    expect(await replay()).toEqual(counted(0, 0));
    await fixture.work();
    await receiver.received(1);
    expect(receiver.requests[0]?.headers).toMatchObject({ "webhook-id": eventId });
    expect(receiver.requests[0]?.body.toString()).toBe(event.body);
    await fixture.settled((rows) => rows.some((row) => row.state === "delivered"));
    expect(await letters()).toEqual([]);
    expect(await fixture.deliveries({ destinationId: destination.destinationId })).toHaveLength(2);
  });

  it("sends nothing twice, however many ask at once", async () => {
    await dead(30, 2);
    const results = await Promise.all([replay(), replay(), replay()]);
    expect(results.reduce((sum, { deliveries }) => sum + deliveries, 0)).toBe(60);
    expect(await fixture.deliveries({ states: ["pending"] })).toHaveLength(60);
  });

  it("leaves out those of a destination that is switched off", async () => {
    const { to } = await dead(2, 2);
    await changeDestination(fixture.store, to[0] as TestWebhook, { active: false });
    expect(await replay()).toEqual(counted(4, 2, 2));
    expect(await letters()).toHaveLength(2);
  });

  it("sends them whatever types the destination takes now", async () => {
    const { to } = await dead(1);
    await changeDestination(fixture.store, to[0] as TestWebhook, { eventTypes: ["sleep"] });
    expect(await replay()).toEqual(counted(1, 1));
  });

  it("reads them in parts, and continues where it ended", async () => {
    await dead(1_100);
    const first = await replay({ limit: 1_050 });
    expect(first).toMatchObject({ matched: 1_050, deliveries: 1_050 });
    expect(await replay({ after: first.next })).toEqual(counted(50, 50));
    expect(await letters()).toEqual([]);
  });

  it("replays one delivery, unless it is pending", async () => {
    await dead(2);
    const [letter] = await letters();
    const run = { environmentId: fixture.environmentId };
    if (letter === undefined) return expect.unreachable();
    const once = { matched: 1, deliveries: 1, alreadyPending: 0, inactive: 0, next: null };
    expect(await replayDelivery(fixture.store, { ...run, dryRun: true }, letter)).toEqual(once);
    expect(await replayDelivery(fixture.store, run, letter)).toEqual(once);
    expect(await replayDelivery(fixture.store, run, letter)).toEqual({
      ...once,
      deliveries: 0,
      alreadyPending: 1,
    });
  });
});

describe("how long dead letters are kept", () => {
  const dayMs = 24 * 3_600_000;
  const promisedMs = 30 * dayMs;
  /** The longest life of a delivery: each wait as long as a Retry-After can make it. */
  const longestLifeMs = Array.from({ length: maxAttempts }, (_, n) =>
    retryDelayMs(n + 1, 1, Number.POSITIVE_INFINITY),
  ).reduce<number>((sum, wait) => sum + (wait ?? 0), 0);

  it("is at least 30 days after the last attempt, however long the attempts took", () => {
    expect(longestLifeMs).toBeGreaterThan(5 * dayMs - 1);
    for (const table of ["events", "deliveries", "attempts"] as const) {
      expect(retentionDays[table] * dayMs - longestLifeMs).toBeGreaterThanOrEqual(promisedMs);
    }
  });

  it("is as long as partitions are kept", async () => {
    await dead(1);
    const made = Date.now();
    const at = (ms: number) => new Date(made + ms);
    await dropExpiredPartitions(fixture.store.db, at(longestLifeMs + promisedMs));
    expect(await letters()).toMatchObject([{ type: "daily" }]);
    expect(await replay({ dryRun: true })).toEqual(counted(1, 1));
    // Much later it is gone, which shows that this test looks at the right tables.
    await dropExpiredPartitions(fixture.store.db, at((retentionDays.deliveries + 8) * dayMs));
    await ensurePartitions(fixture.store.db, new Date());
    expect(await letters()).toEqual([]);
  });
});
