/** Days of v4: what becomes of invented and captured bodies, alone and together with v3's. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asRead, type Body, models } from "../../../models/index.ts";
import { unknownLeaves } from "../../ledger-leaves.ts";
import type { Part } from "../../provider.ts";
import { dynamic } from "../names.ts";
import { capturedFiles, capturedIsThere, fixture, make, partsOf } from "../testing/bodies.ts";
import { bodyOfV4 } from "./normalize/body.ts";
import { ppiOfDay } from "./normalize/ppi.ts";
import { v4Activity } from "./resources/activity.ts";
import { v4ContinuousSamples } from "./resources/continuous-samples.ts";
import { type V4PpiDay, v4PpiSamples } from "./resources/ppi-samples.ts";
import { v4Sleep } from "./resources/sleep.ts";
import { activityOf, heartRateOf, nightOf, ppiOf } from "./testing/made.ts";

const day = "2026-10-06";
const activityParts = (body: object = activityOf()) => v4Activity.parts(day, { activityDays: [body] });
const heartParts = (items: readonly object[] = heartRateOf()) =>
  v4ContinuousSamples.parts(`${day}..${day}`, { heartRateSamplesPerDay: items });
const ppiDays = (body: object = ppiOf()): readonly V4PpiDay[] =>
  v4PpiSamples.parts(day, { dailyPpiSamples: [body] }).flatMap(({ value }) => value as readonly V4PpiDay[]);

const polarOf = (record: unknown) =>
  (record as { provider_data: { polar: Record<string, unknown> } }).provider_data.polar;

describe("a day of v4 alone", () => {
  const daily = make("daily", [...activityParts(), ...heartParts()]);

  it("has local times without an offset", () => {
    expect(daily.metadata).toMatchObject({
      start_time: "2026-10-06T00:00:00.000000",
      end_time: "2026-10-07T00:00:00.000000",
      timestamp_localization: 1,
    });
  });

  it("has the steps of the largest device, with repeated blocks counted once", () => {
    expect(daily.distance_data?.steps).toBe(57);
    expect(daily.distance_data?.detailed?.step_samples).toEqual(
      [
        ["08:01:00", 15],
        ["08:03:00", 45],
        ["08:04:00", 45],
        ["08:05:00", 50],
        ["20:01:00", 57],
      ].map(([clock, steps]) => ({
        timestamp: `2026-10-06T${clock}.000000`,
        timer_duration_seconds: null,
        steps,
      })),
    );
    expect(polarOf(daily).steps).toEqual({
      basis: "sum",
      device: "watch",
      devices: [
        { device: "band", steps: 30 },
        { device: "watch", steps: 57 },
      ],
    });
  });

  it("invents no totals", () => {
    expect(daily.distance_data?.distance_meters).toBeNull();
    expect(daily.calories_data).toMatchObject({ total_burned_calories: null, net_activity_calories: null });
    expect(daily.active_durations_data).toMatchObject({ activity_seconds: null, rest_seconds: null });
  });

  it("has METs and activity levels once, each at its time", () => {
    expect(daily.MET_data?.MET_samples).toEqual([
      { timestamp: "2026-10-06T00:00:00.000000", level: 0.9 },
      { timestamp: "2026-10-06T00:01:00.000000", level: 3.5 },
    ]);
    expect(
      daily.active_durations_data?.activity_levels_samples?.map(({ timestamp, activity_level }) => [
        timestamp?.slice(11, 19),
        activity_level,
      ]),
    ).toEqual([
      ["00:00:00", 1],
      ["08:00:30", 4],
      ["09:00:00", 0],
    ]);
  });

  it("has heart rates in order, one for each instant, none without signal or time", () => {
    expect(
      daily.heart_rate_data?.detailed?.hr_samples?.map(({ timestamp, bpm }) => [timestamp?.slice(11), bpm]),
    ).toEqual([
      ["00:00:00.500000", 61],
      ["00:02:48.000000", 74],
      ["00:07:49.250000", 80],
      ["00:10:00.000000", 70],
    ]);
    expect(daily.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: null,
      max_hr_bpm: 80,
      min_hr_bpm: 61,
    });
    expect(polarOf(daily).heart_rate).toEqual({ doubled: 1 });
  });

  it("says where it is from, and nothing of the person", () => {
    expect(polarOf(daily).sources).toEqual({ "*": dynamic });
    expect(JSON.stringify(daily)).not.toMatch(/1984|SEX_|height|weight/);
  });

  it("is told the offset in force by the person's nights", () => {
    const night = v4Sleep.parts(day, { nightSleeps: [nightOf(day)] });
    expect(polarOf(make("daily", [...heartParts(), ...night])).utc_offset).toEqual({
      minutes: 180,
      basis: "inferred",
    });
  });

  it("is the same in whatever order devices, blocks and samples come", () => {
    const shuffle =
      (seed: number) =>
      <Item>(items: readonly Item[]): Item[] =>
        items
          .map((item, index) => ({ item, place: Math.sin((index + 1) * seed) }))
          .sort((one, other) => one.place - other.place)
          .map(({ item }) => item);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (seed) => {
        const mix = shuffle(seed);
        const activity = activityOf();
        activity.activitiesPerDevice = mix(activity.activitiesPerDevice).map((device) => ({
          ...device,
          activitySamples: mix(device.activitySamples),
        }));
        const heart = mix(heartRateOf()).map((item) => ({ ...item, samples: mix(item.samples) }));
        const mixed = make("daily", [...activityParts(activity), ...heartParts(heart)]);
        const { provider_data: _data, ...fields } = daily as typeof daily & { provider_data: unknown };
        expect(mixed).toMatchObject(fields);
        expect(polarOf(mixed).heart_rate).toEqual({ doubled: 1 });
      }),
      { numRuns: 20 },
    );
  });

  it("keeps what is readable, and reports the rest", () => {
    const odd = activityOf();
    Object.assign(odd.activitiesPerDevice[1]?.activitySamples[1]?.stepSamples ?? {}, {
      startTime: "morning",
    });
    const [part] = activityParts(odd);
    expect(part?.unreadable).toEqual(["activitiesPerDevice[].activitySamples[].stepSamples.startTime"]);
    expect(make("daily", part ? [part] : []).distance_data?.steps).toBe(52);
  });
});

describe("a day of both APIs", () => {
  it("has v3's totals, and v4's samples", () => {
    const v3 = partsOf("activity", "*", fixture("activity-day"));
    const date = v3[0]?.key ?? "";
    const v4 = v4Activity.parts(date, { activities: { activityDays: [activityOf(date)] } });
    const [alone, other] = [make("daily", v3), make("daily", v4)];
    const whole = make("daily", [...v3, ...v4]);
    expect(make("daily", [...v4, ...v3])).toEqual(whole);
    expect(whole.calories_data).toEqual(alone.calories_data);
    expect(whole.distance_data?.steps).toBe(alone.distance_data?.steps);
    expect(whole.distance_data?.detailed).toEqual(other.distance_data?.detailed);
    expect(whole.MET_data).toEqual(other.MET_data);
    expect(polarOf(whole).sources).toMatchObject({
      calories_data: "accesslink-v3",
      MET_data: dynamic,
      "distance_data.steps": "accesslink-v3",
      "distance_data.detailed": dynamic,
    });
  });
});

describe("the intervals between beats of a day", () => {
  it("are in order, local without an offset, and each has its quality", () => {
    expect(asRead(ppiOfDay(ppiDays()))).toEqual({
      samples: [
        { timestamp: "2026-10-06T00:00:01.098000", rr_interval_ms: 866, hr_bpm: null },
        { timestamp: "2026-10-06T00:00:02.000000", rr_interval_ms: 902, hr_bpm: null },
      ],
      quality: [
        {
          device: "watch",
          samples: 2,
          error_estimate_millis: [0, 15],
          skin_contact: "11",
          movement: "10",
          offline: "-0",
        },
      ],
    });
  });

  it("are in the Body of that day", () => {
    const parts = v4PpiSamples.parts(day, { dailyPpiSamples: [ppiOf()] });
    const body = asRead<Body>(bodyOfV4.normalize(parts, day));
    models.body.parse(body);
    expect(body.heart_data?.rr_interval_samples).toEqual(asRead(ppiOfDay(ppiDays()).samples));
    expect(polarOf(body).ppi).toEqual(ppiOfDay(ppiDays()).quality);
    expect(polarOf(body)["v4-ppi-samples"]).toEqual([
      {
        ppiSamplesPerDevice: [
          {
            recordingDevice: { uuid: "watch" },
            recordingTriggerTypeChanges: [{ triggerType: "TRIGGER_TYPE_AUTOMATIC", offsetMillis: 1_098 }],
          },
        ],
      },
    ]);
  });

  it("of the next day are left to that day's call", () => {
    const parts = v4PpiSamples.parts(day, { dailyPpiSamples: [ppiOf(), ppiOf("2026-10-07")] });
    expect(parts.map(({ key }) => key)).toEqual([day]);
  });

  it("of a whole day are all read", () => {
    const sample = (index: number) => ({
      offsetMillis: String(index * 860),
      ppInterval: 860,
      errorEstimateMillis: 5,
      skinContact: true,
      movement: false,
      offline: false,
    });
    const body = ppiOf();
    Object.assign(body.ppiSamplesPerDevice[0] ?? {}, {
      ppiSamples: Array.from({ length: 100_000 }, (_, index) => sample(index)),
    });
    const { samples } = ppiOfDay(ppiDays(body));
    expect(samples).toHaveLength(100_000);
  }, 120_000);
});

describe("the ledgers", () => {
  it.each([
    [v4Activity, activityParts()],
    [v4ContinuousSamples, heartParts()],
    [v4PpiSamples, v4PpiSamples.parts(day, { dailyPpiSamples: [ppiOf()] })],
  ] as const)("know every leaf of $0.name", (resource, parts: readonly Part[]) => {
    expect(parts).toHaveLength(1);
    expect(parts.flatMap(({ value }) => unknownLeaves(resource.ledger, value))).toEqual([]);
  });
});

describe.skipIf(!capturedIsThere)("the captured PPI of v4", () => {
  it("is read whole, and has no leaf without a fate", () => {
    const text = capturedFiles("v4").find(({ name }) => name.startsWith("ppi"))?.text ?? "null";
    const [part] = v4PpiSamples.parts("2025-06-13", JSON.parse(text));
    expect(part?.unreadable).toBeUndefined();
    expect(unknownLeaves(v4PpiSamples.ledger, part?.value)).toEqual([]);
    const { samples } = ppiOfDay(part?.value as readonly V4PpiDay[]);
    expect(samples).toHaveLength(15);
    expect(samples.toJSON()[0]).toEqual({
      timestamp: "2025-06-13T00:06:27.959000",
      rr_interval_ms: 866,
      hr_bpm: null,
    });
  });
});
