import { describe, expect, it } from "vitest";
import { readWorkout } from "./workouts.ts";

const span = { start: "2026-01-10 17:20:00 +0100", end: "2026-01-10 17:58:30 +0100" };
const read = (told: object) => readWorkout({ name: "Outdoor Run", ...span, ...told });
const bpm = (date: string, Avg: number) => ({
  date: `2026-01-10 ${date} +0100`,
  Min: Avg,
  Avg,
  Max: Avg,
  units: "bpm",
  source: "Apple\u00a0Watch",
});

describe("a workout of version 2", () => {
  it("has its figures in HealthKit's units, and its weather as Apple's export writes it", () => {
    const { workout, unreadable } =
      read({
        id: "0000000A-0000-4000-8000-000000000010",
        duration: 2_250.4,
        isIndoor: false,
        activeEnergyBurned: { qty: 41.84, units: "kJ" },
        distance: { qty: 2, units: "mi" },
        heartRate: { min: { qty: 98, units: "bpm" }, avg: { qty: 151.2, units: "bpm" } },
        maxHeartRate: { qty: 172, units: "count/min" },
        stepCount: [{ date: span.start, qty: 160, units: "count" }],
        humidity: { qty: 81, units: "%" },
        elevationUp: { qty: 41, units: "m" },
        intensity: { qty: 9.8, units: "kcal/hr\u00b7kg" },
        metadata: {},
      }) ?? {};
    expect(unreadable).toEqual([]);
    expect(workout).toMatchObject({
      uuid: "0000000a-0000-4000-8000-000000000010",
      activityType: 37,
      durationSeconds: 2_250.4,
      isIndoor: false,
      totalDistanceMeters: 3_218.688,
      statistics: [
        { type: "HKQuantityTypeIdentifierActiveEnergyBurned", sum: 10 },
        { type: "HKQuantityTypeIdentifierHeartRate", minimum: 98, average: 151.2, maximum: 172 },
      ],
      metadata: {
        HKWeatherHumidity: "81 %",
        HKElevationAscended: "41 m",
        HKAverageMETs: "9.8 kcal/hr\u00b7kg",
      },
    });
    expect(workout?.samples).toMatchObject([{ value: 160, endMs: Date.parse("2026-01-10T16:21:00Z") }]);
  });

  // The readings of the recovery are not those of the workout.
  it("leaves the heart rate after its end out of its series", () => {
    const heartRateData = [bpm("17:30:00", 150), bpm("17:58:30", 160), bpm("17:59:10", 140)];
    const told = { heartRateData, avgHeartRate: { qty: 150, units: "bpm" } };
    expect(read(told)?.workout).toMatchObject({ samples: [{ value: 150 }], statistics: [{ average: 150 }] });
  });

  it("has no heart rate where only that after its end was sent, of which the app made mean and maximum", () => {
    const heartRateData = [bpm("17:58:30", 120), bpm("17:59:10", 98)];
    const told = {
      heartRateData,
      avgHeartRate: { qty: 109, units: "bpm" },
      maxHeartRate: { qty: 120, units: "bpm" },
    };
    expect(read(told)?.workout).toMatchObject({ samples: [], statistics: [] });
  });

  it("has the points of its route in order of time, without Core Location's words for none", () => {
    const point = {
      latitude: 52.1,
      longitude: 13.2,
      altitude: 34,
      speed: -1,
      course: -1,
      horizontalAccuracy: 4,
    };
    const route = [
      { ...point, timestamp: "2026-01-10 17:21:00 +0100" },
      { ...point, timestamp: "2026-01-10 17:20:00 +0100", speed: 2.5 },
      { ...point, latitude: 520 },
      { latitude: 52 },
    ];
    expect(read({ route })?.workout.route).toMatchObject([
      { atMs: Date.parse("2026-01-10T16:20:00Z"), speed: 2.5, course: null, horizontalAccuracy: 4 },
      { atMs: Date.parse("2026-01-10T16:21:00Z"), speed: null },
    ]);
  });
});

describe("a workout of version 1", () => {
  it("has neither id nor duration, a sum for its steps, and its climb in one object", () => {
    const told = {
      name: "Walking",
      stepCount: { qty: 908, units: "steps" },
      activeEnergy: { qty: 41.84, units: "kJ" },
      intesity: { qty: 3.1, units: "MET" },
      elevation: { ascent: 16.36, descent: 0, units: "m" },
      heartRateData: [{ date: "2026-01-10 17:30:00 +0100", qty: 108, units: "bpm" }],
      route: [{ lat: 52.1, lon: 13.2, altitude: 8, timestamp: "2026-01-10 17:21:00 +0100" }],
    };
    expect(read(told)).toMatchObject({
      workout: {
        uuid: null,
        activityType: 52,
        durationSeconds: null,
        isIndoor: null,
        statistics: [
          { type: "HKQuantityTypeIdentifierActiveEnergyBurned", sum: 10 },
          { type: "HKQuantityTypeIdentifierStepCount", sum: 908 },
        ],
        samples: [{ value: 108 }],
        route: [{ latitude: 52.1, longitude: 13.2 }],
        metadata: { HKElevationAscended: "16.36 m", HKElevationDescended: "0 m", HKAverageMETs: "3.1 MET" },
      },
      unreadable: [],
    });
  });
});

describe("the name of a workout", () => {
  it.each([
    ["Outdoor Walk", 52, false],
    ["Indoor Cycling", 13, true],
    ["Pool Swim", 46, null],
    ["Traditional Strength Training", 50, null],
    ["High Intensity Interval Training", 63, null],
    ["Mind and Body", 29, null],
    ["Tai Chi", 72, null],
    ["Other", 3_000, null],
  ])("%s is activity %i", (name, activityType, isIndoor) => {
    expect(read({ name })).toMatchObject({ workout: { activityType, isIndoor }, unreadable: [] });
  });

  // A name is no reason to lose a workout.
  it.each(["Laufen im Freien", "constructor", ""])("%j is of no known activity, and counted", (name) => {
    expect(read({ name })).toMatchObject({ workout: { activityType: null }, unreadable: ["name"] });
  });
});

it("a workout without an end cannot be read", () => {
  expect(readWorkout({ name: "Walking", start: span.start })).toBeNull();
  expect(readWorkout({ ...span, end: "2026-01-10 17:00:00 +0100" })).toBeNull();
  expect(readWorkout("Walking")).toBeNull();
});
