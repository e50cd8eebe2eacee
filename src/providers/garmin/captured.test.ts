/** Captured bodies of Garmin, with expected values taken from their raw text, and each of their leaves in a ledger. */
import { describe, expect, it } from "vitest";
import { unknownLeaves } from "../ledger-leaves.ts";
import { findResource } from "../resource-of.ts";
import garmin from "./index.ts";
import { capturedIsThere, capturedText, make, partsOf, whyCapturedIsSkipped } from "./testing/make.ts";

type Json = ReturnType<typeof JSON.parse>;
const body = (file: string): Json => JSON.parse(capturedText(file));

const range = "2000-01-01..2000-01-01";
/** The key that would have asked for the body; bodies that name their own day are stored under that one. */
const files: readonly (readonly [
  file: string,
  resource: string,
  key: string,
  unwrap?: (body: Json) => unknown,
])[] = [
  ["daily_summary.json", "daily-summary", "2025-06-14"],
  ["daily_summary_3.json", "daily-summary", "2026-07-15"],
  ["heart_rate_day.json", "heart-rate", "2026-01-07"],
  ["heart_rate_day_3.json", "heart-rate", "2026-07-15"],
  ["sleep_day.json", "sleep", range, ({ dailySleepDTO }) => [dailySleepDTO]],
  ["sleep_day_full.json", "sleep", range, ({ dailySleepDTO }) => [dailySleepDTO]],
  ["hrv_day.json", "hrv", "2023-07-20"],
  ["hrv_daily.json", "hrv-daily", range],
  ["activities_search.json", "activities", range],
  ["activities_search_page2.json", "activities", range],
  ["activity.json", "activity", "21482825013"],
  ["weight_range_2.json", "weight", range],
  ["weight_range_day.json", "weight", range],
  ["nutrition_food_log_shape.json", "food-log", "2026-10-20"],
  ["hydration_daily.json", "hydration", range],
  ["menstrual_summary_shape.json", "menstrual-summary", "2026-10-20"],
  ["menstrual_dayview_shape.json", "menstrual-day", "2026-10-09"],
  ["profile_settings.json", "user-settings", "current"],
  ["heart_rate_zones.json", "heart-rate-zones", "*"],
];

const partsIn = (file: string) => {
  const [, resource = "", key = "", unwrap = (given: Json) => given] =
    files.find(([name]) => name === file) ?? [];
  return partsOf(resource, key, unwrap(body(file)));
};

const instant = (text: string | null | undefined) => Date.parse(text ?? "");

