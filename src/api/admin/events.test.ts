import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { createWebhook, emit, newEvent } from "../../../test/support/delivery.ts";
import { lowestIdAt } from "../../store/identifiers.ts";
import { type AdminCalls, startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const idsOf = (data: unknown) => (data as { id: string }[]).map(({ id }) => id);
const newest = (ids: readonly string[]) => [...ids].sort().reverse();

describe("events", () => {
  let environment: TestEnvironment;
  let admin: AdminCalls;
  let ids: string[];
  const userId = randomUUID();
  const since = new Date(Date.now() - 60_000).toISOString();
  const until = new Date(Date.now() + 600_000).toISOString();
  const sleepBody = '{"type":"sleep","n":1.50}';

  beforeAll(async () => {
    environment = await createEnvironment(api.store);
    admin = api.about(environment);
    const { environmentId } = environment;
    ids = await emit(api.store, [
      newEvent(environmentId),
      newEvent(environmentId, { type: "sleep", userId, referenceId: "r", body: sleepBody }),
      newEvent(environmentId, { type: "auth", records: [], reference: "one-request" }),
    ]);
  });

  test("are listed newest first, filtered and in pages", async () => {
    const read = async (query: string) => idsOf((await admin.get(`/events?${query}`)).body.data);
    expect(await read("")).toEqual(newest(ids));
    expect(await read("types=sleep,auth")).toEqual(newest(ids.slice(1)));
    expect(await read(`user_id=${userId}`)).toEqual([ids[1]]);
    expect(await read("reference_id=r")).toEqual([ids[1]]);
    expect(await read("reference=one-request")).toEqual([ids[2]]);
    expect(await read(`since=${encodeURIComponent(until)}`)).toEqual([]);
    expect(await read(`since=${since}&until=${until}`)).toHaveLength(3);
    const first = (await admin.get("/events?limit=2")).body;
    const second = (await admin.get(`/events?limit=2&before=${first.next}`)).body;
    expect([...idsOf(first.data), ...idsOf(second.data)]).toEqual(newest(ids));
    expect(second.next).toBeNull();
    for (const query of ["types=naps", "since=yesterday", "limit=0", "user_id=x"]) {
      expect((await admin.get(`/events?${query}`)).body.code).toBe("REQUEST_INVALID");
    }
  });

  test("are shown with the body as sent", async () => {
    const answer = await admin.get(`/events/${ids[1]}`);
    expect(answer.text).toContain(`"body":${sleepBody}`);
    expect(answer.body).toMatchObject({
      id: ids[1],
      type: "sleep",
      records: [{ type: "daily", natural_key: "2025-10-01", revision: 1 }],
      bytes: sleepBody.length,
    });
    expect((await admin.get(`/events/${ids[2]}`)).body.records).toEqual([]);
    const unknown = await admin.get(`/events/${lowestIdAt(new Date())}`);
    expect([unknown.status, unknown.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
    expect((await api.about(api.environment).get(`/events/${ids[0]}`)).status).toBe(404);
  });
});

describe("deliveries", () => {
  test("are listed by state, destination and event, with their attempts", async () => {
    const environment = await createEnvironment(api.store);
    const admin = api.about(environment);
    const { environmentId } = environment;
    const { destinationId } = await createWebhook(api.store, environmentId, "http://127.0.0.1:9/");
    const events = await emit(api.store, [newEvent(environmentId), newEvent(environmentId)]);
    const all = (await admin.get("/deliveries")).body.data as Record<string, unknown>[];
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({
      state: "pending",
      attempts: 0,
      destination_id: destinationId,
      last_code: null,
    });
    const byEvent = (await admin.get(`/deliveries?event_id=${events[0]}`)).body.data;
    expect(byEvent).toMatchObject([{ event_id: events[0] }]);
    expect((await admin.get("/deliveries?states=delivered,dead")).body.data).toEqual([]);
    expect((await admin.get("/deliveries?states=pending")).body.data).toHaveLength(2);
    expect((await admin.get(`/deliveries?destination_id=${randomUUID()}`)).body.data).toEqual([]);
    expect((await admin.get("/deliveries?states=lost")).body.code).toBe("REQUEST_INVALID");
    const first = (await admin.get("/deliveries?limit=1")).body;
    expect(idsOf((await admin.get(`/deliveries?limit=1&before=${first.next}`)).body.data)).toEqual([
      all[1]?.id,
    ]);
    const attempt = {
      environment_id: environmentId,
      attempt_id: lowestIdAt(new Date()),
      delivery_id: String(all[0]?.id),
      event_id: String(all[0]?.event_id),
      destination_id: destinationId,
      number: 1,
      started_at: new Date(),
      duration_ms: 12,
      outcome: "retry" as const,
      status: 503,
      code: "DELIVERY_FAILED",
      response: "later",
    };
    await api.store.db.insertInto("attempts").values(attempt).execute();
    const { body } = await admin.get(`/deliveries/${all[0]?.id}/attempts`);
    expect(body.data).toMatchObject([{ number: 1, outcome: "retry", status: 503, response: "later" }]);
  });
});
