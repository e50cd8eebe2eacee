import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ActivityType, parseTimestamp, TimestampLocalization, UploadType } from "../../../models/index.ts";
import { sports, sportsWithoutCounterpart } from "../sports.ts";
import { fixture, makeOf } from "../testing/bodies.ts";

const activityOf = (body: unknown) => makeOf("activity", "exercise", body);
const changed = (name: string, change: object) => activityOf({ ...(fixture(name) as object), ...change });
const run = activityOf(fixture("exercise-run"));

describe("a run with everything", () => {
  it("has Polar's identity and times, with the offset, to the millisecond", () => {
    expect(run.metadata).toEqual({
      summary_id: "Ab3kQ9zX",
      start_time: "2025-05-11T06:59:58.000000+03:00",
      end_time: "2025-05-11T07:00:06.250000+03:00",
      type: ActivityType.TrailRunning,
      upload_type: UploadType.Automatic,
      name: "TRAIL_RUNNING",
      city: null,
      state: null,
      country: null,
      timestamp_localization: TimestampLocalization.Local,
    });
    expect(run.device_data).toMatchObject({
      name: "Polar Vantage V3",
      serial_number: "0C11AB22",
      last_upload_date: "2025-05-11T09:02:03.000000+00:00",
    });
  });

  it("keeps Polar's own totals and leaves missing values null", () => {
    expect(run.distance_data?.summary).toMatchObject({
      distance_meters: 23.5,
      steps: null,
      elevation: { max_meters: 2, min_meters: -3.5, avg_meters: null, gain_actual_meters: null },
    });
    expect(run.calories_data).toMatchObject({ total_burned_calories: 12, net_activity_calories: null });
    expect(run.active_durations_data).toMatchObject({ activity_seconds: 8.25, inactivity_seconds: null });
    expect(run.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: 121,
      max_hr_bpm: 133,
      min_hr_bpm: null,
    });
    expect(run.movement_data).toMatchObject({
      avg_speed_meters_per_second: 23.5 / 8.25,
      max_speed_meters_per_second: 10.8 / 3.6,
      max_cadence_rpm: 85,
      avg_cadence_rpm: null,
    });
    expect(run.power_data).toMatchObject({ max_watts: 224, avg_watts: null });
    expect(run.data_enrichment).toBeNull();
  });

  it("puts the zones' limits, which are bpm, into their names and nowhere else", () => {
    expect(run.heart_rate_data?.summary?.hr_zone_data).toEqual([
      { zone: 0, start_percentage: null, end_percentage: null, name: "96–115 bpm", duration_seconds: 2 },
      { zone: 1, start_percentage: null, end_percentage: null, name: "115–134 bpm", duration_seconds: 5353 },
    ]);
  });

  it("drops heart rates of 0 and null and leaves the others at their own times", () => {
    expect(run.heart_rate_data?.detailed?.hr_samples).toEqual(
      [
        [110, 1],
        [118, 3],
        [127, 5],
        [131, 6],
        [133, 7],
      ].map(([bpm, second]) => ({
        timestamp: new Date(Date.UTC(2025, 4, 11, 6, 59, 58 + Number(second)))
          .toISOString()
          .replace("000Z", "000000+03:00"),
        timer_duration_seconds: second,
        bpm,
        context: null,
      })),
    );
  });

  it("converts speed once and keeps float32 noise", () => {
    const speeds = run.movement_data?.speed_samples?.map((sample) => sample.speed_meters_per_second);
    expect(speeds).toEqual(
      [0, 2, 3, 1.2000000476837158 / 3.6, 2.5, 2.5, 1].map((value) => expect.closeTo(value, 12)),
    );
    expect(run.movement_data?.speed_samples?.[3]?.timer_duration_seconds).toBe(4);
  });

  it("reads a series at its own rate, with zeros and negative altitudes", () => {
    expect(
      run.distance_data?.detailed?.distance_samples?.map((s) => [
        s.timer_duration_seconds,
        s.distance_meters,
      ]),
    ).toEqual([
      [0, 0],
      [2, 4.9],
      [4, 11.2],
      [6, 19.8],
    ]);
    expect(run.distance_data?.detailed?.elevation_samples?.map((s) => s.elev_meters)).toEqual([
      -3.5, -3.5, -2.25, 0, 1.75, 2, 2, 1.5,
    ]);
    expect(run.power_data?.power_samples?.map((s) => s.watts)).toEqual([0, 180, 210, 212, 220, 224, 96]);
    expect(run.movement_data?.cadence_samples?.map((s) => s.cadence_rpm)).toEqual([
      0, 82, 83, 84, 84, 85, 85,
    ]);
  });

  it("places route points by their durations", () => {
    expect(run.position_data).toMatchObject({
      start_pos_lat_lng_deg: [60.21982833, 25.13925],
      center_pos_lat_lng_deg: [],
      end_pos_lat_lng_deg: [60.22, 25.14],
    });
    expect(run.position_data?.position_samples?.[1]).toEqual({
      timestamp: "2025-05-11T07:00:02.026000+03:00",
      timer_duration_seconds: 4.026,
      coords_lat_lng_deg: [60.21990001, 25.13931],
    });
  });
});

