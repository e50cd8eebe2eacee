import { describe, expect } from "vitest";
import type { Sleep } from "../../../src/models/index.ts";
import { band, metric, neutral, phone, records, sdk, stage, watch } from "./bodies.ts";
import { failure } from "./failures.ts";

const [inBed, asleep, awake, core, deep, rem] = [0, 1, 2, 3, 4, 5];
const hours = 3_600;

/** 23:00 to 07:00 in Berlin: 4.5 h core, 1.5 h deep, 1.5 h REM, 0.5 h awake. */
const night = [
  stage("2026-01-09T23:00/2026-01-10T00:00", core),
  stage("2026-01-10T00:00/01:30", deep),
  stage("2026-01-10T01:30/03:00", core),
  stage("2026-01-10T03:00/03:30", awake),
  stage("2026-01-10T03:30/05:00", rem),
  stage("2026-01-10T05:00/07:00", core),
];

const sleeps = (...samples: readonly object[]) => records("sleep", neutral({ samples }));
const asleepSeconds = (sleep: Sleep | undefined) =>
  sleep?.sleep_durations_data?.asleep?.duration_asleep_state_seconds;

/** Health Auto Export's night as sums, in hours. */
const summed = (more: object) =>
  metric("sleep_analysis", "hr", {
    sleepStart: "2026-01-09 23:00:00 +0100",
    sleepEnd: "2026-01-10 07:00:00 +0100",
    source: "Apple\u00a0Watch",
    ...more,
  });

