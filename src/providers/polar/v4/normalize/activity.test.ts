import { describe, expect, it } from "vitest";
import type { Part } from "../../../provider.ts";
import { fixture, make, partsOf } from "../../testing/bodies.ts";
import { lapTimes } from "./session-laps.ts";

type Json = Record<string, unknown>;
const body = () => structuredClone(fixture("v4-training-session")) as { trainingSessions: Json[] };
const sports = partsOf("v4-sports", "current", fixture("v4-sports"));

/** Returns the parts of the fixture's session with other fields, of which the exercise's are given apart. */
function session(fields: Json = {}, ofExercise: Json = {}): readonly Part[] {
  const [given] = body().trainingSessions;
  const [exercise] = (given?.exercises ?? []) as Json[];
  const exercises = [{ ...exercise, ...ofExercise }];
  return partsOf("v4-training-session", "2026-03-07", {
    trainingSessions: [{ ...given, exercises, ...fields }],
  });
}
const activity = (fields?: Json, ofExercise?: Json) => make("activity", session(fields, ofExercise));

describe("a session of v4", () => {
  it("is an Activity with its own times, totals and device", () => {
    const made = activity();
    expect(made.metadata).toMatchObject({
      start_time: "2026-03-07T10:00:00.000000+01:00",
      end_time: "2026-03-07T10:10:00.000000+01:00",
      name: "TRAIL_RUNNING",
      upload_type: 1,
    });
    expect(made.device_data).toMatchObject({ name: "Polar Test 1", serial_number: "C0FFEE1" });
    expect(made.calories_data?.total_burned_calories).toBe(121);
    expect(made.active_durations_data?.activity_seconds).toBe(600);
    expect(made.movement_data?.avg_speed_meters_per_second).toBe(1800.5 / 600);
    expect(made.movement_data?.avg_cadence_rpm).toBe(82);
    expect(made.power_data?.avg_watts).toBe(225);
    expect(made.distance_data?.summary?.elevation).toMatchObject({
      gain_actual_meters: 12.5,
      loss_actual_meters: 9,
      max_meters: 13,
      min_meters: 12,
    });
    expect(made.heart_rate_data?.summary).toMatchObject({ avg_hr_bpm: 103, max_hr_bpm: 108, min_hr_bpm: 99 });
    expect(made.strain_data?.strain_level).toBe(31.5);
  });

  it("has samples at start + index × interval, without gaps and without heart rates of 0", () => {
    const made = activity();
    const rates = made.heart_rate_data?.detailed?.hr_samples ?? [];
    expect(rates.map(({ bpm, timer_duration_seconds: at }) => [at, bpm])).toEqual([
      [1, 101],
      [3, 103],
      [5, 105],
    ]);
    expect(rates[0]?.timestamp).toBe("2026-03-07T10:00:01.000000+01:00");
    const speeds = made.movement_data?.speed_samples?.map((one) => one.speed_meters_per_second);
    expect(speeds?.[1]).toBeCloseTo(3, 10);
    expect(made.distance_data?.detailed?.distance_samples?.at(-1)?.distance_meters).toBe(12);
    expect(made.power_data?.max_watts).toBe(250);
    expect(made.position_data?.position_samples?.map(({ coords_lat_lng_deg: at }) => at)).toEqual([
      [60.1, 24.9],
      [60.2, 24.8],
    ]);
  });

  it("has laps of both kinds, with the means of their statistics", () => {
    const laps = activity().lap_data?.laps ?? [];
    expect(
      laps.map((lap) => [lap.start_time?.slice(11, 19), lap.end_time?.slice(11, 19), lap.trigger_method]),
    ).toEqual([
      ["10:00:00", "10:04:00", "MANUAL"],
      ["10:04:00", "10:10:00", "MANUAL"],
      ["10:00:00", "10:05:33", "UNSPECIFIED"],
      ["10:05:33", "10:10:00", "UNSPECIFIED"],
    ]);
    expect(laps[0]).toMatchObject({ avg_hr_bpm: 103, distance_meters: 700, active_duration_seconds: 240 });
    expect(laps[0]?.avg_speed_meters_per_second).toBeCloseTo(3, 10);
    expect(laps[1]?.avg_watts).toBe(225);
  });

  it("has heart-rate zones with their times", () => {
    expect(activity().heart_rate_data?.summary?.hr_zone_data).toMatchObject([
      { zone: 0, name: "96–115 bpm", duration_seconds: 540 },
      { zone: 1, name: "115–134 bpm", duration_seconds: 60 },
    ]);
  });

  it("reads the load report on the session and on the exercise", () => {
    const report = { cardioLoad: 12 };
    expect(activity({ trainingLoadReport: report }).strain_data?.strain_level).toBe(12);
    expect(activity({}, { trainingLoadReport: undefined }).strain_data?.strain_level ?? null).toBeNull();
  });

  it("ends at its stop, or after its duration", () => {
    const endOf = (fields: Json) => activity(fields).metadata.end_time.slice(11, 19);
    expect(endOf({ stopTime: undefined })).toBe("10:10:00");
    expect(endOf({ stopTime: "2026-03-07T09:00:00" })).toBe("10:10:00");
    expect(endOf({ durationMillis: undefined })).toBe("10:10:00");
    expect(() => activity({ stopTime: undefined, durationMillis: undefined })).toThrow();
  });

  it("of several exercises has the samples of all, each from its own start", () => {
    const [given] = body().trainingSessions;
    const [first] = (given?.exercises ?? []) as Json[];
    const second = { ...first, startTime: "2026-03-07T10:05:00", runningIndex: 0 };
    const made = activity({ exercises: [second, first] });
    const rates = made.heart_rate_data?.detailed?.hr_samples ?? [];
    expect(rates.map((one) => one.timer_duration_seconds)).toEqual([1, 3, 5, 301, 303, 305]);
    const distances = made.distance_data?.detailed?.distance_samples?.map((one) => one.distance_meters);
    expect(distances?.slice(5, 8)).toEqual([12, 12, 15]);
    expect(made.heart_rate_data?.summary?.hr_zone_data?.[0]?.duration_seconds).toBe(1_080);
    expect(made.heart_rate_data?.summary?.min_hr_bpm ?? null).toBeNull();
  });

  it("keeps no birth date, and carries what Terra has no field for", () => {
    const made = activity({ physicalInformation: { birthday: "1980-01-01", weight: 70 } });
    const text = JSON.stringify(made);
    expect(text).not.toContain("1980-01-01");
    expect(text).toContain("rrSamples");
    expect(text).toContain("STRIDE_LENGTH");
    expect(text).toContain("pauseTimes");
  });
});

