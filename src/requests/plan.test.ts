/** The tasks that are planned for a request. The path through the API is in requests.test.ts. */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../../test/support/database.ts";
import { activity, connect, keep } from "../api/testing/data.ts";
import type { Connection } from "../store/connections.ts";
import { listEvents } from "../store/events.ts";
import type { DataRequestJob } from "../store/queue.ts";
import { type DataToSend, requestData } from "./plan.ts";

let test: TestStore;
let environment: TestEnvironment;
let connection: Connection;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
  connection = await connect(test.store, environment);
});

const march = { from: "2025-03-01", to: "2025-03-31", long: false };
const ask = (given: Partial<DataToSend> = {}) =>
  requestData(test.store, connection, {
    type: "activity",
    range: march,
    withSamples: true,
    reference: "reference",
    ...given,
  });
async function run(id: string, day: number, bytes?: number): Promise<void> {
  const start = `2025-03-${String(day).padStart(2, "0")}T08:00:00.000000Z`;
  await keep(test.store, connection, "activity", activity(start, 1, id));
  if (bytes === undefined) return;
  await test.store.db
    .updateTable("records")
    .set({ detailed_bytes: bytes })
    .where("user_id", "=", connection.user_id)
    .where("natural_key", "=", id)
    .execute();
}
async function jobs(): Promise<DataRequestJob[]> {
  const { rows } = await sql<{ data: DataRequestJob }>`SELECT data FROM pgboss.job WHERE name = 'request'
    AND data->>'environmentId' = ${environment.environmentId} ORDER BY data->>'traceId'`.execute(
    test.store.db,
  );
  return rows.map(({ data }) => data);
}
const events = async () =>
  (await listEvents(test.store.db, environment.environmentId, {}, { limit: 10 }))
    .map(({ type }) => type)
    .sort();

describe("a request of a month at most", () => {
  it("is one job with all its records in their order, under the request's own reference", async () => {
    await run("b", 2);
    await run("a", 3);
    const acknowledged = await ask();
    expect(acknowledged).toMatchObject({ status: "success", type: "activity", reference: "reference" });
    expect(acknowledged).not.toHaveProperty("message");
    expect(await jobs()).toEqual([
      {
        environmentId: environment.environmentId,
        userId: connection.user_id,
        type: "activity",
        withSamples: true,
        reference: "reference",
        traceId: "reference",
        naturalKeys: ["b", "a"],
        requestedAt: expect.any(Number),
      },
    ]);
    expect(await events()).toEqual([]);
  });

  it("however large its records are", async () => {
    for (const day of [1, 2]) await run(String(day), day, 9_000_000);
    await ask();
    expect((await jobs()).map(({ naturalKeys }) => naturalKeys)).toEqual([["1", "2"]]);
  });

  it("with nothing in it is no job, and says so", async () => {
    await run("outside", 3);
    const acknowledged = await ask({ range: { from: "2025-03-04", to: "2025-03-31", long: false } });
    expect(acknowledged.message).toMatch(/nothing will be sent/);
    expect(await jobs()).toEqual([]);
  });
});

describe("a longer request", () => {
  const long = { range: { ...march, long: true } };

  it("is announced twice and cut where a chunk would go beyond ten megabytes, the envelope included", async () => {
    // 10,000,000 bytes less 4,096 for what stands around the records, each with its comma.
    const room = 10_000_000 - 4_096;
    await run("1", 1, room / 2 - 1);
    await run("2", 2, room / 2 - 1);
    await run("3", 3, 20_000_000);
    await run("4", 4, 100);
    const { message } = await ask(long);
    expect(message).toMatch(/^Large request submitted/);
    expect((await jobs()).map(({ traceId, naturalKeys }) => [traceId, naturalKeys])).toEqual([
      ["reference:chunk:1", ["1", "2"]],
      ["reference:chunk:2", ["3"]],
      ["reference:chunk:3", ["4"]],
    ]);
    expect(await events()).toEqual(["large_request_processing", "large_request_sending"]);
  });

  it("is cut by the size of what is sent: without samples all of it is one chunk", async () => {
    for (const day of [1, 2]) await run(String(day), day, 9_000_000);
    await ask({ ...long, withSamples: false });
    expect((await jobs()).map(({ naturalKeys }) => naturalKeys)).toEqual([["1", "2"]]);
  });

  it("of nothing is announced, and has no job", async () => {
    await ask(long);
    expect([await events(), await jobs()]).toEqual([
      ["large_request_processing", "large_request_sending"],
      [],
    ]);
  });
});

describe("a profile", () => {
  it("has no dates, and is sent as it is", async () => {
    await keep(test.store, connection, "athlete", { first_name: "Jo" });
    await ask({ type: "athlete", range: null, reference: randomUUID() });
    expect((await jobs()).map(({ type, naturalKeys }) => [type, naturalKeys])).toEqual([
      ["athlete", ["athlete"]],
    ]);
  });
});

describe("another person's records", () => {
  it("are in no request", async () => {
    const other = await connect(test.store, environment);
    await keep(test.store, other, "activity", activity("2025-03-02T08:00:00.000000Z", 1, "theirs"));
    expect((await ask()).message).toMatch(/nothing will be sent/);
  });
});
