/** A person who has just connected sees the newest data first, also within the answer of one call. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPerson, newSandboxUser } from "../src/demo/person.ts";
import { activityDay, daysAgo, night } from "./support/polar-bodies.ts";
import { settled, uploadQuietly } from "./support/sync.ts";
import { type System, startSystem } from "./support/system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

describe("a person who connects with four weeks of data", () => {
  it("has the newest day and night first", async () => {
    const sandboxUserId = await newSandboxUser(system.server);
    const someone = { sandboxUserId, userId: "" };
    const days = [9, 2, 16, 1, 23];
    for (const day of days) {
      await uploadQuietly(system, someone, "sleep", night(daysAgo(day), daysAgo(day + 1)));
      await uploadQuietly(system, someone, "activities", activityDay(daysAgo(day)));
    }
    const { userId } = await connectPerson(system.server, "newest first", sandboxUserId);
    await settled(system);
    const made = await system.query<{ type: string; days: string[] }>(
      `SELECT events.type, array_agg(left(start_time, 10) ORDER BY events.created_at, event_id) AS days
       FROM events JOIN records ON records.user_id = events.user_id AND records.type = events.type
         AND natural_key = events.records->0->>'naturalKey'
       WHERE events.user_id = $1 AND events.records->0->>'revision' = '1' GROUP BY events.type`,
      [userId],
    );
    for (const type of ["daily", "sleep"]) {
      const starts = made.find((one) => one.type === type)?.days ?? [];
      expect(starts).toHaveLength(days.length);
      expect(starts).toEqual(starts.toSorted().toReversed());
    }
  });
});
