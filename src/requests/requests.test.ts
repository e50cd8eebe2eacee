import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lockAwaited } from "../../test/support/locks.ts";
import { waitFor } from "../../test/support/wait.ts";
import { startTestApi, type TestApi } from "../api/testing/api.ts";
import { activity, connect, keep } from "../api/testing/data.ts";
import type { Connection } from "../store/connections.ts";
import { findEvent, listEvents } from "../store/events.ts";
import type { DataRequestJob } from "../store/queue.ts";
import { sendRequestedData } from "./send.ts";
import { startDataRequests } from "./worker.ts";

let api: TestApi;
let connection: Connection;
beforeAll(async () => {
  api = await startTestApi();
  await startDataRequests(api.store);
});
afterAll(() => api.close());
beforeEach(async () => {
  connection = await connect(api.store, api.environment, { referenceId: "me" });
});

const request = (query: string, type = "activity") =>
  api.call(`/v2/${type}?user_id=${connection.user_id}&${query}`);

interface Sent {
  readonly type: string;
  readonly traceId: string;
  readonly reference: string;
  readonly bytes: number;
  readonly records: readonly string[];
  readonly body: Record<string, unknown>;
}

/** Returns the events of this connection, oldest first, once there are as many as expected. */
async function sent(count: number): Promise<Sent[]> {
  const { db } = api.store;
  const { environment_id: environmentId, user_id: userId } = connection;
  const rows = await waitFor("the events", async () => {
    const found = await listEvents(db, environmentId, { userId }, { limit: 100 });
    return found.length >= count && found;
  });
  return Promise.all(rows.reverse().map((row) => sentOf(environmentId, row.event_id)));
}

async function sentOf(environmentId: string, eventId: string): Promise<Sent> {
  const event = await findEvent(api.store, environmentId, eventId);
  if (event === null) throw new Error("the event is gone");
  expect(event.body.length).toBe(event.body_bytes);
  return {
    type: event.type,
    traceId: event.trace_id,
    reference: event.reference,
    bytes: event.body_bytes,
    records: event.records.map(({ naturalKey, revision }) => `${naturalKey}:${revision}`),
    body: JSON.parse(event.body.toString()),
  };
}

describe("data to the webhook", () => {
  test("is Terra's default: acknowledged now, sent as one event with the same reference", async () => {
    const runs = [activity("2025-10-01T08:00:00.000000+03:00"), activity("2025-10-02T08:00:00.000000+03:00")];
    for (const run of runs) await keep(api.store, connection, "activity", run);
    const answer = await request("start_date=2025-10-01&end_date=2025-10-02&with_samples=true");
    const reference = answer.headers.get("terra-reference");
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        status: "success",
        type: "activity",
        reference,
        trace_id: reference,
        user: expect.objectContaining({ user_id: connection.user_id, reference_id: "me" }),
      },
    ]);
    const [event, ...others] = await sent(1);
    expect(others).toEqual([]);
    // Names the records in the body's order: targets that store records must tell older ones from newer ones.
    const records = runs.map(({ metadata }) => `${metadata.summary_id}:1`);
    expect(event).toMatchObject({ type: "activity", reference, traceId: reference, records });
    expect(event?.body).toEqual({
      type: "activity",
      version: "2022-03-16",
      user: expect.objectContaining({ user_id: connection.user_id }),
      data: runs,
    });
  });

  test("comes with samples only on request", async () => {
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z", 4));
    await request("start_date=2025-10-01&end_date=2025-10-01&to_webhook=true");
    const [event] = await sent(1);
    expect(JSON.stringify(event?.body)).toContain('"hr_samples":[]');
  });

  test("names the record when there is only one", async () => {
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z", 1, "only"));
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z", 2, "only"));
    await request("start_date=2025-10-01&end_date=2025-10-02&with_samples=true");
    expect((await sent(1)).map(({ records }) => records)).toEqual([["only:2"]]);
  });

  test("of a profile is one athlete", async () => {
    await keep(api.store, connection, "athlete", { first_name: "Jo" });
    expect((await request("", "athlete")).body).toMatchObject({ status: "success", type: "athlete" });
    const [event] = await sent(1);
    expect(event?.body).toMatchObject({ type: "athlete", athlete: { first_name: "Jo" } });
    expect(event?.records).toEqual(["athlete:1"]);
  });

  test("with an empty range sends nothing, which is reported", async () => {
    const answer = await request("start_date=2025-10-01&end_date=2025-10-02");
    expect(answer.body).toMatchObject({ status: "success", message: expect.stringContaining("nothing") });
    const marker = activity("2025-10-05T08:00:00.000000Z");
    await keep(api.store, connection, "activity", marker);
    await request("start_date=2025-10-05&end_date=2025-10-05");
    expect(await sent(1)).toHaveLength(1);
  });

  test("is refused before anything is announced", async () => {
    expect((await request("start_date=2025-10-01", "nutrition")).body.code).toBe("DATA_TYPE_UNSUPPORTED");
    expect((await request("start_date=soon")).body.code).toBe("DATE_INVALID");
  });
});