describe.skipIf(!capturedIsThere)(`Garmin's captured bodies (${whyCapturedIsSkipped})`, () => {
  it.each(files.map(([file]) => file))("%s: the ledger lists each leaf, and each can be read", (file) => {
    const parts = partsIn(file);
    expect(parts.length).toBeGreaterThan(0);
    for (const { resource, value, unreadable } of parts) {
      expect(unreadable ?? []).toEqual([]);
      expect(unknownLeaves(findResource(garmin, resource)?.ledger ?? {}, value)).toEqual([]);
    }
  });

  it.each(["daily_summary.json", "daily_summary_3.json"])("%s: a day", (file) => {
    const raw = body(file);
    const record = make("daily", raw.calendarDate, partsIn(file));
    expect(instant(record?.metadata.start_time)).toBe(instant(`${raw.wellnessStartTimeGmt}Z`));
    expect(record?.distance_data).toMatchObject({
      steps: raw.totalSteps,
      distance_meters: raw.totalDistanceMeters,
    });
    expect(record?.calories_data?.total_burned_calories).toBe(raw.totalKilocalories);
    expect(record?.heart_rate_data?.summary?.resting_hr_bpm).toBe(raw.restingHeartRate);
    expect(record?.stress_data?.high_stress_duration_seconds).toBe(raw.highStressDuration);
  });

  it.each(["heart_rate_day.json", "heart_rate_day_3.json"])("%s: samples", (file) => {
    const raw = body(file);
    const rows = raw.heartRateValues.filter((row: Json) => row[1] !== null && row[1] > 0);
    const samples =
      make("daily", raw.calendarDate, partsIn(file))?.heart_rate_data?.detailed?.hr_samples ?? [];
    expect(samples.map(({ timestamp, bpm }) => [instant(timestamp), bpm])).toEqual(rows);
  });

  it.each(["sleep_day.json", "sleep_day_full.json"])("%s: a night", (file) => {
    const raw = body(file).dailySleepDTO;
    const record = make("sleep", raw.calendarDate, partsIn(file));
    expect(instant(record?.metadata.start_time)).toBe(raw.sleepStartTimestampGMT);
    expect(instant(record?.metadata.end_time)).toBe(raw.sleepEndTimestampGMT);
    const wall = new Date(raw.sleepEndTimestampLocal).toISOString().slice(0, 19);
    expect(record?.metadata.end_time.slice(0, 19)).toBe(wall);
    expect(record?.sleep_durations_data?.asleep).toMatchObject({
      duration_asleep_state_seconds: raw.sleepTimeSeconds,
      duration_deep_sleep_state_seconds: raw.deepSleepSeconds,
      duration_light_sleep_state_seconds: raw.lightSleepSeconds,
    });
  });

  it("hrv_day.json: readings of the night", () => {
    const raw = body("hrv_day.json");
    const night = partsOf("sleep", range, [
      { ...body("sleep_day.json").dailySleepDTO, calendarDate: raw.hrvSummary.calendarDate },
    ]);
    const heart = make("sleep", raw.hrvSummary.calendarDate, night, partsIn("hrv_day.json"))?.heart_rate_data;
    expect(heart?.summary?.avg_hrv_rmssd).toBe(raw.hrvSummary.lastNightAvg);
    expect(
      heart?.detailed?.hrv_samples_rmssd?.map(({ timestamp, hrv_rmssd }) => [instant(timestamp), hrv_rmssd]),
    ).toEqual(raw.hrvReadings.map((one: Json) => [instant(`${one.readingTimeGMT}Z`), one.hrvValue]));
  });

  it("hrv_daily.json: the mean of each night, with Garmin's words beside it", () => {
    const parts = partsIn("hrv_daily.json");
    const { hrvSummaries } = body("hrv_daily.json");
    expect(parts).toHaveLength(hrvSummaries.length);
    for (const raw of hrvSummaries) {
      const night = { ...body("sleep_day.json").dailySleepDTO, calendarDate: raw.calendarDate };
      const record: Json = make("sleep", raw.calendarDate, partsOf("sleep", range, [night]), parts);
      expect(record.heart_rate_data.summary.avg_hrv_rmssd).toBe(raw.lastNightAvg);
      expect(record.provider_data.garmin["hrv-daily"]).toMatchObject({
        weekly_avg: raw.weeklyAvg,
        status: raw.status,
      });
    }
  });

  it("activity.json: what the search lacks, and the search's totals", () => {
    const raw = body("activity.json");
    const [listed] = body("activities_search.json");
    expect(listed.activityId).toBe(raw.activityId);
    const record: Json = make(
      "activity",
      String(raw.activityId),
      partsIn("activities_search.json"),
      partsIn("activity.json"),
    );
    expect(record.heart_rate_data.summary.min_hr_bpm).toBe(raw.summaryDTO.minHR);
    expect(record.distance_data.summary.distance_meters).toBe(listed.distance);
    // Work is power by time.
    const joules = raw.summaryDTO.averagePower * raw.summaryDTO.duration;
    expect(record.work_data.work_kilojoules * 1_000).toBeGreaterThan(joules * 0.997);
    expect(record.work_data.work_kilojoules * 1_000).toBeLessThan(joules * 1.003);
    expect(record.provider_data.garmin.activity.summary_dto).toMatchObject({
      direct_workout_feel: raw.summaryDTO.directWorkoutFeel,
      direct_workout_rpe: raw.summaryDTO.directWorkoutRpe,
    });
  });

  it.each(["activities_search.json", "activities_search_page2.json"])("%s: activities", (file) => {
    const parts = partsIn(file);
    for (const raw of body(file)) {
      const record = make("activity", String(raw.activityId), parts);
      expect(instant(record?.metadata.start_time)).toBe(instant(`${raw.startTimeGMT.replace(" ", "T")}Z`));
      expect(instant(record?.metadata.end_time)).toBe(instant(`${raw.endTimeGMT.replace(" ", "T")}Z`));
      expect(record?.metadata.start_time.slice(0, 19)).toBe(raw.startTimeLocal.replace(" ", "T"));
      expect(record?.distance_data?.summary?.distance_meters).toBe(raw.distance);
      expect(record?.calories_data?.total_burned_calories).toBe(raw.calories);
    }
  });

  it.each(["weight_range_2.json", "weight_range_day.json"])("%s: weigh-ins", (file) => {
    const parts = partsIn(file);
    for (const raw of body(file).dailyWeightSummaries) {
      const measured = make("body", raw.summaryDate, parts)?.measurements_data?.measurements ?? [];
      const metrics = raw.allWeightMetrics.toSorted(
        (one: Json, other: Json) => one.timestampGMT - other.timestampGMT,
      );
      expect(measured.map((one) => [instant(one.measurement_time), one.weight_kg])).toEqual(
        metrics.map((one: Json) => [one.timestampGMT, one.weight / 1_000]),
      );
    }
  });

  it("nutrition_food_log_shape.json: the foods add up to the day", () => {
    const record = make("nutrition", "2026-10-20", partsIn("nutrition_food_log_shape.json"));
    const eaten = (record?.meals ?? []).reduce((sum, { macros }) => sum + (macros.calories ?? 0), 0);
    expect(Math.floor(eaten)).toBe(202);
    expect(record?.summary?.macros?.calories).toBe(202);
  });

  it("bodies without data make nothing", () => {
    expect(partsOf("weight", range, body("weight_range_empty.json"))).toEqual([]);
    expect(partsOf("hydration", range, body("hydration_daily_empty.json"))).toEqual([]);
  });
});
