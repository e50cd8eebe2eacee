/**
 * Every body captured from Oura goes the whole way: sandbox → fetch → raw → record → webhook and REST. The result is
 * compared with figures computed here from the raw text, without any of the code under test.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturedText, providerPayloadsAreThere, whyWithoutPayloads } from "../support/payloads.ts";
import { type OuraRecord, type OuraWorld, startOuraWorld } from "./oura-world.ts";

type Json = ReturnType<typeof JSON.parse>;

const dataIn = (file: string): Json[] => {
  const body: Json = JSON.parse(capturedText("oura", file));
  return body.data ?? [body];
};

const lists = {
  sleep: ["sleep_a.json"],
  daily_activity: ["daily_activity_one.json"],
  daily_sleep: ["daily_sleep_2019_2024.json", "daily_sleep.json"],
  daily_readiness: ["daily_readiness_1.json", "daily_readiness.json"],
  daily_resilience: ["daily_resilience_all.json", "daily_resilience.json"],
  daily_spo2: ["daily_spo2.json"],
  daily_stress: ["daily_stress.json"],
  daily_cardiovascular_age: ["daily_cardiovascular_age.json"],
  enhanced_tag: ["enhanced_tag.json"],
  workout: ["workout.json"],
  session: ["session.json"],
  heartrate: ["heartrate.json"],
} as const;

let world: OuraWorld;
let userId = "";

describe.skipIf(!providerPayloadsAreThere)(`Oura's captured bodies (${whyWithoutPayloads})`, () => {
  const records = new Map<string, OuraRecord[]>();
  const of = (type: string): Json[] => records.get(type) ?? [];

  beforeAll(async () => {
    world = await startOuraWorld();
    const person = await world.person();
    for (const [collection, files] of Object.entries(lists))
      for (const file of files) await world.put(person, collection, dataIn(file));
    userId = await world.connect(person);
    await world.settled();
    for (const type of ["sleep", "activity"])
      records.set(type, await world.records(userId, type, "2016-01-01", "2026-12-31"));
    records.set("daily", await world.records(userId, "daily", "2024-10-01", "2024-12-31"));
  });
  afterAll(() => world?.close());

  it("has each sleep period once, with its own times, offset and figures", () => {
    const raw = dataIn("sleep_a.json").filter(({ type }) => type !== "rest" && type !== "deleted");
    expect(of("sleep")).toHaveLength(raw.length);
    const scores = new Map(
      [...dataIn("daily_sleep_2019_2024.json"), ...dataIn("daily_sleep.json")].map((one) => [
        one.day,
        one.score,
      ]),
    );
    for (const period of raw) {
      const record = of("sleep").find(({ metadata }) => metadata.summary_id === period.id);
      expect(record.metadata).toMatchObject({
        start_time: period.bedtime_start.replace(/^(.{19})/, "$1.000000"),
        end_time: period.bedtime_end.replace(/^(.{19})/, "$1.000000"),
        is_nap: period.type !== "long_sleep",
      });
      expect(record.sleep_durations_data).toMatchObject({
        sleep_efficiency: period.efficiency,
        asleep: {
          duration_asleep_state_seconds: period.total_sleep_duration,
          duration_REM_sleep_state_seconds: period.rem_sleep_duration,
        },
        awake: { duration_awake_state_seconds: period.awake_time, sleep_latency_seconds: period.latency },
        other: { duration_in_bed_seconds: period.time_in_bed },
      });
      expect(record.sleep_durations_data.hypnogram_samples).toHaveLength(period.sleep_phase_5_min.length);
      const beats = (period.heart_rate?.items ?? []).filter((bpm: number | null) => bpm !== null && bpm > 0);
      expect(record.heart_rate_data.detailed.hr_samples.map(({ bpm }: Json) => bpm)).toEqual(beats);
      expect(record.heart_rate_data.summary.avg_hrv_rmssd).toBe(period.average_hrv || null);
      expect(record.readiness_data.readiness).toBe(period.readiness?.score ?? null);
      const isNight = period.type === "long_sleep";
      expect(record.scores.sleep).toBe(isNight ? (scores.get(period.day) ?? null) : null);
      expect(record.provider_data.oura.sleep.type).toBe(period.type);
    }
  });

  it("places the samples of a night at even distances from its own time", () => {
    const [period] = dataIn("sleep_a.json");
    const record = of("sleep").find(({ metadata }) => metadata.summary_id === period.id);
    const start = Date.parse(period.heart_rate.timestamp);
    const expected = period.heart_rate.items.flatMap((bpm: number | null, index: number) =>
      bpm === null ? [] : [start + index * 300_000],
    );
    const times = record.heart_rate_data.detailed.hr_samples.map(({ timestamp }: Json) =>
      Date.parse(timestamp),
    );
    expect(times).toEqual(expected);
  });

  it("has each workout and session once, with what Oura said", () => {
    const workouts = dataIn("workout.json");
    const sessions = dataIn("session.json");
    expect(of("activity")).toHaveLength(workouts.length + sessions.length);
    const walking = 7;
    const running = 8;
    for (const given of workouts) {
      const record = of("activity").find(({ metadata }) => metadata.summary_id === given.id);
      expect(record.metadata.type).toBe(given.activity === "running" ? running : walking);
      expect(Date.parse(record.metadata.start_time)).toBe(Date.parse(given.start_datetime));
      expect(record.metadata.start_time.slice(-6)).toBe(given.start_datetime.slice(-6));
      expect(record.calories_data.total_burned_calories).toBe(given.calories);
      expect(record.distance_data.summary.distance_meters).toBe(given.distance);
    }
    const heartRate = dataIn("heartrate.json");
    for (const given of workouts) {
      const [from, to] = [Date.parse(given.start_datetime), Date.parse(given.end_datetime)];
      const inside = heartRate.filter(
        ({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) <= to,
      );
      const record = of("activity").find(({ metadata }) => metadata.summary_id === given.id);
      expect(record.heart_rate_data.detailed.hr_samples).toHaveLength(
        new Set(inside.map(({ timestamp }) => timestamp)).size,
      );
    }
  });

  it("has the day's activity with its levels and METs", () => {
    const [given] = dataIn("daily_activity_one.json");
    const day = of("daily").find(({ metadata }) => metadata.start_time.startsWith(given.day));
    expect(day.metadata.start_time).toBe(`${given.day}T00:00:00.000000+01:00`);
    expect(day.distance_data).toMatchObject({
      steps: given.steps,
      distance_meters: given.equivalent_walking_distance,
    });
    expect(day.calories_data).toMatchObject({
      total_burned_calories: given.total_calories,
      net_activity_calories: given.active_calories,
    });
    expect(day.active_durations_data).toMatchObject({
      vigorous_intensity_seconds: given.high_activity_time,
      inactivity_seconds: given.sedentary_time,
      rest_seconds: given.resting_time,
    });
    expect(
      day.active_durations_data.activity_levels_samples
        .map((one: Json) => String(one.activity_level))
        .join(""),
    ).toBe(given.class_5_min);
    expect(day.MET_data.MET_samples.map(({ level }: Json) => level)).toEqual(given.met.items);
    expect(Date.parse(day.MET_data.MET_samples[0].timestamp)).toBe(Date.parse(given.met.timestamp));
    expect(day.scores.activity).toBe(given.score);
    const [sleepScore] = dataIn("daily_sleep.json");
    const [stress] = dataIn("daily_stress.json");
    const [spo2] = dataIn("daily_spo2.json");
    const [age] = dataIn("daily_cardiovascular_age.json");
    expect(day.scores.sleep).toBe(sleepScore.score);
    expect(day.stress_data.high_stress_duration_seconds).toBe(stress.stress_high);
    expect(day.oxygen_data.avg_saturation_percentage).toBe(spo2.spo2_percentage.average);
    expect(day.provider_data.oura["cardiovascular-age"].vascular_age).toBe(age.vascular_age);
  });

  it("has every heart rate sample of the days in one Daily, and no other", () => {
    const given = new Map(dataIn("heartrate.json").map(({ timestamp, bpm }) => [Date.parse(timestamp), bpm]));
    const samples = of("daily").flatMap(({ heart_rate_data }) => heart_rate_data.detailed.hr_samples);
    expect(samples.map(({ timestamp }) => Date.parse(timestamp)).sort()).toEqual([...given.keys()].sort());
    for (const { timestamp, bpm } of samples) expect(given.get(Date.parse(timestamp))).toBe(bpm);
  });

  it("has each of the days since 2018 with its scores, and the tags on their days", async () => {
    const readiness = new Map(
      [...dataIn("daily_readiness_1.json"), ...dataIn("daily_readiness.json")].map((one) => [one.day, one]),
    );
    const days = await world.records(userId, "daily", "2018-10-01", "2018-12-31");
    const expected = [...readiness.keys()].filter((day) => day >= "2018-10-01" && day <= "2018-12-31");
    expect(days.map(({ metadata }) => metadata.start_time.slice(0, 10)).sort()).toEqual(expected.sort());
    for (const day of days as Json[]) {
      const { score, timestamp } = readiness.get(day.metadata.start_time.slice(0, 10));
      expect(day.scores.recovery).toBe(score);
      expect(day.metadata.start_time.slice(-6)).toBe(timestamp.slice(-6));
    }
    const tags = dataIn("enhanced_tag.json");
    const tagged = (await world.records(userId, "daily", "2023-01-01", "2024-12-31")) as Json[];
    expect(tagged.flatMap(({ tag_data }) => tag_data.tags)).toHaveLength(tags.length);
  });

  it("tells the developer each newest record by webhook as REST does", () => {
    for (const type of ["sleep", "activity"]) {
      const told = world.hub.events(type).flatMap(({ body }) => (body.data ?? []) as unknown as Json[]);
      for (const record of of(type))
        expect(told.some(({ metadata }) => metadata.summary_id === record.metadata.summary_id)).toBe(true);
    }
  });
});