describe("sleep", () => {
  failure(23, "the stages are those of the best source, and none overlaps", () => {
    const others = [
      stage("2026-01-09T22:45/2026-01-10T07:10", asleep, phone),
      stage("2026-01-10T00:10/02:00", rem, band),
    ];
    const made = sleeps(...night, ...others).get("2026-01-10")?.sleep_durations_data;
    expect(made?.asleep).toMatchObject({
      duration_asleep_state_seconds: 7.5 * hours,
      duration_light_sleep_state_seconds: 4.5 * hours,
      duration_deep_sleep_state_seconds: 1.5 * hours,
      duration_REM_sleep_state_seconds: 1.5 * hours,
    });
    const starts = made?.hypnogram_samples?.map(({ timestamp }) => timestamp?.slice(11, 16));
    expect(starts).toEqual(["23:00", "00:00", "01:30", "03:00", "03:30", "05:00"]);
  });

  failure(24, "a night of two stretches has the time of both", () => {
    const made = sleeps(
      stage("2026-01-09T23:00/2026-01-10T03:10", core),
      stage("2026-01-10T04:00/06:37", core),
    );
    expect([...made].map(([key, sleep]) => [key, asleepSeconds(sleep)])).toEqual([
      ["2026-01-10", 6 * hours + 47 * 60],
    ]);
  });

  const nap = stage("2026-01-10T14:10/14:50", core);

  failure(25, "it is a session of its own, and the night keeps its length", () => {
    const made = sleeps(...night, nap);
    expect([...made.values()].map(asleepSeconds)).toEqual([7.5 * hours, 2_400]);
  });

  failure(26, "it is_nap, and the night is not", () => {
    const made = sleeps(...night, nap);
    expect([...made.values()].map(({ metadata }) => metadata.is_nap)).toEqual([false, true]);
  });

  const sdkStage = (name: string) => ({
    id: "0000000A-0000-4000-8000-000000000001",
    stage: name,
    startDate: "2026-01-09T22:00:00Z",
    endDate: "2026-01-10T06:00:00Z",
    source: { deviceName: "iPhone", deviceModel: "iPhone15,2" },
  });

  failure(27, "a sent stage makes the night's record", () => {
    const made = records("sleep", sdk({ records: [], sleep: [sdkStage("light")], workouts: [] }));
    expect([...made].map(([key, sleep]) => [key, asleepSeconds(sleep)])).toEqual([["2026-01-10", 8 * hours]]);
  });

  failure(28, "the record has the time asleep, and null for each stage", () => {
    const made = records("sleep", sdk({ sleep: [sdkStage("sleeping")] })).get("2026-01-10");
    expect(made?.sleep_durations_data?.asleep).toMatchObject({
      duration_asleep_state_seconds: 8 * hours,
      duration_deep_sleep_state_seconds: null,
      duration_light_sleep_state_seconds: null,
      duration_REM_sleep_state_seconds: null,
    });
  });

  failure(
    29,
    "the Watch's stages, where another format tells them, come before another source's sums",
    () => {
      const sums = summed({ asleep: 8, totalSleep: 8, source: "iPhone" });
      const made = records("sleep", sums, neutral({ samples: night }));
      expect([...made.values()].map(asleepSeconds)).toEqual([7.5 * hours]);
      expect(made.get("2026-01-10")?.device_data?.name).toBe("Apple Watch");
    },
  );

  failure(30, "the night is read without them, and its time in bed is null", () => {
    const made = records(
      "sleep",
      summed({ core: 4.5, deep: 1.5, rem: 1.5, awake: 0.5, totalSleep: 7.5, inBed: 0 }),
    );
    const durations = made.get("2026-01-10")?.sleep_durations_data;
    expect(durations?.asleep?.duration_asleep_state_seconds).toBe(7.5 * hours);
    expect(durations?.other?.duration_in_bed_seconds).toBeNull();
  });

  failure(31, "each phase has its field, and a body of the older form none", () => {
    const made = (told: object) =>
      records("sleep", summed(told)).get("2026-01-10")?.sleep_durations_data?.asleep;
    expect(made({ asleep: 0, core: 4.5, deep: 1.5, rem: 1.5, awake: 0.5, totalSleep: 7.5 })).toMatchObject({
      duration_light_sleep_state_seconds: 4.5 * hours,
      duration_deep_sleep_state_seconds: 1.5 * hours,
      duration_REM_sleep_state_seconds: 1.5 * hours,
    });
    expect(made({ asleep: 7.25, inBed: 8, sleepSource: "Apple Watch", inBedSource: "iPhone" })).toMatchObject(
      {
        duration_asleep_state_seconds: 7.25 * hours,
        duration_deep_sleep_state_seconds: null,
      },
    );
  });

  failure(32, "a session has the rows of one source; the others are named", () => {
    const made = sleeps(...night, stage("2026-01-10T06:00/08:30", core, band));
    const [session] = made.values();
    expect(made.size).toBe(1);
    expect(session?.metadata.end_time).toBe("2026-01-10T07:00:00.000000+01:00");
    expect(session?.device_data?.other_devices?.map(({ name }) => name)).toEqual(["Band"]);
  });

  failure(33, "time in bed and awake are no sleep, and each hour stood counts once", () => {
    const bed = stage("2026-01-09T22:30/2026-01-10T07:30", inBed, phone);
    expect([...sleeps(...night, bed).values()].map(asleepSeconds)).toEqual([7.5 * hours]);
    const stood = Array.from({ length: 14 }, (_, index) => ({
      ...stage(`2026-01-10T${String(index + 8).padStart(2, "0")}:00`, 0),
      type: "HKCategoryTypeIdentifierAppleStandHour",
    }));
    const day = records("daily", neutral({ samples: [...stood, ...stood] })).get("2026-01-10");
    expect(day?.active_durations_data?.standing_hours_count).toBe(14);
  });

  failure(34, "they add nothing, and break nothing up", () => {
    const fragments = [
      stage("2026-01-10T00:17/00:29", rem, band),
      stage("2026-01-10T03:11/03:12", awake, band),
      stage("2026-01-10T05:01/05:59", deep, band),
    ];
    const durations = (...samples: object[]) => sleeps(...samples).get("2026-01-10")?.sleep_durations_data;
    expect(durations(...night, ...fragments)).toEqual(durations(...night));
    expect(durations(...fragments.map((one) => ({ ...one, source: watch })))).not.toEqual(
      durations(...night),
    );
  });
});