describe("the sport of a session", () => {
  const named = (id: unknown, parts: readonly Part[]) => {
    const { metadata } = make("activity", [...session({ sport: { id } }), ...parts]);
    return [metadata.name, metadata.type];
  };

  it("is named by the catalogue, in each form of its ids, else by the built-in ids", () => {
    expect(named("99", sports)).toEqual(["GRAVEL", activityTypes.gravel]);
    expect(named(27, sports)[0]).toBe("TRAIL_RUNNING");
    expect(named("100", sports)).toEqual(["BOWLING", activityTypes.other]);
    expect(named("27", [])[0]).toBe("TRAIL_RUNNING");
    expect(named("99", [])).toEqual([null, activityTypes.other]);
    expect(named("constructor", [])).toEqual([null, activityTypes.other]);
  });

  it("catalogue may be empty, bare or in an object; another form is an error", () => {
    const read = (value: unknown) => partsOf("v4-sports", "current", value);
    expect(read([])).toHaveLength(1);
    expect(read({})).toHaveLength(1);
    expect(read({ sports: [{ id: "1", name: "RUNNING" }] })).toHaveLength(1);
    expect(() => read({ items: [] })).toThrow();
  });
});

const activityTypes = {
  gravel: make("activity", session({ sport: { id: "99" } })).metadata.type,
  other: 108,
};
activityTypes.gravel = make("activity", [...session({ sport: { id: "99" } }), ...sports]).metadata.type;

describe("the split time of laps", () => {
  const lap = (splitTimeMillis: number | null, durationMillis: number | null) => ({
    splitTimeMillis,
    durationMillis,
  });
  it("is their start or their end, as their durations show", () => {
    expect(lapTimes([lap(0, 60_000), lap(60_000, 30_000)] as never)).toEqual([
      { fromMs: 0, toMs: 60_000 },
      { fromMs: 60_000, toMs: 90_000 },
    ]);
    expect(lapTimes([lap(60_000, 60_000), lap(90_000, 30_000)] as never)).toEqual([
      { fromMs: 0, toMs: 60_000 },
      { fromMs: 60_000, toMs: 90_000 },
    ]);
  });
  it("stays unknown where neither fits, or one is missing", () => {
    expect(lapTimes([lap(20_000, 60_000)] as never)).toBeNull();
    expect(lapTimes([lap(0, null)] as never)).toBeNull();
  });
});

describe("a workout that both APIs tell of", () => {
  const exercise = {
    id: "Ab3kQ9zX",
    start_time: "2026-03-07T10:00:30",
    start_time_utc_offset: 60,
    duration: "PT600S",
    calories: 119,
    sport: "RUNNING",
    samples: [{ recording_rate: 1, sample_type: 0, data: "90,91,92" }],
  };

  it("has v3's totals and v4's samples and laps, and says so", () => {
    const made = make("activity", [...partsOf("exercise", "Ab3kQ9zX", exercise), ...session()]);
    expect(made.calories_data?.total_burned_calories).toBe(119);
    expect(made.metadata.start_time).toBe("2026-03-07T10:00:30.000000+01:00");
    expect(made.heart_rate_data?.detailed?.hr_samples?.[0]?.bpm).toBe(101);
    expect(made.lap_data?.laps).toHaveLength(4);
    const { sources } = (made as unknown as { provider_data: { polar: { sources: Record<string, string> } } })
      .provider_data.polar;
    expect(sources.lap_data).toBe("dynamic-v4");
    expect(sources.calories_data).toBe("accesslink-v3");
  });
});
