import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DynamicWorld, startDynamic } from "../testing/world.ts";

/** What v4 tells is what v3 tells of the same nights, days and sessions. */

type Json = Record<string, unknown>;
type Numbers = Record<string, number>;

let dynamic: DynamicWorld;
const registered = () => ({ id: dynamic.id, token: dynamic.tokens.access });
beforeAll(async () => {
  dynamic = await startDynamic();
  await dynamic.world.as(registered(), "/v3/users", { method: "POST", body: { "member-id": "m" } });
  const body = { days: 8, seed: 7 };
  await dynamic.world.call(`/_sandbox/users/${dynamic.id}/generate`, { method: "POST", body });
});
afterAll(() => dynamic.close());

const v3 = async <T>(path: string): Promise<T> =>
  JSON.parse((await dynamic.world.as(registered(), path)).text) as T;
const v4 = async <T>(path: string, key: string): Promise<T[]> => (await dynamic.get(path)).json()[key] as T[];
const seconds = (duration: unknown) => Number(/^(\d+)s$/.exec(String(duration))?.[1]);
const everyFeature = (path: string, from: string, to: string, ...features: string[]) =>
  `${path}?from=${from}&to=${to}${features.map((feature) => `&features=${feature}`).join("")}`;

const NIGHT = "2025-10-01";

interface Night {
  sleepResult: {
    hypnogram: {
      sleepStart: string;
      sleepEnd: string;
      sleepStateChanges: { offsetFromStart: string; newState: string }[];
    };
  };
  sleepEvaluation: { sleepSpan: string; phaseDurations: Json; interruptions: Json };
  sleepScore: Numbers;
}

const nightOf = async () =>
  (
    await v4<Night>(
      everyFeature("/sleeps", NIGHT, "2025-10-02", "sleep-result", "sleep-evaluation", "sleep-score"),
      "nightSleeps",
    )
  )[0] as Night;

describe("a night", () => {
  test("has v3's times, stages and score", async () => {
    const other = await v3<Json>(`/v3/users/sleep/${NIGHT}`);
    const { sleepResult, sleepEvaluation, sleepScore } = await nightOf();
    const { sleepStart, sleepEnd } = sleepResult.hypnogram;
    expect(Date.parse(sleepStart)).toBe(Date.parse(String(other.sleep_start_time)));
    expect(Date.parse(sleepEnd)).toBe(Date.parse(String(other.sleep_end_time)));
    expect(seconds(sleepEvaluation.sleepSpan) * 1000).toBe(Date.parse(sleepEnd) - Date.parse(sleepStart));
    const { light, deep, rem, unknown } = sleepEvaluation.phaseDurations;
    expect([light, deep, rem, unknown].map(seconds)).toEqual([
      other.light_sleep,
      other.deep_sleep,
      other.rem_sleep,
      other.unrecognized_sleep_stage,
    ]);
    expect(seconds(sleepEvaluation.interruptions.totalDuration)).toBe(other.total_interruption_duration);
    expect(Math.round(Number(sleepScore.sleepScore))).toBe(other.sleep_score);
  });

  test("its hypnogram adds up to its phases, to the second", async () => {
    const { sleepResult, sleepEvaluation } = await nightOf();
    const { sleepStateChanges: changes } = sleepResult.hypnogram;
    const end = seconds(sleepEvaluation.sleepSpan);
    const sums: Numbers = {};
    changes.forEach(({ offsetFromStart, newState }, index) => {
      const stop = Math.min(seconds(changes[index + 1]?.offsetFromStart ?? `${end}s`), end);
      sums[newState] = (sums[newState] ?? 0) + Math.max(0, stop - seconds(offsetFromStart));
    });
    const phases = sleepEvaluation.phaseDurations;
    expect(sums.SLEEP_STATE_WAKE ?? 0).toBe(seconds(phases.wake));
    expect(sums.SLEEP_STATE_REM).toBe(seconds(phases.rem));
    expect((sums.SLEEP_STATE_NON_REM1 ?? 0) + (sums.SLEEP_STATE_NON_REM2 ?? 0)).toBe(seconds(phases.light));
    expect(sums.SLEEP_STATE_NON_REM3).toBe(seconds(phases.deep));
  });

  test("its recharge has v3's figures, and samples at v3's minutes", async () => {
    const other = await v3<Json>(`/v3/users/nightly-recharge/${NIGHT}`);
    const path = everyFeature("/nightly-recharge-results", NIGHT, "2025-10-02", "samples");
    const [own = {}] = await v4<Json>(path, "nightlyRechargeResults");
    expect(Number(own.ansStatus)).toBeCloseTo(Number(other.ans_charge), 0);
    expect([
      own.ansRate,
      own.recoveryIndicator,
      own.meanNightlyRecoveryRri,
      own.meanNightlyRecoveryRmssd,
    ]).toEqual([
      other.ans_charge_status,
      other.nightly_recharge_status,
      other.beat_to_beat_avg,
      other.heart_rate_variability_avg,
    ]);
    const [{ startTime, sampleInterval, hrvValues }] = own.hrvSamples as [
      { startTime: string; sampleInterval: string; hrvValues: number[] },
    ];
    const at = (index: number) =>
      new Date(Date.parse(`${startTime}Z`) + index * seconds(sampleInterval) * 1000)
        .toISOString()
        .slice(11, 16);
    const rebuilt = Object.fromEntries(hrvValues.map((value, index) => [at(index), Math.round(value)]));
    expect(rebuilt).toEqual(other.hrv_samples);
  });

  test("asleep or awake as in the hypnogram", async () => {
    const [day] = await v4<{ sleepWakeStateChanges: { startOffset: number; newState: string }[] }>(
      "/sleep-wake-vectors?from=2025-10-01&to=2025-10-02",
      "sleepWakeVectors",
    );
    const { hypnogram } = (await nightOf()).sleepResult;
    const waking = Date.parse(`${hypnogram.sleepEnd.slice(0, -6)}Z`) - Date.parse("2025-10-01T00:00:00Z");
    expect(day?.sleepWakeStateChanges).toContainEqual({
      startOffset: waking,
      newState: "SLEEP_WAKE_STATE_WAKE",
    });
  });
});

