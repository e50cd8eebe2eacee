/** An environment may keep raw bodies, events and notifications for a shorter time; others keep theirs. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import { emitEvents } from "../delivery/emit.ts";
import { removeDueBodies } from "./bodies/removals.ts";
import { changeEnvironment } from "./environments.ts";
import { newId } from "./identifiers.ts";
import { insertNotifications } from "./notifications.ts";
import { keepRawPayload, readRawPayload } from "./raw-payloads.ts";
import { applyRetention } from "./retention.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore(true);
});
afterAll(() => test.close());

const dayMs = 24 * 3_600_000;
const at = (days: number): Date => new Date(Date.now() + days * dayMs);

async function populated() {
  const environment = await createEnvironment(test.store);
  const person = await KeptPerson.connect(test.store, environment);
  const fetched = {
    resource: "exercises",
    key: "list",
    connection: person.id,
    provider: "polar",
    request: { method: "GET", path: "/v3/exercises" },
    response: { status: 200, contentType: "application/json", body: Buffer.from("[1]") },
    taskId: newId(),
  } as const;
  const keep = () =>
    test.store.db.transaction().execute((tx) => keepRawPayload(tx, fetched, test.store.outside));
  const rawPayloadId = await keep();
  const event = {
    ...person.id,
    type: "daily",
    referenceId: null,
    provider: "polar",
    records: [],
    reference: null,
    traceId: newId(),
    body: "{}",
  };
  await test.store.db.transaction().execute((tx) => emitEvents(tx, test.store.queue, [event]));
  const notification = {
    environmentId: environment.environmentId,
    notificationId: newId(),
    provider: "polar",
    providerUserId: "1",
    state: "accepted",
    event: "SLEEP",
    fetches: [],
    body: null,
    traceId: "t",
  } as const;
  await insertNotifications(test.store.db, [notification], []);
  const count = async (table: string): Promise<number> => {
    const { rows } = await sql`SELECT FROM ${sql.table(table)}
      WHERE environment_id = ${environment.environmentId}`.execute(test.store.db);
    return rows.length;
  };
  const raw = () => readRawPayload(test.store, person.id, rawPayloadId);
  return { ...environment, rawPayloadId, keep, raw, count };
}

it("keeps what was chosen for as long, and everything where nothing was", async () => {
  const [short, long] = [await populated(), await populated()];
  const change = { keep_raw_days: 90, keep_event_days: 7, keep_notification_days: 3 };
  await changeEnvironment(test.store.db, short.devId, change);
  expect(await applyRetention(test.store.db, at(2))).toEqual({ bodies: 0, events: 0, notifications: 0 });
  expect(await applyRetention(test.store.db, at(4))).toEqual({ bodies: 0, events: 0, notifications: 1 });
  expect(await applyRetention(test.store.db, at(8))).toEqual({ bodies: 0, events: 1, notifications: 0 });
  expect(String(await short.raw())).toBe("[1]");
  expect(await applyRetention(test.store.db, at(91))).toEqual({ bodies: 1, events: 0, notifications: 0 });
  expect(await short.raw()).toBeNull();
  expect(await removeDueBodies(test.store)).toBe(1);
  expect([
    await short.count("events"),
    await short.count("notifications"),
    await short.count("raw_payloads"),
  ]).toEqual([0, 0, 1]);
  // The same answer again is kept again: the row before has no body.
  expect(await short.keep()).not.toBe(short.rawPayloadId);
  expect([await long.count("events"), await long.count("notifications")]).toEqual([1, 1]);
  expect(String(await long.raw())).toBe("[1]");
});

it("keeps an event that is still on its way", async () => {
  const one = await populated();
  await changeEnvironment(test.store.db, one.devId, { keep_event_days: 7 });
  await sql`INSERT INTO deliveries (environment_id, delivery_id, event_id, destination_id, parked, state, created_at)
    SELECT environment_id, ${newId()}, event_id, ${newId()}, true, 'pending', now() FROM events
    WHERE environment_id = ${one.environmentId}`.execute(test.store.db);
  await applyRetention(test.store.db, at(30));
  expect(await one.count("events")).toBe(1);
  await sql`UPDATE deliveries SET state = 'delivered'`.execute(test.store.db);
  await applyRetention(test.store.db, at(30));
  expect([await one.count("events"), await one.count("deliveries")]).toEqual([0, 0]);
});
