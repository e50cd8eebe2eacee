import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ActivityLevel, UploadType } from "../../../models/index.ts";
import { fixture, make, makeOf, partsOf } from "../testing/bodies.ts";

const day = make("daily", [
  ...partsOf("activity", "2025-05-11", fixture("activity-day")),
  ...partsOf("continuous-heart-rate", "2025-05-11", fixture("heart-rate-day")),
]);

describe("a day with everything", () => {
  it("goes from midnight to midnight, local, without an offset", () => {
    expect(day.metadata).toEqual({
      start_time: "2025-05-11T00:00:00.000000",
      end_time: "2025-05-12T00:00:00.000000",
      upload_type: UploadType.Automatic,
      timestamp_localization: 1,
    });
  });

  it("has Polar's totals; the BMR is the total without the active calories", () => {
    expect(day.distance_data).toMatchObject({ steps: 140, distance_meters: 103.16, floors_climbed: null });
    expect(day.calories_data).toMatchObject({
      total_burned_calories: 2823,
      net_activity_calories: 1129,
      BMR_calories: 1694,
      net_intake_calories: null,
    });
    expect(day.scores).toEqual({ activity: null, recovery: null, sleep: null });
  });

  it("has Polar's durations, and the zones', each until the next", () => {
    expect(day.active_durations_data).toMatchObject({
      activity_seconds: 30_810,
      inactivity_seconds: 30_090,
      rest_seconds: 6.5 * 3600 + 3599,
      low_intensity_seconds: 3570,
      moderate_intensity_seconds: 600,
      vigorous_intensity_seconds: 300,
      num_continuous_inactive_periods: null,
    });
    const samples = day.active_durations_data?.activity_levels_samples ?? [];
    expect(samples.map(({ activity_level }) => activity_level)).toEqual([
      ActivityLevel.Rest,
      ActivityLevel.Inactive,
      ActivityLevel.LowIntensity,
      ActivityLevel.MediumIntensity,
      ActivityLevel.HighIntensity,
      ActivityLevel.Unknown,
      ActivityLevel.Rest,
    ]);
    expect(samples[2]?.timestamp).toBe("2025-05-11T07:00:30.000000");
  });

  it("counts steps up, repeated intervals filled in", () => {
    expect(
      day.distance_data?.detailed?.step_samples?.map((s) => [s.timestamp?.slice(11, 16), s.steps]),
    ).toEqual([
      ["07:00", 0],
      ["07:01", 20],
      ["07:02", 40],
      ["07:03", 80],
      ["07:04", 120],
      ["21:00", 120],
      ["21:01", 140],
    ]);
  });

  it("has heart rates at their local times, without the zeros and without a mean", () => {
    expect(day.heart_rate_data?.detailed?.hr_samples?.map((s) => [s.timestamp, s.bpm])).toEqual([
      ["2025-05-11T00:04:29.000000", 59],
      ["2025-05-11T07:00:00.000000", 142],
      ["2025-05-11T07:00:01.000000", 143],
      ["2025-05-11T23:59:30.000000", 58],
    ]);
    expect(day.heart_rate_data?.summary).toMatchObject({ min_hr_bpm: 58, max_hr_bpm: 143, avg_hr_bpm: null });
  });
});

describe("a day with half of its data", () => {
  it("is made of its heart rate alone", () => {
    const half = makeOf("daily", "continuous-heart-rate", fixture("heart-rate-day"));
    expect(half.metadata).toEqual(day.metadata);
    expect(half.heart_rate_data).toEqual(day.heart_rate_data);
    expect(half.distance_data?.steps).toBeNull();
    expect(half.active_durations_data).toMatchObject({ activity_seconds: null, rest_seconds: null });
  });

  it("is made of its activity alone, and zero is a duration", () => {
    const [, today] = partsOf("activity", "*", fixture("activity-list"));
    const half = make("daily", today ? [today] : []);
    expect(half.active_durations_data).toMatchObject({ activity_seconds: 11_460, inactivity_seconds: 0 });
    expect(half.calories_data?.BMR_calories).toBeNull();
    expect(half.heart_rate_data).toMatchObject({
      summary: { max_hr_bpm: null },
      detailed: { hr_samples: [] },
    });
  });
});

describe("step samples", () => {
  const stepsOf = (steps: object) =>
    makeOf("daily", "activity", {
      start_time: "2025-05-11T00:00",
      samples: { date: "2025-05-11", steps },
    }).distance_data?.detailed?.step_samples?.map((s) => s.steps);
  const samples = [
    { steps: 5, timestamp: "2025-05-11T08:00" },
    { steps: 6, timestamp: "2025-05-11T08:03" },
  ];

  it("are read as a list with gaps when that is what adds up to Polar's total", () => {
    expect(stepsOf({ interval_ms: 60_000, total_steps: 21, samples })).toEqual([5, 10, 15, 21]);
    expect(stepsOf({ interval_ms: 60_000, total_steps: 11, samples })).toEqual([5, 11]);
  });

  it("are left out when neither reading adds up", () => {
    expect(stepsOf({ interval_ms: 60_000, total_steps: 12, samples })).toEqual([]);
    expect(stepsOf({ interval_ms: 60_000, samples })).toEqual([]);
    expect(stepsOf({ total_steps: 21, samples })).toEqual([]);
  });

  it("are restored after Polar's filtering of repeats", () => {
    const minutes = fc.array(
      fc.integer({ min: 0, max: 3 }).map((steps) => steps * 40),
      { minLength: 2, maxLength: 60 },
    );
    fc.assert(
      fc.property(minutes, (perMinute) => {
        const all = [...perMinute, 7];
        const kept = all.flatMap((steps, minute) => {
          const timestamp = `2025-05-11T08:${String(minute).padStart(2, "0")}`;
          return steps === all[minute - 1] || minute > 59 ? [] : [{ steps, timestamp }];
        });
        const counted = all.slice(0, 60);
        const total_steps = counted.reduce((sum, steps) => sum + steps, 0);
        const complete = kept.at(-1)?.steps === counted.at(-1) && counted.at(-1) !== counted.at(-2);
        const made = stepsOf({ interval_ms: 60_000, total_steps, samples: kept }) ?? [];
        if (complete) expect(made.at(-1)).toBe(total_steps);
        expect(made).toEqual([...made].sort((one, other) => (one ?? 0) - (other ?? 0)));
      }),
    );
  });
});
