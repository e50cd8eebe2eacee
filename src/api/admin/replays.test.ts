import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nextMillisecond } from "../../../test/support/clock.ts";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { collectingLog, createWebhook, emit, newEvent } from "../../../test/support/delivery.ts";
import { waitFor } from "../../../test/support/receiver.ts";
import { updateDestination } from "../../store/destinations.ts";
import { newId } from "../../store/identifiers.ts";
import { lockReplays } from "../../store/replays.ts";
import { type AdminCalls, adminToken, startTestApi, type TestApi } from "../testing/api.ts";

const { log, lines } = collectingLog();
const nowhere = "http://127.0.0.1:9/";
const since = new Date(Date.now() - 60_000).toISOString();
const until = new Date(Date.now() + 600_000).toISOString();

let api: TestApi;
let environment: TestEnvironment;
let admin: AdminCalls;
beforeAll(async () => {
  api = await startTestApi({ log });
});
afterAll(() => api.close());
beforeEach(async () => {
  environment = await createEnvironment(api.store);
  admin = api.about(environment);
});

const webhook = (types: readonly string[] | null = null) =>
  createWebhook(api.store, environment.environmentId, nowhere, types);
const emitted = (...types: readonly string[]) =>
  emit(
    api.store,
    types.map((type) => newEvent(environment.environmentId, { type })),
  );
const settle = (state: "dead" | "delivered", values: object = {}) =>
  api.store.db
    .updateTable("deliveries")
    .set({ state, parked: false, ...values })
    .where("environment_id", "=", environment.environmentId)
    .where("state", "=", "pending")
    .execute();
const deliveries = async () => (await admin.get("/deliveries")).body.data as Record<string, unknown>[];
const counts = (planned: number, pending = 0, dry = false) => ({
  deliveries: planned,
  already_pending: pending,
  dry_run: dry,
});

describe("one event", () => {
  test("is sent again to all that take it, or to one", async () => {
    const [id] = await emitted("sleep");
    await webhook();
    const { destinationId } = await webhook(["sleep"]);
    const dry = await admin.post(`/events/${id}/replay`, { dry_run: true });
    expect([dry.status, dry.body]).toEqual([200, { events: 1, ...counts(2, 0, true) }]);
    expect(await deliveries()).toEqual([]);
    const one = await admin.post(`/events/${id}/replay`, { destination_id: destinationId });
    expect([one.status, one.body]).toEqual([202, { events: 1, ...counts(1) }]);
    expect((await admin.post(`/events/${id}/replay`)).body).toEqual({ events: 1, ...counts(1, 1) });
    expect(await deliveries()).toHaveLength(2);
  });

  test("that does not exist is not found, nor is a destination", async () => {
    const [id] = await emitted("sleep");
    expect((await admin.post(`/events/${randomUUID()}/replay`)).body.code).toBe("RESOURCE_NOT_FOUND");
    const unknown = await admin.post(`/events/${id}/replay`, { destination_id: randomUUID() });
    expect(unknown.body.code).toBe("RESOURCE_NOT_FOUND");
  });
});

