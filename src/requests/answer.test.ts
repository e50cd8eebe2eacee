import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { activity, connect, keep } from "../api/testing/data.ts";
import type { Connection } from "../store/connections.ts";
import { openDatabase } from "../store/database.ts";
import { writeRecord } from "../store/record-writer.ts";
import type { Database } from "../store/tables.ts";
import { answerData } from "./answer.ts";
import type { DataRequest } from "./data-request.ts";

let test: TestStore;
let connection: Connection;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  connection = await connect(test.store, await createEnvironment(test.store), { referenceId: "me" });
});

const range = { from: "2025-03-01", to: "2025-03-31", long: false };
const read = (given: Partial<DataRequest> = {}, db: Database = test.store.db) =>
  answerData({ ...test.store, db }, connection, { type: "activity", range, withSamples: true, ...given });
const bytesOf = (answer: Buffer | Readable) => (answer instanceof Readable ? buffer(answer) : answer);
const parsed = async (given: Partial<DataRequest> = {}) =>
  JSON.parse(String(await bytesOf(await read(given))));

/** A record of about so many bytes. */
async function large(day: string, bytes: number): Promise<string> {
  const json = JSON.stringify({ of: day, padding: "x".repeat(bytes) });
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  await test.store.db.transaction().execute((tx) =>
    writeRecord(tx, id, {
      type: "activity",
      naturalKey: day,
      summaryId: null,
      mapperVersion: 1,
      json: Buffer.from(json),
      summaryJson: "{}",
      startTime: `${day}T00:00:00.000000Z`,
      endTime: null,
      rawPayloadIds: [],
    }),
  );
  return json;
}
const megabyte = 1024 * 1024;

describe("an answer", () => {
  it("has the records of the days asked for in their order, with samples or without", async () => {
    const runs = ["2025-03-02", "2025-03-01"].map((day) => activity(`${day}T08:00:00.000000Z`, 2));
    for (const run of runs) await keep(test.store, connection, "activity", run);
    await keep(test.store, connection, "activity", activity("2025-04-01T08:00:00.000000Z"));
    const whole = await parsed();
    expect(whole).toMatchObject({ status: "success", type: "activity", user: { reference_id: "me" } });
    expect(whole.data).toEqual(runs.toReversed());
    const without = await parsed({ withSamples: false });
    expect(without.data).toHaveLength(2);
    expect(JSON.stringify(without)).toContain('"hr_samples":[]');
  });

  it.each([true, false])("of nothing is an empty list (with samples: %s)", async (withSamples) => {
    expect((await parsed({ withSamples })).data).toEqual([]);
  });

  it("about a profile is one object, there even where nothing is known", async () => {
    const profile = { type: "athlete", range: null, withSamples: false } as const;
    expect((await parsed(profile)).athlete).toMatchObject({ first_name: null });
    await keep(test.store, connection, "athlete", { first_name: "Jo" });
    expect((await parsed(profile)).athlete).toEqual({ first_name: "Jo" });
  });
});

describe("an answer that does not fit into memory", () => {
  it("is streamed, and is byte for byte the records one after the other", async () => {
    const days = ["2025-03-01", "2025-03-02", "2025-03-03"];
    const records: string[] = [];
    for (const day of days) records.push(await large(day, 5 * megabyte));
    const answer = await read();
    expect(answer).toBeInstanceOf(Readable);
    const text = String(await bytesOf(answer));
    expect(JSON.parse(text).data.map(({ of }: { of: string }) => of)).toEqual(days);
    expect(text.includes(`"data":[${records.join(",")}]}`)).toBe(true);
  });

  it("leaves out what is deleted while it is on its way, and is whole all the same", async () => {
    for (const day of ["2025-03-01", "2025-03-02", "2025-03-03"]) await large(day, 9 * megabyte);
    const answer = await read();
    const gone = test.store.db.deleteFrom("records").where("natural_key", "in", ["2025-03-02", "2025-03-03"]);
    await gone.execute();
    const { data } = JSON.parse(String(await bytesOf(answer)));
    expect(data.map(({ of }: { of: string }) => of)).toEqual(["2025-03-01"]);
  });

  it("ends with an error where the store fails in the middle, and not as if it were whole", async () => {
    for (const day of ["2025-03-01", "2025-03-02", "2025-03-03"]) await large(day, 9 * megabyte);
    const other = await openDatabase(test.connectionString, 2);
    const answer = await read({}, other.db);
    await other.close();
    await expect(bytesOf(answer)).rejects.toThrow();
  });

  it("is an error at once where the store fails before anything is sent", async () => {
    await large("2025-03-01", 9 * megabyte);
    const other = await openDatabase(test.connectionString, 2);
    await other.close();
    await expect(read({}, other.db)).rejects.toThrow();
  });
});