describe("an exercise", () => {
  it("is read as documented: kebab-case keys, types as strings, running cadence of type 8", () => {
    const documented = activityOf(fixture("exercise-documented"));
    expect(documented.metadata).toMatchObject({
      start_time: "2024-01-31T23:59:58.500000-03:30",
      end_time: "2024-02-01T02:43:58.500000-03:30",
      type: ActivityType.WaterSkiing,
    });
    expect(documented.heart_rate_data?.detailed?.hr_samples?.map((s) => [s.timestamp, s.bpm])).toEqual([
      ["2024-02-01T00:00:03.500000-03:30", 100],
      ["2024-02-01T00:00:08.500000-03:30", 102],
      ["2024-02-01T00:00:13.500000-03:30", 97],
    ]);
    expect(documented.movement_data?.cadence_samples?.map((s) => s.cadence_rpm)).toEqual([80, 81, 82, 83]);
  });

  it("without GPS has no speed or distance samples, and without an offset only local times", () => {
    const indoor = activityOf(fixture("exercise-indoor"));
    expect(indoor.metadata).toMatchObject({
      start_time: "2025-06-01T09:00:00.000000",
      end_time: "2025-06-01T09:00:04.000000",
      type: ActivityType.Other,
      name: "MOBILITY_STATIC",
      upload_type: UploadType.Unknown,
    });
    expect(indoor.device_data?.name).toBeNull();
    expect(indoor.heart_rate_data?.summary).toMatchObject({ avg_hr_bpm: null, max_hr_bpm: null });
    expect(indoor.movement_data).toMatchObject({ speed_samples: [], avg_speed_meters_per_second: null });
    expect(indoor.distance_data).toMatchObject({
      summary: { distance_meters: null },
      detailed: { distance_samples: [] },
    });
    expect(indoor.heart_rate_data?.detailed?.hr_samples).toHaveLength(4);
  });

  it("keeps a series with a single value above zero whole, route or not", () => {
    const samples = [{ recording_rate: 1, sample_type: 1, data: "0,0,0.1,0" }];
    expect(changed("exercise-indoor", { samples }).movement_data?.speed_samples).toHaveLength(4);
  });

  it("has the series with measured values, of several of one type", () => {
    const series = (data: string) => ({ recording_rate: 1, sample_type: 0, data });
    const bpms = (...data: string[]) =>
      changed("exercise-indoor", { samples: data.map(series) }).heart_rate_data?.detailed?.hr_samples?.map(
        ({ bpm }) => bpm,
      );
    expect(bpms("0,0,0", "100,101,102")).toEqual([100, 101, 102]);
    expect(bpms("100,101,102", "0,0,0,0")).toEqual([100, 101, 102]);
  });

  it("reports beside the record when its end was computed from the recorded data, and only then", () => {
    const noted = (change: object) =>
      Reflect.get(changed("exercise-indoor", change), "provider_data")?.polar.end_time;
    const samples = [{ recording_rate: 1, sample_type: 0, data: "100,101,102" }];
    for (const duration of ["long", null, undefined, ""]) {
      expect(noted({ duration, samples })).toEqual({ basis: "recorded" });
    }
    expect(noted({ samples })).toBeUndefined();
  });

  it("without a duration ends with its longest series, and has no active time", () => {
    const samples = [{ recording_rate: 5, sample_type: 0, data: "100,101,102" }];
    const { metadata, active_durations_data } = changed("exercise-indoor", { duration: "long", samples });
    const length = (at: string) => parseTimestamp(at).localEpochMs;
    expect(length(metadata.end_time) - length(metadata.start_time)).toBe(15_000);
    expect(active_durations_data?.activity_seconds).toBeNull();
    expect(() => changed("exercise-indoor", { duration: "long", samples: [] })).toThrow();
  });

  it("ignores a series without a rate", () => {
    const samples = [{ recording_rate: null, sample_type: 0, data: "60,61" }];
    expect(changed("exercise-indoor", { samples }).heart_rate_data?.detailed?.hr_samples).toEqual([]);
  });

  it("leaves out a route point without a time or a place", () => {
    const route = [
      { latitude: 1, longitude: 2 },
      { latitude: null, longitude: 2, time: "PT1S" },
    ];
    expect(changed("exercise-indoor", { route }).position_data?.position_samples).toEqual([]);
  });

  it("has every sample at the instant meant, whatever the offset, rate and gaps", () => {
    const quarterHours = fc.integer({ min: -48, max: 56 });
    const values = fc.array(fc.oneof(fc.integer({ min: 30, max: 220 }), fc.constantFrom(0, null)), {
      minLength: 1,
    });
    const starts = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) });
    fc.assert(
      fc.property(
        quarterHours,
        values,
        fc.integer({ min: 1, max: 60 }),
        starts,
        (quarters, bpms, rate, startMs) => {
          const start_time = new Date(startMs).toISOString().slice(0, -1);
          const samples = [{ recording_rate: rate, sample_type: 0, data: bpms.map(String).join(",") }];
          const made = changed("exercise-indoor", {
            start_time,
            start_time_utc_offset: quarters * 15,
            samples,
          });
          const meant = bpms.flatMap((bpm, index) =>
            bpm ? [[startMs - quarters * 15 * 60_000 + index * rate * 1000, bpm]] : [],
          );
          const hr = made.heart_rate_data?.detailed?.hr_samples ?? [];
          expect(
            hr.map(({ timestamp, bpm }) => [parseTimestamp(timestamp ?? "").instantEpochMs, bpm]),
          ).toEqual(meant);
          expect(parseTimestamp(made.metadata.end_time).instantEpochMs).toBe(
            startMs - quarters * 900_000 + 4000,
          );
        },
      ),
    );
  });
});

describe("sports", () => {
  it("prefer the detailed name, then the coarse one, then Other", () => {
    const typeOf = (change: object) => changed("exercise-indoor", change).metadata.type;
    expect(typeOf({ detailed_sport_info: "WALKING", sport: "OTHER" })).toBe(ActivityType.Walking);
    expect(typeOf({ detailed_sport_info: "NEW_SPORT", sport: "RUNNING" })).toBe(ActivityType.Running);
    expect(typeOf({ detailed_sport_info: null, sport: "CYCLING" })).toBe(ActivityType.Biking);
    expect(typeOf({ detailed_sport_info: "constructor", sport: "toString" })).toBe(ActivityType.Other);
    expect(typeOf({ detailed_sport_info: null, sport: null })).toBe(ActivityType.Other);
  });

  it("are each either mapped or Other on purpose", () => {
    expect(sportsWithoutCounterpart.filter((name) => Object.hasOwn(sports, name))).toEqual([]);
    expect(new Set(sportsWithoutCounterpart).size).toBe(sportsWithoutCounterpart.length);
  });
});