describe("many events", () => {
  test("are selected by a range of time and filters", async () => {
    await emitted("daily", "sleep", "auth");
    const all = await webhook();
    await webhook(["sleep"]);
    const range = { since, until };
    const dry = await admin.post("/events/replay", { ...range, dry_run: true });
    // Each event has one record.
    expect([dry.status, dry.body]).toEqual([
      200,
      { events: 3, records: 3, ...counts(4, 0, true), next: null },
    ]);
    expect(await deliveries()).toEqual([]);
    const narrow = { ...range, types: ["sleep"], destination_id: all.destinationId };
    const real = await admin.post("/events/replay", narrow);
    expect([real.status, real.body]).toEqual([202, { events: 1, records: 1, ...counts(1), next: null }]);
    expect((await admin.post("/events/replay", narrow)).body).toMatchObject(counts(0, 1));
  });

  test("are selected by id, or by outcome", async () => {
    const { destinationId } = await webhook();
    const ids = await emitted("daily", "daily", "sleep");
    await settle("delivered");
    const named = await admin.post("/events/replay", { event_ids: [ids[0], ids[2], randomUUID()] });
    expect(named.body).toMatchObject({ events: 2, ...counts(2) });
    await settle("dead");
    const outcome = (name: string) =>
      admin.post("/events/replay", {
        since,
        until,
        outcome: name,
        destination_id: destinationId,
        dry_run: true,
      });
    expect((await outcome("dead")).body).toMatchObject({ events: 2, deliveries: 2 });
    expect((await outcome("delivered")).body).toMatchObject({ events: 1, deliveries: 1 });
    expect((await outcome("none")).body).toMatchObject({ events: 0, deliveries: 0 });
    expect((await outcome("lost")).body.code).toBe("REQUEST_INVALID");
  });

  test("are replayed part by part with a limit", async () => {
    const ids = (await emitted("daily", "daily", "daily")).sort();
    await webhook();
    const first = (await admin.post("/events/replay", { since, until, limit: 2 })).body;
    expect(first).toEqual({ events: 2, records: 2, ...counts(2), next: ids[1] });
    const rest = await admin.post("/events/replay", { since, until, limit: 2, after: first.next });
    expect(rest.body).toEqual({ events: 1, records: 1, ...counts(1), next: null });
  });

  test("need a range or names", async () => {
    for (const body of [{ since }, { until }, {}, { event_ids: [] }, { since, until, limit: 0 }]) {
      expect((await admin.post("/events/replay", body)).body.code).toBe("REQUEST_INVALID");
    }
  });

  test("stop after the part in progress when the caller leaves, and the log says where", async () => {
    await webhook(["sleep"]);
    for (let n = 0; n < 3; n++) await emitted(...Array<string>(1_000).fill("daily"));
    await webhook(["daily"]);
    const { environmentId, devId } = environment;
    const leaving = new AbortController();
    let asked: Promise<unknown> = Promise.resolve();
    await api.store.db.transaction().execute(async (tx) => {
      await lockReplays(tx, environmentId);
      asked = fetch(`${api.url}/admin/v1/events/replay?environment=${devId}`, {
        method: "POST",
        headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
        body: JSON.stringify({ since, until }),
        signal: leaving.signal,
      }).catch(() => "left");
      // It waits for us with its first part; then the caller disconnects.
      await waitFor(async () => {
        const { rows } = await waitingForLocks(api);
        return rows > 0;
      });
      leaving.abort();
      await asked;
      // Later requests have been answered: so the server has heard that this one's caller is gone.
      for (let times = 0; times < 2; times++) await fetch(`${api.url}/healthz`);
    });
    expect(await asked).toBe("left");
    const told = () => lines.find(({ msg }) => msg.startsWith("replay ended"));
    await waitFor(() => told() !== undefined);
    expect(told()).toMatchObject({ deliveries: 1_000, next: expect.any(String) });
    const { next } = told() as unknown as { next: string };
    const rest = await admin.post("/events/replay", { since, until, after: next });
    expect(rest.body).toMatchObject({ events: 2_000, ...counts(2_000), next: null });
  });
});