describe("a day", () => {
  test("has v3's steps, and zones that change at the same instants", async () => {
    const [other] = await v3<[Json]>(
      "/v3/users/activities?from=2025-09-30&to=2025-09-30&steps=true&activity_zones=true",
    );
    const path = everyFeature("/activity/list", "2025-09-30", "2025-10-01", "samples");
    const [own] = await v4<{ activitiesPerDevice: { activitySamples: Json[] }[] }>(path, "activityDays");
    const samples = own?.activitiesPerDevice[0]?.activitySamples[0] as {
      activityInfos: { activityClass: string; time: string }[];
      stepSamples: { steps: number[]; interval: number };
      metSamples: { mets: number[]; interval: number; startTime: string };
    };
    expect(samples.stepSamples.steps.reduce((sum, count) => sum + count, 0)).toBe(other.steps);
    expect([samples.stepSamples.steps.length, samples.metSamples.mets.length]).toEqual([1440, 2880]);
    expect(samples.metSamples).toMatchObject({ startTime: "00:00:00", interval: 30_000 });
    const zones = (other.samples as { activity_zones: { samples: { timestamp: string; zone: string }[] } })
      .activity_zones.samples;
    expect(
      samples.activityInfos.map(({ activityClass, time }) => [
        activityClass.replace(/^ACTIVITY_CLASS_(CONTINUOUS_)?/, ""),
        time,
      ]),
    ).toEqual(zones.map(({ timestamp, zone }) => [zone, `${timestamp.slice(11)}:00`.slice(0, 8)]));
  });

  test("has v3's heart rate, a lost reading left out", async () => {
    const other = await v3<{ heart_rate_samples: { heart_rate: number; sample_time: string }[] }>(
      "/v3/users/continuous-heart-rate/2025-09-30",
    );
    const path = everyFeature("/continuous-samples", "2025-09-30", "2025-10-01", "heart-rate-samples");
    const [own] = await v4<{ samples: { heartRate?: number; offsetMillis: number }[] }>(
      path,
      "heartRateSamplesPerDay",
    );
    expect(
      own?.samples.map(({ heartRate = 0, offsetMillis }) => [
        heartRate,
        new Date(offsetMillis).toISOString().slice(11, 19),
      ]),
    ).toEqual(other.heart_rate_samples.map(({ heart_rate, sample_time }) => [heart_rate, sample_time]));
  });

  test("has intervals that fit the heart rate", async () => {
    const path = everyFeature("/ppi-samples", NIGHT, "2025-10-02", "samples");
    const [day] = await v4<{
      ppiSamplesPerDevice: { ppiSamples: { offsetMillis: number; ppInterval: number }[] }[];
    }>(path, "dailyPpiSamples");
    const beats = day?.ppiSamplesPerDevice[0]?.ppiSamples ?? [];
    expect(beats.length).toBeGreaterThan(2_500);
    beats.slice(1, 200).forEach(({ offsetMillis }, index) => {
      expect(offsetMillis).toBe((beats[index]?.offsetMillis ?? 0) + (beats[index]?.ppInterval ?? 0));
    });
  });
});