/** Sorted by their part in a long request, because events of one millisecond have no order. */
const told = (events: Sent[]) => ({
  processing: events.find(({ type }) => type === "large_request_processing"),
  sending: events.find(({ type }) => type === "large_request_sending"),
  chunks: events.filter(({ type }) => type === "activity"),
});

describe("a request longer than a month", () => {
  const long = "start_date=2025-01-01&end_date=2025-06-30&with_samples=true";

  test("is announced, then sent in chunks of at most 10 MB that contain every record once", async () => {
    const runs = Array.from({ length: 5 }, (_, index) =>
      activity(`2025-0${index + 1}-10T08:00:00.000000+03:00`, 45_000, `run-${index}`),
    );
    for (const run of runs) await keep(api.store, connection, "activity", run);
    const answer = await request(long);
    const reference = answer.headers.get("terra-reference");
    expect(answer.body.message).toMatch(/^Large request submitted/);
    const { processing, sending, chunks } = told(await sent(5));
    expect(processing?.body).toMatchObject({
      type: "large_request_processing",
      status: "processing",
      reference,
    });
    expect(sending?.body).toMatchObject({ type: "large_request_sending", reference, expected_payloads: 3 });
    for (const event of [processing, sending]) expect(event?.body.user).toHaveProperty("user_id");
    expect(chunks.map(({ traceId }) => traceId).sort()).toEqual(
      [1, 2, 3].map((chunk) => `${reference}:chunk:${chunk}`),
    );
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ type: "activity", reference });
      expect(chunk.bytes).toBeLessThanOrEqual(10_000_000);
    }
    const inOrder = chunks.sort((one, other) => one.traceId.localeCompare(other.traceId));
    expect(inOrder.flatMap(({ body }) => body.data)).toEqual(runs);
  });

  test("of little data is one chunk", async () => {
    await keep(api.store, connection, "activity", activity("2025-02-10T08:00:00.000000Z"));
    const reference = (await request(long)).headers.get("terra-reference");
    const { sending, chunks } = told(await sent(3));
    expect(sending?.body).toMatchObject({ expected_payloads: 1 });
    expect(chunks.map(({ traceId }) => traceId)).toEqual([`${reference}:chunk:1`]);
  });

  test("without data announces that nothing will come", async () => {
    await request(long);
    const { processing, sending, chunks } = told(await sent(2));
    expect(processing).toBeDefined();
    expect(sending?.body).toMatchObject({ type: "large_request_sending", expected_payloads: 0 });
    expect(chunks).toEqual([]);
  });
});

describe("a worker's job", () => {
  const jobOf = (naturalKeys: string[], traceId: string): DataRequestJob => ({
    environmentId: connection.environment_id,
    userId: connection.user_id,
    type: "activity",
    withSamples: false,
    reference: "reference",
    traceId,
    naturalKeys,
    requestedAt: Date.now(),
  });

  test("done twice makes one event", async () => {
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z", 0, "a"));
    const job = jobOf(["a"], "one");
    await Promise.all([sendRequestedData(api.store, job), sendRequestedData(api.store, job)]);
    await sendRequestedData(api.store, jobOf(["a"], "two"));
    expect((await sent(2)).map(({ traceId }) => traceId).sort()).toEqual(["one", "two"]);
  });

  test("leaves out deleted records", async () => {
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z", 0, "b"));
    await sendRequestedData(api.store, jobOf(["gone", "b"], "three"));
    const [event] = await sent(1);
    expect(event?.body.data).toHaveLength(1);
  });

  test("sends nothing of a person who left", async () => {
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z", 0, "c"));
    const id = { environmentId: connection.environment_id, userId: connection.user_id };
    await api.store.db.deleteFrom("connections").where("user_id", "=", id.userId).execute();
    await sendRequestedData(api.store, jobOf(["c"], "four"));
    const { environmentId, userId } = id;
    expect(await listEvents(api.store.db, environmentId, { userId }, { limit: 9 })).toEqual([]);
  });

  test("sends nothing of a person who leaves while it is being prepared", async () => {
    await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000Z", 0, "d"));
    const { environment_id: environmentId, user_id: userId } = connection;
    let sending = Promise.resolve();
    await api.store.db.transaction().execute(async (leaving) => {
      await leaving.deleteFrom("connections").where("user_id", "=", userId).execute();
      sending = sendRequestedData(api.store, jobOf(["d"], "five"));
      await lockAwaited(api.store.db);
    });
    await sending;
    expect(await listEvents(api.store.db, environmentId, { userId }, { limit: 9 })).toEqual([]);
  });
});