async function waitingForLocks({ store }: TestApi): Promise<{ rows: number }> {
  const found = await sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`.execute(store.db);
  return { rows: found.rows.length };
}

describe("a delivery", () => {
  test("is made again, whatever its outcome, unless it is pending", async () => {
    const { destinationId } = await webhook(["sleep"]);
    await emitted("sleep");
    await settle("delivered");
    const [{ id } = { id: null }] = await deliveries();
    const dry = await admin.post(`/deliveries/${id}/replay`, { dry_run: true });
    expect([dry.status, dry.body]).toEqual([200, counts(1, 0, true)]);
    const real = await admin.post(`/deliveries/${id}/replay`);
    expect([real.status, real.body]).toEqual([202, counts(1)]);
    expect((await admin.post(`/deliveries/${id}/replay`)).body).toEqual(counts(0, 1));
    expect((await deliveries()).map((row) => row.destination_id)).toEqual([destinationId, destinationId]);
  });

  test("that does not exist is not found", async () => {
    expect((await admin.post(`/deliveries/${newId()}/replay`)).body.code).toBe("RESOURCE_NOT_FOUND");
    await webhook();
    await emitted("sleep");
    const [{ id } = { id: null }] = await deliveries();
    const others = await api.about(api.environment).post(`/deliveries/${id}/replay`);
    expect([others.status, others.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });
});

describe("dead letters", () => {
  test("are listed with their reason, in pages, and found by filters", async () => {
    const { destinationId } = await webhook();
    const ids = await emitted("daily");
    await nextMillisecond();
    ids.push(...(await emitted("sleep")));
    await settle("dead", {
      attempts: 16,
      last_status: 503,
      last_code: "DELIVERY_FAILED",
      finished_at: new Date(),
    });
    const { data, next } = (await admin.get("/dead-letters?limit=1")).body;
    expect(data).toMatchObject([
      {
        event_id: ids[1],
        destination_id: destinationId,
        type: "sleep",
        attempts: 16,
        last_status: 503,
        last_code: "DELIVERY_FAILED",
        last_response: null,
        finished_at: expect.any(String),
      },
    ]);
    const rest = (await admin.get(`/dead-letters?before=${next}`)).body;
    expect([rest.data, rest.next]).toMatchObject([[{ event_id: ids[0] }], null]);
    const found = async (query: string) => {
      const { body } = await admin.get(`/dead-letters?${query}`);
      return (body.data as unknown[])?.length ?? body.code;
    };
    expect(await found(`types=sleep&destination_id=${destinationId}&code=DELIVERY_FAILED`)).toBe(1);
    expect(await found("code=DELIVERY_REJECTED")).toBe(0);
    expect(await found("reference_id=person-1")).toBe(2);
    expect(await found(`user_id=${randomUUID()}`)).toBe(0);
    expect(await found(`since=${since}&until=${until}`)).toBe(2);
    expect(await found(`until=${since}`)).toBe(0);
    expect(await found(`planned_since=${since}&planned_until=${until}`)).toBe(2);
    expect(await found(`planned_since=${until}`)).toBe(0);
    expect(await found(`planned_until=${since}`)).toBe(0);
    expect(await found("types=naps")).toBe("REQUEST_INVALID");
    expect((await api.about(api.environment).get("/dead-letters")).body.data).toEqual([]);
  });

  test("are sent again: counted first, then all that match, and then they are no dead letters", async () => {
    await webhook();
    await emitted("daily", "sleep", "sleep");
    await settle("dead");
    const dry = await admin.post("/dead-letters/replay", { dry_run: true });
    expect([dry.status, dry.body]).toEqual([
      200,
      { dead_letters: 3, ...counts(3, 0, true), inactive: 0, next: null },
    ]);
    const sleeps = await admin.post("/dead-letters/replay", { types: ["sleep"] });
    expect([sleeps.status, sleeps.body]).toMatchObject([202, { dead_letters: 2, ...counts(2) }]);
    expect((await admin.post("/dead-letters/replay")).body).toMatchObject({ dead_letters: 1, ...counts(1) });
    expect((await admin.get("/dead-letters")).body.data).toEqual([]);
    expect(await deliveries()).toHaveLength(6);
  });
});

test("an inactive destination gets nothing, which is reported", async () => {
  const target = await webhook();
  const [id] = await emitted("daily");
  await settle("dead");
  await updateDestination(api.store.db, api.store.keyRing, target, { active: false });
  const [{ id: delivery } = { id: null }] = await deliveries();
  const to = { destination_id: target.destinationId };
  const refused = [
    await admin.post(`/events/${id}/replay`, to),
    await admin.post("/events/replay", { ...to, since, until }),
    await admin.post("/dead-letters/replay", to),
    await admin.post(`/deliveries/${delivery}/replay`),
  ];
  for (const { status, body } of refused) {
    expect([status, body.code]).toEqual([409, "DESTINATION_INACTIVE"]);
  }
  const all = await admin.post("/dead-letters/replay");
  expect(all.body).toMatchObject({ dead_letters: 1, deliveries: 0, inactive: 1 });
});