describe("a session", () => {
  interface V3Exercise {
    start_time: string;
    start_time_utc_offset: number;
    duration: string;
    distance?: number;
    calories: number;
    heart_rate: { average: number; maximum: number };
    samples: { sample_type: number; data: string }[];
    route?: unknown[];
  }

  const sessionsOf = async (date: string) => {
    const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
    const range: [string, string] = [`${date}T00:00:00`, `${next}T00:00:00`];
    const features = ["samples", "laps", "routes", "statistics", "zones", "training-load-report"];
    return v4<Json>(everyFeature("/training-sessions/list", ...range, ...features), "trainingSessions");
  };

  test("every one of v3's is there, with the same figures and samples", async () => {
    const all = await v3<V3Exercise[]>("/v3/exercises?samples=true&route=true");
    expect(all.length).toBeGreaterThan(5);
    for (const other of all) {
      const [own = {}] = await sessionsOf(other.start_time.slice(0, 10));
      expect(own).toMatchObject({
        startTime: other.start_time,
        timezoneOffsetMinutes: other.start_time_utc_offset,
        calories: other.calories,
        hrAvg: other.heart_rate.average,
        hrMax: other.heart_rate.maximum,
        recoveryTimeMillis: expect.stringMatching(/^\d+$/),
        sport: { id: expect.stringMatching(/^\d+$/) },
      });
      expect(`PT${(Number(own.durationMillis) / 1000).toFixed(3)}S`).toBe(other.duration);
      expect(own.distanceMeters).toBe(other.distance);
      const [exercise = {}] = own.exercises as Json[];
      const { samples } = exercise.samples as {
        samples: { type: string; intervalMillis: number; values: number[] }[];
      };
      const rates = samples.find(({ type }) => type === "HEART_RATE");
      expect(rates?.intervalMillis).toBe(1_000);
      expect(rates?.values.join()).toBe(other.samples.find(({ sample_type }) => sample_type === 0)?.data);
      const { routes } = exercise as { routes?: { route: { wayPoints: unknown[] } } };
      expect(routes?.route.wayPoints.length).toBe(other.route?.length);
    }
  });

  test("laps of intervals follow one another to the end, and beats fill the session", async () => {
    // 2025-09-30 is a Tuesday, the day of intervals.
    const [own = {}] = await sessionsOf("2025-09-30");
    const [exercise = {}] = own.exercises as Json[];
    const { laps, autoLaps } = exercise.laps as Record<
      string,
      { splitTimeMillis: number; durationMillis: number; distanceMeters: number }[]
    >;
    for (const list of [laps, autoLaps]) {
      expect(list?.length).toBeGreaterThan(5);
      let end = 0;
      for (const { splitTimeMillis, durationMillis } of list ?? []) {
        end += durationMillis;
        expect(splitTimeMillis).toBe(end);
      }
      expect(Math.abs(end - Number(own.durationMillis))).toBeLessThan(1_000);
    }
    expect(autoLaps?.[0]?.distanceMeters).toBeCloseTo(1_000, -1);
    const { rrSamples } = exercise.samples as { rrSamples: { durationMillis: number }[] };
    const beats = rrSamples.reduce((sum, { durationMillis }) => sum + durationMillis, 0);
    expect(Math.abs(beats - Number(own.durationMillis))).toBeLessThan(2_500);
  });
});
