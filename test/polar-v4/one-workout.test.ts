/** One workout that both of Polar's APIs tell of, from their bodies to the stored record. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decompress } from "../../src/store/zstd.ts";
import {
  createEnvironment,
  startTestStore,
  type TestEnvironment,
  type TestStore,
} from "../support/database.ts";
import { KeptPerson, polar, renormalize } from "../support/kept-person.ts";

let test: TestStore;
let environment: TestEnvironment;
let person: KeptPerson;
let exerciseId: string;
let sessionId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  environment = await createEnvironment(test.store);
  person = await KeptPerson.connect(test.store, environment);
  exerciseId = randomBytes(6).toString("hex");
  sessionId = randomUUID();
});

const exercise = (start: string) =>
  person.keep("exercise", exerciseId, {
    id: exerciseId,
    start_time: start,
    start_time_utc_offset: 60,
    duration: "PT600S",
    calories: 119,
    sport: "RUNNING",
  });
const session = (start: string, hrAvg = 103) =>
  person.keep("v4-training-session", "2026-03-07", {
    trainingSessions: [
      {
        identifier: { id: sessionId },
        startTime: start,
        durationMillis: 600_000,
        timezoneOffsetMinutes: 60,
        hrAvg,
        sport: { id: "1" },
        exercises: [],
      },
    ],
  });

async function activities() {
  const rows = (await person.rows()).filter(({ type }) => type === "activity");
  return Promise.all(
    rows.map(async ({ detailed, revision }) => {
      const record = JSON.parse((await decompress(detailed ?? Buffer.alloc(0))).toString());
      return {
        id: record.metadata.summary_id,
        revision,
        calories: record.calories_data.total_burned_calories,
        heartRate: record.heart_rate_data.summary.avg_hr_bpm,
      };
    }),
  );
}

describe("a workout of both APIs", () => {
  it("keeps v3's id where v3 told of it first, and v4's where v4 did", async () => {
    await exercise("2026-03-07T10:00:00");
    await session("2026-03-07T10:01:30");
    expect(await activities()).toEqual([{ id: exerciseId, revision: 2, calories: 119, heartRate: 103 }]);
    person = await KeptPerson.connect(test.store, environment);
    [exerciseId, sessionId] = [randomBytes(6).toString("hex"), randomUUID()];
    await session("2026-03-07T10:01:30");
    await exercise("2026-03-07T10:00:00");
    expect(await activities()).toEqual([{ id: sessionId, revision: 2, calories: 119, heartRate: 103 }]);
  });

  it("parts when one start is edited, and stays as it is when it is made anew", async () => {
    await exercise("2026-03-07T10:00:00");
    await session("2026-03-07T10:01:30");
    await renormalize(test.store, environment.environmentId, polar);
    expect(await activities()).toMatchObject([{ id: exerciseId, revision: 2 }]);
    await session("2026-03-07T15:00:00");
    expect((await activities()).map(({ id, heartRate }) => [id, heartRate]).sort()).toEqual(
      [
        [exerciseId, null],
        [sessionId, 103],
      ].sort(),
    );
  });
});
