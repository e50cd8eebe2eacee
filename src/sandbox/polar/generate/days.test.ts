import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atSecond, average, type Exercise, GeneratedWorld, seconds } from "../testing/generated.ts";

let made: GeneratedWorld;
let exercises: Exercise[];
beforeAll(async () => {
  made = await GeneratedWorld.start();
  exercises = await made.exercises();
});
afterAll(() => made.close());

describe("nights", () => {
  interface Sleep {
    date: string;
    sleep_start_time: string;
    sleep_end_time: string;
    hypnogram: Record<string, number>;
    heart_rate_samples: Record<string, number>;
    [seconds: string]: unknown;
  }

  test("the stages add up to the night, deep sleep comes first and REM last", async () => {
    const nights = await made.wrapped<Sleep>("/v3/users/sleep", "nights");
    expect(nights).toHaveLength(29);
    for (const night of nights) {
      const [start, end] = [Date.parse(night.sleep_start_time), Date.parse(night.sleep_end_time)];
      expect(new Date(end + 120 * 60_000).toISOString().slice(0, 10)).toBe(night.date);
      const parts = [
        "light_sleep",
        "deep_sleep",
        "rem_sleep",
        "unrecognized_sleep_stage",
        "total_interruption_duration",
      ];
      const total = parts.reduce((sum, part) => sum + (night[part] as number), 0);
      expect(total).toBe((end - start) / 1000);
      const [first, last] = [half(night, 0), half(night, 1)];
      expect(first.filter((stage) => stage === 4).length).toBeGreaterThan(
        last.filter((stage) => stage === 4).length,
      );
      expect(last.filter((stage) => stage === 1).length).toBeGreaterThan(
        first.filter((stage) => stage === 1).length,
      );
      expect(night.sleep_cycles).toBeGreaterThanOrEqual(3);
      expect(night.sleep_cycles).toBeLessThanOrEqual(7);
      const fiveMinutes = (end - start) / 300_000;
      expect(Math.abs(Object.keys(night.heart_rate_samples).length - fiveMinutes)).toBeLessThanOrEqual(1);
    }
  });

  /** The stage of every minute of one half of the night, from the hypnogram. */
  const half = (night: Sleep, which: 0 | 1) => {
    const minute = (key: string) => Number(key.slice(0, 2)) * 60 + Number(key.slice(3));
    const entries = Object.entries(night.hypnogram);
    const stages = entries.slice(0, -1).flatMap(([key, stage], index) => {
      const length = (minute(entries[index + 1]?.[0] ?? key) - minute(key) + 1440) % 1440;
      return new Array<number>(length).fill(stage);
    });
    const middle = Math.floor(stages.length / 2);
    return which === 0 ? stages.slice(0, middle) : stages.slice(middle);
  };

  test("recharge joins sleep by date, and is lower after a hard day", async () => {
    const recharges = await made.wrapped<Record<string, number>>("/v3/users/nightly-recharge", "recharges");
    expect(recharges).toHaveLength(29);
    const nightsAfter = (sport: string) => {
      const days = exercises.filter((exercise) => exercise.detailed_sport_info === sport);
      const dates = days.map(
        ({ start_time }) => Date.parse(`${start_time.slice(0, 10)}T00:00:00Z`) + 86_400_000,
      );
      return recharges.filter(({ date }) => dates.includes(Date.parse(`${date}T00:00:00Z`)));
    };
    const charge = (nights: Record<string, number>[]) =>
      average(nights.map(({ ans_charge }) => ans_charge ?? 0));
    expect(charge(nightsAfter("RUNNING"))).toBeLessThan(charge(nightsAfter("WALKING")));
  });
});

describe("days", () => {
  test("zones fill the day, cover sleep and time off the wrist, and agree with the totals", async () => {
    interface Day {
      active_duration: string;
      inactive_duration: string;
      steps: number;
      samples: {
        steps: { total_steps: number; samples: { steps: number; timestamp: string }[] };
        activity_zones: { samples: { zone: string; timestamp: string }[] };
      };
    }
    const days = await made.list<Day>("/v3/users/activities?steps=true&activity_zones=true");
    for (const { samples, ...day } of days.slice(0, -1)) {
      const zones = samples.activity_zones.samples;
      const ends = [...zones.slice(1).map(({ timestamp }) => atSecond(timestamp.slice(11))), 86_400];
      const inZone = (...wanted: string[]) =>
        zones.reduce(
          (sum, { zone, timestamp }, index) =>
            sum + (wanted.includes(zone) ? (ends[index] ?? 0) - atSecond(timestamp.slice(11)) : 0),
          0,
        );
      expect(atSecond(zones[0]?.timestamp.slice(11) ?? "1")).toBe(0);
      expect(inZone("LIGHT", "MODERATE", "VIGOROUS")).toBe(seconds(day.active_duration));
      expect(inZone("SEDENTARY")).toBe(seconds(day.inactive_duration));
      expect(inZone("SLEEP")).toBeGreaterThan(4 * 3600);
      expect(inZone("NON_WEAR")).toBeGreaterThan(0);
      expect(stepsFrom(samples.steps.samples)).toBe(day.steps);
      expect(samples.steps.total_steps).toBe(day.steps);
    }
  });

  /** Returns the steps; a value that was left out equals the one before. */
  const stepsFrom = (samples: { steps: number; timestamp: string }[]) => {
    const byMinute = new Map(
      samples.map(({ steps, timestamp }) => [atSecond(timestamp.slice(11)) / 60, steps]),
    );
    let current = 0;
    return Array.from({ length: 1440 }, (_, minute) => {
      current = byMinute.get(minute) ?? current;
      return current;
    }).reduce((sum, steps) => sum + steps, 0);
  };

  test("heart rate is lowest asleep, irregular, with bursts, and sometimes lost", async () => {
    type Beats = { date: string; heart_rate_samples: { heart_rate: number; sample_time: string }[] };
    const days = await made.wrapped<Beats>(
      "/v3/users/continuous-heart-rate?from=2025-09-04&to=2025-10-01",
      "heart_rates",
    );
    expect(days).toHaveLength(28);
    const rates = days.flatMap((day) => day.heart_rate_samples);
    expect(rates.filter(({ heart_rate }) => heart_rate === 0).length).toBeGreaterThan(3);
    const between = (from: string, to: string) =>
      average(
        rates
          .filter((sample) => sample.heart_rate > 0 && sample.sample_time >= from && sample.sample_time < to)
          .map((sample) => sample.heart_rate),
      );
    expect(between("02:00:00", "05:00:00")).toBeLessThan(between("14:00:00", "17:00:00") - 10);
    const times = days.flatMap((day) => day.heart_rate_samples.map((sample) => sample.sample_time));
    const gaps = times.slice(1).map((time, index) => atSecond(time) - atSecond(times[index] ?? time));
    expect(gaps.filter((gap) => gap === 1).length).toBeGreaterThan(100);
    expect(gaps.filter((gap) => gap >= 299 && gap <= 301).length).toBeGreaterThan(3000);
  });

  test("cardio load comes from the sessions of a day, over 7 and 28 days", async () => {
    const loads = await made.list<{ date: string; cardio_load: number; strain: number }>(
      "/v3/users/cardio-load",
    );
    for (const { start_time, training_load_pro } of exercises) {
      const day = loads.find(({ date }) => date === start_time.slice(0, 10));
      expect(day?.cardio_load).toBeCloseTo(training_load_pro["cardio-load"], 1);
    }
    const week = loads.slice(-7).map((day) => day.cardio_load);
    expect(loads.at(-1)?.strain).toBeCloseTo(average(week), 1);
  });
});
