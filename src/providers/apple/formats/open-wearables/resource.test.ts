import { describe, expect, it } from "vitest";
import { Folded } from "../testing/folded.ts";
import { openWearables as resource } from "./resource.ts";

const watch = {
  appId: "com.apple.health.0000",
  deviceId: null,
  deviceName: "Apple\u00a0Watch",
  deviceManufacturer: "Apple Inc.",
  deviceModel: "Watch6,1",
  deviceType: "watch",
  recordingMethod: null,
  deviceHardwareVersion: "Watch6,1",
  deviceSoftwareVersion: "26.2",
  operatingSystemVersion: { majorVersion: 26, minorVersion: 2, patchVersion: 0 },
};
const record = (type: string, value: unknown, unit: string | null, more: object = {}) => ({
  id: "0000000A-0000-4000-8000-000000000001",
  type: `HKQuantityTypeIdentifier${type}`,
  startDate: "2026-01-14T08:00:00Z",
  endDate: "2026-01-14T08:05:00Z",
  zoneOffset: null,
  source: watch,
  value,
  unit,
  parentId: null,
  metadata: {},
  ...more,
});
const body = (data: object) => ({
  provider: "apple",
  sdkVersion: "0.6.0",
  syncTimestamp: "2026-01-15T09:00:00Z",
  data,
});
const folded = (...bodies: readonly object[]) =>
  new Folded(...bodies.map((data) => ({ resource, body: body(data) })));
const value = (type: string, written: unknown, unit: string | null) =>
  folded({ records: [record(type, written, unit)] }).items("samples")[0]?.value;

describe("a record", () => {
  it("of a type that no key can have is counted, and makes no part", () => {
    const read = folded({ records: [{ ...record("StepCount", 1, "count"), type: "a type\u0000" }] });
    expect(read.parts).toEqual([]);
    expect(read.unread?.unreadable).toEqual(["data.records[].type"]);
  });

  it("has HealthKit's id, its instants, and the local clock only where zoneOffset says it", () => {
    const records = [
      record("StepCount", 120, "count"),
      record("StepCount", 7, "count", { zoneOffset: "+05:30" }),
    ];
    const [first, second] = folded({ records })
      .items("samples")
      .toSorted((a, b) => Number(b.value) - Number(a.value));
    expect(first).toMatchObject({
      uuid: "0000000a-0000-4000-8000-000000000001",
      type: "HKQuantityTypeIdentifierStepCount",
      startMs: Date.parse("2026-01-14T08:00:00Z"),
      endMs: Date.parse("2026-01-14T08:05:00Z"),
      value: 120,
      offsetMinutes: null,
      source: { name: "Apple Watch", bundleId: "com.apple.health.0000", model: "Watch6,1" },
      isAggregate: false,
    });
    expect(second?.offsetMinutes).toBe(330);
  });

  it.each([
    ["HeartRate", 64, "bpm", 64],
    ["ActiveEnergyBurned", 0.41, "Cal", 0.41],
    ["HeartRateVariabilitySDNN", 47, "ms", 0.047],
    ["RespiratoryRate", 14.5, "breaths/min", 14.5],
    ["VO2Max", 43.1, "mL/kg/min", 43.1],
    ["BodyMassIndex", 22.4, "count", 22.4],
    ["DietaryWater", 0.25, "L", 250],
    // The SDK multiplies the one by 100, and the other not.
    ["OxygenSaturation", 97, "%", 0.97],
    ["BodyFatPercentage", 0.213, "%", 0.213],
    // Numbers written as texts.
    ["StepCount", "7961", "count", 7_961],
    ["StepCount", 1, "furlong", null],
    ["AuraBrightness", 3, "count", null],
  ])("%s %s %s is %s", (type, written, unit, expected) => expect(value(type, written, unit)).toBe(expected));

  it("of a category has HealthKit's number of the case", () => {
    const type = "HKCategoryTypeIdentifierMenstrualFlow";
    const metadata = { HKMenstrualCycleStart: "1", HKTimeZone: "Asia/Tokyo", HKWasUserEntered: "1" };
    expect(folded({ records: [record("", 3, null, { type, metadata })] }).items("samples")).toMatchObject([
      { type, value: 3, zone: "Asia/Tokyo", isUserEntered: true, metadata: { HKMenstrualCycleStart: "1" } },
    ]);
  });

  it("has the source of older versions of the SDK too", () => {
    const source = {
      name: "Ada\u2019s iPhone",
      bundleIdentifier: "com.apple.health",
      productType: "iPhone10,5",
      version: "15",
    };
    expect(
      folded({ records: [record("StepCount", 66, "count", { source })] }).items("samples"),
    ).toMatchObject([
      { source: { name: "Ada's iPhone", bundleId: "com.apple.health", model: "iPhone10,5" } },
    ]);
  });

  // Each sample was stored twice after a sync.
  it("that is sent again is one sample", () => {
    const data = { records: [record("StepCount", 120, "count"), record("StepCount", 120, "count")] };
    expect(folded(data, data).values("StepCount")).toEqual([120]);
  });

  // One bad record stopped all after it.
  it("that cannot be read costs only itself, and is counted", () => {
    const records = [
      null,
      { id: "x" },
      record("StepCount", 5, "count", { startDate: "soon" }),
      record("StepCount", 9, "count"),
    ];
    const read = folded({ records });
    expect(read.values("StepCount")).toEqual([9]);
    expect(read.unread?.unreadable).toEqual(["data.records[].startDate", "data.records[].type"]);
  });
});

