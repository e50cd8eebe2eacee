/**
 * Every body captured from a real device goes through the whole pipeline: sandbox → notification → fetch →
 * raw → record → webhook and REST. The result is compared with figures computed here, straight from the raw
 * text and without any of the code under test.
 *
 * Not included: `cardio-load/` (no notification names it; see provider-data.test.ts), `v4/` (another API),
 * `fit/` (a file, not a body).
 */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { capturedBodies, payloadsAreThere, whyWithoutPayloads } from "./support/payloads.ts";
import { type Fields, type ReceivedEvent, type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

/** Records and raw bodies are read at many depths; the expectations check what is there. */
type Json = ReturnType<typeof JSON.parse>;

let system: System;
let person: DemoPerson;

beforeAll(async () => {
  if (!payloadsAreThere) return;
  system = await startSystem();
  await system.control("PUT", "/_sandbox/clock", { now: "2025-10-02T08:00:00Z" });
  person = await system.connect("captured");
});
afterAll(() => system?.close());

const put = async (resource: string, body: string): Promise<void> => {
  const response = await system.control("PUT", `/_sandbox/users/${person.sandboxUserId}/${resource}`, body);
  expect(response.status, await response.clone().text()).toBeLessThan(300);
};

/** Returns the newest event about a record, as the webhook received it. */
const delivered = (type: string, matches: (record: Json) => boolean): Json =>
  system
    .events(type)
    .map((event: ReceivedEvent) => event.body.data?.[0])
    .findLast((record) => record !== undefined && matches(record));

/** Returns the same record over REST, with the fields in the order of the bytes. */
async function overRest(type: string, date: string, matches: (record: Json) => boolean): Promise<Json> {
  const range = `start_date=${date}&end_date=${date}`;
  const response = await system.read(
    `/v2/${type}?user_id=${person.userId}&${range}&to_webhook=false&with_samples=true`,
  );
  expect(response.status).toBe(200);
  const { data } = (await response.json()) as { data: Fields[] };
  return data.find(matches);
}

/** Waits until the newest event and REST say the same: a record may get a revision while it is delivered. */
const arrived = (type: string, date: string, matches: (record: Json) => boolean): Promise<Json> =>
  waitFor(`a ${type} of ${date}, the same by event and over REST`, async () => {
    if (delivered(type, matches) === undefined) return null;
    const record = await overRest(type, date, matches);
    return isDeepStrictEqual(delivered(type, matches), record) ? record : null;
  });

const seconds = (duration: string): number => {
  const [, hours = "0", minutes = "0", rest = "0"] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
};

const series = (raw: Json, type: number): (number | null)[] =>
  (raw.samples ?? [])
    .filter((sample: Json) => Number(sample.sample_type) === type)
    .flatMap((sample: Json) =>
      sample.data.split(",").map((text: string) => (text === "null" ? null : Number(text))),
    );

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const instant = (timestamp: string): number => Date.parse(timestamp);

describe.skipIf(!payloadsAreThere)(`captured bodies, end to end (${whyWithoutPayloads})`, () => {
  describe.each(capturedBodies("exercises"))("$name", ({ text }) => {
    const raw = JSON.parse(text);
    const startUtc = Date.parse(`${raw.start_time}Z`) - raw.start_time_utc_offset * 60_000;
    let activity: Json;

    it("arrives at the webhook and over REST, the same", async () => {
      await put("exercises", text);
      const date = raw.start_time.slice(0, 10);
      activity = await arrived("activity", date, (record) => record.metadata.summary_id === raw.id);
    });

    it("starts and ends at the watch's times", () => {
      expect(instant(activity.metadata.start_time)).toBe(startUtc);
      expect(instant(activity.metadata.end_time)).toBe(startUtc + Math.round(seconds(raw.duration) * 1_000));
      expect(activity.metadata.start_time.slice(0, 19)).toBe(raw.start_time);
      expect(activity.active_durations_data.activity_seconds).toBe(seconds(raw.duration));
    });

    it("has every heart-rate sample at its second", () => {
      const heartRates = series(raw, 0).flatMap((bpm, index) => (bpm ? [{ bpm, index }] : []));
      const { hr_samples: samples } = activity.heart_rate_data.detailed;
      expect(samples.length).toBe(heartRates.length);
      expect(samples.map(({ bpm }: Json) => bpm)).toEqual(heartRates.map(({ bpm }) => bpm));
      const values = samples.map(({ bpm }: Json) => bpm);
      expect(Math.max(...values)).toBe(Math.max(...heartRates.map(({ bpm }) => bpm)));
      expect(mean(values)).toBe(mean(heartRates.map(({ bpm }) => bpm)));
      const rate = raw.samples[0].recording_rate * 1_000;
      expect(instant(samples[0].timestamp)).toBe(startUtc + (heartRates[0]?.index ?? Number.NaN) * rate);
      expect(instant(samples.at(-1).timestamp)).toBe(
        startUtc + (heartRates.at(-1)?.index ?? Number.NaN) * rate,
      );
    });

    it("has Polar's own totals", () => {
      expect(activity.heart_rate_data.summary.avg_hr_bpm).toBe(raw.heart_rate.average);
      expect(activity.heart_rate_data.summary.max_hr_bpm).toBe(raw.heart_rate.maximum);
      expect(activity.distance_data.summary.distance_meters).toBe(raw.distance ?? null);
      expect(activity.calories_data.total_burned_calories).toBe(raw.calories);
      expect(
        activity.heart_rate_data.summary.hr_zone_data.map((zone: Json) => zone.duration_seconds),
      ).toEqual(raw.heart_rate_zones.map((zone: Json) => seconds(zone.in_zone)));
    });

    it("has speed in m/s and distance as measured, and neither if nothing was measured", () => {
      const speeds = series(raw, 1);
      const distances = series(raw, 10);
      const moved = [...speeds, ...distances].some((value) => (value ?? 0) > 0);
      const { speed_samples } = activity.movement_data;
      const { distance_samples } = activity.distance_data.detailed;
      if (!moved) {
        expect(speed_samples).toEqual([]);
        expect(distance_samples).toEqual([]);
        return;
      }
      expect(speed_samples.length).toBe(speeds.length);
      expect(mean(speed_samples.map((sample: Json) => sample.speed_meters_per_second * 3.6))).toBeCloseTo(
        mean(speeds.map(Number)),
        9,
      );
      expect(distance_samples.length).toBe(distances.length);
      expect(distance_samples.at(-1).distance_meters).toBe(distances.at(-1));
    });
  });

  describe("sleep/2025-10-01.json with nightly-recharge/2025-10-01.json", () => {
    const [night] = capturedBodies("sleep").map(({ text }) => JSON.parse(text));
    const [recharge] = capturedBodies("nightly-recharge").map(({ text }) => JSON.parse(text));
    let sleep: Json;

    it("arrive as one night", async () => {
      for (const { text } of capturedBodies("nightly-recharge")) await put("nightly-recharge", text);
      for (const { text } of capturedBodies("sleep")) await put("sleep", text);
      sleep = await arrived("sleep", night.sleep_start_time.slice(0, 10), () => true);
    });

    it("keeps Polar's times with their offset", () => {
      expect(sleep.metadata.start_time).toBe(night.sleep_start_time.replace(/(\.\d{3})\+/, "$1000+"));
      expect(sleep.metadata.end_time).toBe(night.sleep_end_time.replace(/(\.\d{3})\+/, "$1000+"));
    });

    it("takes stages from Polar's totals", () => {
      const { asleep, awake } = sleep.sleep_durations_data;
      expect(asleep.duration_light_sleep_state_seconds).toBe(night.light_sleep);
      expect(asleep.duration_deep_sleep_state_seconds).toBe(night.deep_sleep);
      expect(asleep.duration_REM_sleep_state_seconds).toBe(night.rem_sleep);
      expect(awake.duration_awake_state_seconds).toBe(night.total_interruption_duration);
      expect(awake.duration_long_interruption_seconds).toBe(night.long_interruption_duration);
      expect(awake.duration_short_interruption_seconds).toBe(night.short_interruption_duration);
    });

    it("has every stage, heart rate, HRV and breath in the order and on the day they were", () => {
      const { hypnogram_samples } = sleep.sleep_durations_data;
      expect(hypnogram_samples.length).toBe(Object.keys(night.hypnogram).length);
      expectNight(hypnogram_samples, Object.keys(night.hypnogram), night);
      const heartRates = Object.entries(night.heart_rate_samples).filter(([, bpm]) => bpm !== 0);
      const { hr_samples, hrv_samples_rmssd } = sleep.heart_rate_data.detailed;
      expect(hr_samples.map(({ bpm }: Json) => bpm)).toEqual(heartRates.map(([, bpm]) => bpm));
      expectNight(
        hr_samples,
        heartRates.map(([time]) => time),
        night,
      );
      expect(hrv_samples_rmssd.map((sample: Json) => sample.hrv_rmssd)).toEqual(
        Object.values(recharge.hrv_samples),
      );
      expectNight(hrv_samples_rmssd, Object.keys(recharge.hrv_samples), night);
      const { samples } = sleep.respiration_data.breaths_data;
      expect(samples.map((sample: Json) => sample.breaths_per_min)).toEqual(
        Object.values(recharge.breathing_samples),
      );
    });

    it("has the recharge's means", () => {
      const { summary } = sleep.heart_rate_data;
      expect(summary.avg_hrv_rmssd).toBe(recharge.heart_rate_variability_avg);
      expect(summary.avg_hr_bpm).toBe(recharge.heart_rate_avg);
      expect(sleep.respiration_data.breaths_data.avg_breaths_per_min).toBe(recharge.breathing_rate_avg);
    });
  });

  describe("activities/", () => {
    const days = capturedBodies("activities").flatMap(({ text }) => JSON.parse(text));

    it("arrive as days with their steps, energy and zones", async () => {
      for (const { text } of capturedBodies("activities")) await put("activities", text);
      for (const raw of days) {
        const date = raw.start_time.slice(0, 10);
        const daily = await arrived("daily", date, (record) => record.metadata.start_time.startsWith(date));
        expect(daily.distance_data.steps).toBe(raw.steps);
        expect(daily.distance_data.distance_meters).toBe(raw.distance_from_steps);
        expect(daily.calories_data.total_burned_calories).toBe(raw.calories);
        expect(daily.active_durations_data.activity_seconds).toBe(seconds(raw.active_duration));
        expect(daily.active_durations_data.activity_levels_samples.length).toBe(
          raw.samples?.activity_zones?.samples.length ?? 0,
        );
      }
    });
  });

  describe("continuous-heart-rate/", () => {
    const days = capturedBodies("continuous-heart-rate")
      .map(({ text }) => JSON.parse(text))
      .flatMap((body) => body.heart_rates ?? [body]);

    it("arrive on their days, at local time, zeros left out", async () => {
      for (const { text } of capturedBodies("continuous-heart-rate"))
        await put("continuous-heart-rate", text);
      for (const raw of days) {
        const measured = raw.heart_rate_samples.filter((sample: Json) => sample.heart_rate !== 0);
        const daily = await arrived("daily", raw.date, (record) => {
          const isDay = record.metadata.start_time.startsWith(raw.date);
          return isDay && record.heart_rate_data.detailed.hr_samples.length > 0;
        });
        const { hr_samples } = daily.heart_rate_data.detailed;
        expect(hr_samples.map(({ bpm }: Json) => bpm)).toEqual(
          measured.map((sample: Json) => sample.heart_rate),
        );
        expect(hr_samples[0].timestamp.slice(0, 19)).toBe(`${raw.date}T${measured[0].sample_time}`);
        expect(hr_samples.at(-1).timestamp.slice(0, 19)).toBe(`${raw.date}T${measured.at(-1).sample_time}`);
        expect(daily.heart_rate_data.summary.max_hr_bpm).toBe(
          Math.max(...measured.map((sample: Json) => sample.heart_rate)),
        );
      }
    });
  });
});

/**
 * Expects the clock times of a night in the given order, each at its own minute, none before the night or a
 * day late.
 */
function expectNight(samples: Json[], clockTimes: string[], night: Json): void {
  expect(samples.map(({ timestamp }) => timestamp.slice(11, 16))).toEqual(clockTimes);
  const instants = samples.map(({ timestamp }) => instant(timestamp));
  expect(instants).toEqual(instants.toSorted((left, right) => left - right));
  expect(instants[0]).toBeGreaterThanOrEqual(instant(night.sleep_start_time) - 60_000);
  expect(instants.at(-1)).toBeLessThanOrEqual(instant(night.sleep_end_time) + 60_000);
}
