import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { models } from "../../../models/index.ts";
import { grow, inForce, nothingGrown, type Statement } from "../../kit/growing/fold.ts";
import { findResource } from "../../resource-of.ts";
import oura from "../index.ts";
import type { HeartRateSample } from "../resources/time-series.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

type Json = ReturnType<typeof JSON.parse>;

const two = (value: number): string => String(value).padStart(2, "0");
const writtenOffset = (minutes: number): string =>
  `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;

const nightKey = `2025-05-12/${bodies.night.id}`;

describe("a night", () => {
  it("has its phases, samples without gaps, and the scores of its day", () => {
    const sleep = make("sleep", nightKey, {
      sleep: [bodies.night],
      "daily-sleep": [bodies.sleepScore],
      "daily-spo2": [bodies.spo2],
    });
    expect(sleep.metadata).toMatchObject({ is_nap: false, start_time: "2025-05-11T23:00:00.000000+02:00" });
    expect(sleep.sleep_durations_data.hypnogram_samples).toEqual([
      { timestamp: "2025-05-11T23:00:00.000000+02:00", level: 1 },
      { timestamp: "2025-05-11T23:05:00.000000+02:00", level: 4 },
      { timestamp: "2025-05-11T23:10:00.000000+02:00", level: 5 },
      { timestamp: "2025-05-11T23:15:00.000000+02:00", level: 6 },
    ]);
    expect(
      sleep.heart_rate_data.detailed.hr_samples.map(({ timestamp, bpm }: Json) => [timestamp, bpm]),
    ).toEqual([
      ["2025-05-11T23:00:00.000000+02:00", 66],
      ["2025-05-11T23:10:00.000000+02:00", 64],
      ["2025-05-11T23:20:00.000000+02:00", 70],
    ]);
    expect(sleep.scores.sleep).toBe(77);
    expect(sleep.respiration_data.oxygen_saturation_data.avg_saturation_percentage).toBe(98.072);
    expect(sleep.temperature_data.delta).toBe(-0.05);
  });

  it("prefers the finer phases", () => {
    const sleep = make("sleep", nightKey, { sleep: [{ ...bodies.night, sleep_phase_30_sec: "41" }] });
    expect(sleep.sleep_durations_data.hypnogram_samples[1]).toEqual({
      timestamp: "2025-05-11T23:00:30.000000+02:00",
      level: 5,
    });
  });

  it("in which clocks change keeps its own offsets", () => {
    const night = {
      ...bodies.night,
      bedtime_start: "2024-10-26T23:00:00+02:00",
      bedtime_end: "2024-10-27T07:00:00+01:00",
    };
    const { metadata } = make("sleep", nightKey, { sleep: [night] });
    expect([metadata.start_time, metadata.end_time]).toEqual([
      "2024-10-26T23:00:00.000000+02:00",
      "2024-10-27T07:00:00.000000+01:00",
    ]);
  });

  it("is no nap, and a nap has none of the day's scores", () => {
    const given = {
      sleep: [bodies.lateNap],
      "daily-sleep": [bodies.sleepScore],
      "daily-spo2": [bodies.spo2],
    };
    const nap = make("sleep", `2025-05-12/${bodies.lateNap.id}`, given);
    expect(nap).toMatchObject({ metadata: { is_nap: true }, scores: { sleep: null } });
    expect(nap.respiration_data.oxygen_saturation_data.avg_saturation_percentage).toBeNull();
  });

  it.each(["rest", "deleted"])("of the type %s is no sleep", (type) => {
    expect(make("sleep", nightKey, { sleep: [{ ...bodies.night, type }] })).toBeNull();
  });
});

describe("a day", () => {
  const day = "2025-05-12";
  it("begins at midnight in its own offset, and has the samples between its midnights", () => {
    const daily = make("daily", day, { "daily-activity": [bodies.activityDay], heartrate: bodies.heartRate });
    expect(daily.metadata).toMatchObject({
      start_time: "2025-05-12T00:00:00.000000+02:00",
      end_time: "2025-05-13T00:00:00.000000+02:00",
    });
    expect(daily.heart_rate_data.detailed.hr_samples.map(({ timestamp }: Json) => timestamp)).toEqual([
      "2025-05-12T16:50:10.000000+02:00",
      "2025-05-12T16:50:15.000000+02:00",
      "2025-05-12T22:00:00.000000+02:00",
    ]);
    expect(daily.heart_rate_data.detailed.hr_samples[0].context).toBe(1);
  });

  it("has the METs of the minutes that have any, at their own times", () => {
    const { MET_data: mets } = make("daily", day, { "daily-activity": [bodies.activityDay] });
    expect(mets.MET_samples).toEqual([
      { timestamp: "2025-05-12T04:00:00.000000+02:00", level: 0.9 },
      { timestamp: "2025-05-12T04:01:00.000000+02:00", level: 1.2 },
      { timestamp: "2025-05-12T04:03:00.000000+02:00", level: 3.4 },
    ]);
    expect(mets.num_high_intensity_minutes).toBe(41);
  });

  it("has a next day that takes its offset while it has none", () => {
    const given = { "daily-activity": [bodies.activityDay], heartrate: bodies.heartRate };
    const next = make("daily", "2025-05-13", given);
    expect(next.metadata.start_time).toBe("2025-05-13T00:00:00.000000+02:00");
    expect(next.heart_rate_data.detailed.hr_samples).toHaveLength(1);
    expect(next.distance_data.steps).toBeNull();
    expect(next.provider_data?.oura["daily-activity"]).toBeUndefined();
  });

  it.each([
    ["when clocks go forward", 60, 120, 120],
    ["when clocks go back", 120, 60, 60],
    ["on a journey west", 120, -480, -480],
    ["on a journey east, and back", -300, 540, -300],
  ])("has each sample of heart rate in one day, and in no other, %s", (_when, ...offsets) => {
    const dates = ["2025-05-11", "2025-05-12", "2025-05-13"];
    const activities = dates.map((date, index) => ({
      ...bodies.activityDay,
      id: bodies.id(90 + index),
      day: date,
      timestamp: `${date}T04:00:00${writtenOffset(offsets[index] ?? 0)}`,
    }));
    const hours = Array.from({ length: 6 * 24 }, (_, hour) => Date.UTC(2025, 4, 9) + hour * 3_600_000);
    const heartrate = hours.map((ms) => ({
      timestamp: new Date(ms).toISOString(),
      bpm: 60,
      source: "awake",
    }));
    const found = dates.flatMap((date) =>
      make("daily", date, {
        "daily-activity": activities,
        heartrate,
      }).heart_rate_data.detailed.hr_samples.map(({ timestamp }: Json) => Date.parse(timestamp)),
    );
    const first = Date.UTC(2025, 4, 11) - (offsets[0] ?? 0) * 60_000;
    const end = Date.UTC(2025, 4, 14) - (offsets[2] ?? 0) * 60_000;
    expect(found).toEqual(hours.filter((ms) => ms >= first && ms < end));
  });

  it("without any offset is a day of UTC", () => {
    const daily = make("daily", day, { heartrate: bodies.heartRate });
    expect(daily.metadata.start_time).toBe("2025-05-12T00:00:00.000000+00:00");
    expect(daily.heart_rate_data.detailed.hr_samples).toHaveLength(4);
  });

  it("takes 0 for no measurement of oxygen", () => {
    const given = { "daily-spo2": [{ ...bodies.spo2, spo2_percentage: { average: 0 } }] };
    expect(make("daily", day, given).oxygen_data.avg_saturation_percentage).toBeNull();
  });

  it("counts a note of the former kind only where there are no other tags", () => {
    const both = make("daily", day, { "enhanced-tag": [bodies.enhancedTag], tag: [bodies.note] });
    expect(both.tag_data.tags).toEqual([
      { timestamp: "2025-05-12T18:36:03.000000+02:00", tag_name: "Sauna", notes: "after work" },
    ]);
    const old = make("daily", day, { tag: [bodies.note] });
    expect(old.tag_data.tags.map(({ tag_name }: Json) => tag_name)).toEqual(["tag_generic_caffeine"]);
  });

  it("keeps nothing of a document whose id was deleted", () => {
    const normalizer = oura.normalizers.find(({ type }) => type === "daily");
    const left = partsOf({ "daily-activity": [bodies.activityDay] }).filter(({ key }) => key === day);
    expect(normalizer?.normalize(left, day)).toBeNull();
  });

  it("counts the newest of two documents", () => {
    const again = { ...bodies.activityDay, id: bodies.id(99), steps: 1 };
    const [newest] = partsOf({ "daily-activity": [again] });
    const parts = [
      ...partsOf({ "daily-activity": [bodies.activityDay] }).filter(({ key }) => key !== day),
      ...partsOf({ "daily-activity": [again] }),
    ];
    expect(newest?.key).toBe(day);
    const normalizer = oura.normalizers.find(({ type }) => type === "daily");
    const record = normalizer?.normalize(parts, day) as Json;
    expect(record.distance_data.steps).toBe(1);
  });
});

describe("a workout", () => {
  const key = `2025-05-12/${bodies.workout.id}`;
  it("has its sport in whatever spelling, the heart rate of its time, and null for what is missing", () => {
    const activity = make("activity", key, {
      workout: [{ ...bodies.workout, distance: null }],
      heartrate: bodies.heartRate,
    });
    expect(activity.metadata).toMatchObject({ type: 67, upload_type: 2 });
    expect(activity.heart_rate_data.summary).toMatchObject({
      max_hr_bpm: 125,
      min_hr_bpm: 121,
      avg_hr_bpm: null,
    });
    expect(activity.distance_data.summary.distance_meters).toBeNull();
  });

  it.each([
    ["Trail Running", 149],
    ["something new", 108],
    ["constructor", 108],
    [null, 4],
  ])("of %s has the type %s", (activity, type) => {
    expect(make("activity", key, { workout: [{ ...bodies.workout, activity }] }).metadata.type).toBe(type);
  });
});

describe("records of any bodies", () => {
  const odd = fc.oneof(
    fc.constant(null),
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant([]),
    fc.constant({}),
  );
  const examples = {
    sleep: ["sleep", bodies.night, nightKey],
    "daily-activity": ["daily", bodies.activityDay, "2025-05-12"],
    workout: ["activity", bodies.workout, `2025-05-12/${bodies.workout.id}`],
    session: ["activity", bodies.session, `2025-05-12/${bodies.session.id}`],
  } as const;
  it.each(Object.entries(examples))(
    "are valid, whatever a leaf of %s holds",
    (resource, [type, body, key]) => {
      const kept = new Set(["id", "day", "bedtime_start", "bedtime_end", "start_datetime", "end_datetime"]);
      const leaves = Object.keys(body).filter((leaf) => !kept.has(leaf));
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...leaves), odd), (changes) => {
          const record = make(type, key, { [resource]: [{ ...body, ...changes }] });
          if (record !== null) models[type].parse(record);
        }),
        { numRuns: 300 },
      );
    },
  );

  it("have each sample once and in order, however pages cut them", () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 86_399 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(times, fc.nat(40), (seconds, cut) => {
        const rows = seconds.map((second) => ({
          timestamp: new Date(Date.UTC(2025, 4, 12) + second * 1_000).toISOString(),
          bpm: 60,
          source: "awake",
        }));
        const pages = [rows.slice(0, cut), rows.slice(Math.max(0, cut - 3))];
        const grown = pages
          .flatMap((page) => [
            ...(findResource(oura, "heartrate")?.parts("2025-05-12..2025-05-12", bodies.listOf(...page)) ??
              []),
          ])
          .reduce<Json>(
            (state, part, order) => grow(state, { ...(part.value as Statement<HeartRateSample>), order }),
            nothingGrown,
          );
        const found = inForce<HeartRateSample>(grown).map(({ startMs }) => startMs);
        expect(found).toEqual(rows.map(({ timestamp }) => Date.parse(timestamp)).sort((a, b) => a - b));
      }),
    );
  });
});