describe("a stage of sleep", () => {
  const stage = (name: string) => ({ ...record("", null, null), stage: name, values: null, metadata: null });

  it.each([
    ["in_bed", 0],
    ["inBed", 0],
    ["sleeping", 1],
    ["awake", 2],
    ["light", 3],
    ["deep", 4],
    ["rem", 5],
  ])("%s is case %i", (name, expected) => {
    expect(folded({ sleep: [stage(name)] }).values("SleepAnalysis")).toEqual([expected]);
  });

  it("of an unknown name is left out, and counted", () => {
    const read = folded({ sleep: [stage("unknown")] });
    expect([read.items("samples"), read.unread?.unreadable]).toEqual([[], ["data.sleep[].stage"]]);
  });
});

describe("a workout", () => {
  const workout = (type: string, ...values: readonly (readonly [string, unknown, string])[]) => {
    const { value: _value, unit: _unit, ...common } = record("", null, null);
    const none = { title: null, notes: null, segments: null, laps: null, route: null, samples: null };
    return {
      ...common,
      ...none,
      type,
      values: values.map(([name, written, unit]) => ({ type: name, value: written, unit })),
    };
  };

  it("has its figures, and its weather as Apple's export writes it", () => {
    const read = folded({
      workouts: [
        workout(
          "running",
          ["duration", 2_250.4, "s"],
          ["activeEnergyBurned", 402.2, "kcal"],
          ["distance", 6_512.8, "m"],
          ["minHeartRate", 98, "bpm"],
          ["averageHeartRate", 151.2, "bpm"],
          ["averageVerticalOscillation", 8.5, "cm"],
          ["averageGroundContactTime", 240, "ms"],
          ["indoorWorkout", false, "bool"],
          ["weatherHumidity", 81, "%"],
          ["elevationAscended", 41, "m"],
        ),
      ],
    });
    expect(read.items("workouts")).toMatchObject([
      {
        activityType: 37,
        durationSeconds: 2_250.4,
        totalDistanceMeters: 6_512.8,
        isIndoor: false,
        statistics: [
          { type: "HKQuantityTypeIdentifierActiveEnergyBurned", sum: 402.2 },
          { type: "HKQuantityTypeIdentifierHeartRate", minimum: 98, average: 151.2, maximum: null },
          { type: "HKQuantityTypeIdentifierRunningVerticalOscillation", average: 0.085 },
          { type: "HKQuantityTypeIdentifierRunningGroundContactTime", average: 0.24 },
        ],
        metadata: { HKWeatherHumidity: "81 %", HKElevationAscended: "41 m" },
      },
    ]);
    expect(read.unread).toMatchObject({ value: {}, unreadable: [] });
  });

  it.each([
    ["hiit", 63],
    ["strength_training", 50],
    ["functional_strength_training", 20],
    ["wheelchair_run", 71],
    ["skating", 39],
    ["other", 3_000],
    ["unknown", null],
  ])("%s is activity %s", (type, activityType) => {
    expect(folded({ workouts: [workout(type)] }).items("workouts")).toMatchObject([{ activityType }]);
  });

  it("has figures and lists that are new counted", () => {
    const read = folded({
      workouts: [{ ...workout("running", ["aura", 1, "count"]), laps: [{ startDate: "x" }] }],
    });
    expect(read.unread?.value).toEqual({
      data: { workouts: [{ laps: [{ startDate: null }] }, { values: [{ type: "aura" }] }] },
    });
  });
});
