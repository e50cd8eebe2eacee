/** Weeks of the partitioned tables, by hand: 3 June 2030 is a Monday. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { lowestIdAt, noEnvironment } from "./identifiers.ts";
import { dropExpiredPartitions, ensurePartitions, retentionDays } from "./partitions.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

const partitionsOf = async (table: string, year = ""): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`SELECT inhrelid::regclass::text AS name FROM pg_inherits
    WHERE inhparent = ${table}::regclass ORDER BY 1`.execute(test.store.db);
  return rows.map(({ name }) => name).filter((name) => name.startsWith(`${table}_${year}`));
};

const wednesday = new Date("2030-06-05T12:00:00Z");
const weeks2030 = [
  "20300527",
  "20300603",
  "20300610",
  "20300617",
  "20300624",
  "20300701",
  "20300708",
  "20300715",
  "20300722",
  "20300729",
];

describe("partitions", () => {
  it("are made from the week before to eight weeks ahead, each beginning on a Monday, for every table", async () => {
    await ensurePartitions(test.store.db, wednesday);
    for (const table of Object.keys(retentionDays)) {
      expect(await partitionsOf(table, "2030")).toEqual(weeks2030.map((week) => `${table}_${week}`));
    }
  });

  it("are the same in the first and in the last moment of a week, and made once by many at the same time", async () => {
    const [first, last] = [new Date("2030-06-03T00:00:00.000Z"), new Date("2030-06-09T23:59:59.999Z")];
    await Promise.all([first, last, first].map((now) => ensurePartitions(test.store.db, now)));
    expect(await partitionsOf("events", "2030")).toHaveLength(weeks2030.length);
    await ensurePartitions(test.store.db, new Date("2030-06-10T00:00:00.000Z"));
    expect((await partitionsOf("events", "2030")).at(-1)).toBe("events_20300805");
  });

  it("take the ids of their own week, to the millisecond", async () => {
    await createEnvironment(test.store);
    const partitionFor = async (at: string): Promise<string | undefined> => {
      const notification_id = lowestIdAt(new Date(at));
      await test.store.db
        .insertInto("notifications")
        .values({
          environment_id: noEnvironment,
          notification_id,
          provider: "polar",
          state: "refused",
          event: null,
          provider_user_id: null,
          body: null,
          trace_id: "trace",
          code: null,
          details: null,
          received_at: new Date(at),
        })
        .execute();
      const { rows } = await sql<{ name: string }>`SELECT tableoid::regclass::text AS name FROM notifications
        WHERE notification_id = ${notification_id}`.execute(test.store.db);
      return rows[0]?.name;
    };
    expect(await partitionFor("2030-06-02T23:59:59.999Z")).toBe("notifications_20300527");
    expect(await partitionFor("2030-06-03T00:00:00.000Z")).toBe("notifications_20300603");
  });

  it("are dropped when their whole week is older than the table's retention", async () => {
    await ensurePartitions(test.store.db, new Date("2030-04-10T12:00:00Z"));
    // Forty-two days before the fifth of June is 24 April, a Wednesday: its week begins on the 22nd and stays.
    const dropped = await dropExpiredPartitions(test.store.db, wednesday);
    const ofEvents = dropped.filter((name) => name.startsWith("events_2030"));
    expect(ofEvents.sort()).toEqual(["events_20300401", "events_20300408", "events_20300415"]);
    expect((await partitionsOf("events", "2030"))[0]).toBe("events_20300422");
    // Ninety days before is 7 March.
    expect((await partitionsOf("notifications", "2030"))[0]).toBe("notifications_20300401");
    expect(await dropExpiredPartitions(test.store.db, wednesday)).toEqual([]);
  });
});
