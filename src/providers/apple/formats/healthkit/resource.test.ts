import { describe, expect, it } from "vitest";
import { Folded } from "../testing/folded.ts";
import { healthKit as resource } from "./resource.ts";
import { bodySchema, healthKitJsonSchema } from "./schema.ts";

const uuid = "0000000A-0000-4000-8000-000000000001";
const sample = {
  uuid,
  type: "HKQuantityTypeIdentifierStepCount",
  start: "2026-01-10T09:00:00+01:00",
  end: "2026-01-10T09:05:00+01:00",
  value: 120,
  unit: "count",
  zone: "Europe/Berlin",
  source: {
    name: "Ada\u2019s Apple\u00a0Watch",
    bundle_id: "com.apple.health.0000",
    product_type: "Watch7,5",
  },
  metadata: { HKWasUserEntered: true, HKFoodMeal: "Lunch" },
};
const folded = (...bodies: readonly object[]) => new Folded(...bodies.map((body) => ({ resource, body })));

describe("a sample", () => {
  it("has HealthKit's own names", () => {
    expect(bodySchema.safeParse({ samples: [sample] }).success).toBe(true);
    const read = folded({ samples: [sample] });
    expect(read.items("samples")).toMatchObject([
      {
        uuid: uuid.toLowerCase(),
        type: "HKQuantityTypeIdentifierStepCount",
        startMs: Date.parse("2026-01-10T08:00:00Z"),
        endMs: Date.parse("2026-01-10T08:05:00Z"),
        value: 120,
        zone: "Europe/Berlin",
        offsetMinutes: 60,
        source: { name: "Ada's Apple Watch", bundleId: "com.apple.health.0000", model: "Watch7,5" },
        isUserEntered: true,
        metadata: { HKFoodMeal: "Lunch" },
      },
    ]);
    expect(read.unread).toMatchObject({ value: {}, unreadable: [] });
  });

  it("tells no local clock by Z, and a zone by HKTimeZone", () => {
    const { zone: _zone, ...without } = sample;
    const told = { ...without, start: "2026-01-10T08:00:00Z", metadata: { HKTimeZone: "Asia/Tokyo" } };
    expect(folded({ samples: [told] }).items("samples")).toMatchObject([
      { offsetMinutes: null, zone: "Asia/Tokyo" },
    ]);
  });

  it.each([
    ["HKQuantityTypeIdentifierOxygenSaturation", 0.97, "%", 0.97],
    ["HKQuantityTypeIdentifierBloodGlucose", 5.4, "mmol<180.1558800000541>/L", 97.28417520002921],
    ["HKQuantityTypeIdentifierStepCount", "7961", "count", 7_961],
    ["HKCategoryTypeIdentifierSleepAnalysis", "HKCategoryValueSleepAnalysisAsleepREM", null, 5],
    ["HKCategoryTypeIdentifierSleepAnalysis", 3, null, 3],
    ["HKQuantityTypeIdentifierStepCount", 5, "kg", null],
    ["HKQuantityTypeIdentifierAura", 5, "count", null],
  ])("of %s %s %s has the value %s", (type, value, unit, expected) => {
    expect(folded({ samples: [{ ...sample, type, value, unit }] }).items("samples")).toMatchObject([
      { value: expected },
    ]);
  });

  it("that cannot be read costs only itself", () => {
    const read = folded({ samples: [null, { ...sample, start: "soon" }, sample, { ...sample, mood: 1 }] });
    expect(read.values("StepCount")).toEqual([120]);
    expect(read.unread).toMatchObject({
      value: { samples: [{ mood: null }] },
      unreadable: ["samples[].start"],
    });
  });

  it.each(["", "a type\u0000", "Step Count", "S".repeat(129)])("of the type %j makes no part", (type) => {
    const read = folded({ samples: [{ ...sample, type }] });
    expect(read.parts).toEqual([]);
    const deleted = [{ uuid, type, start: sample.start }];
    expect(resource.parts("body", { deleted }).map(({ resource, key }) => `${resource} ${key}`)).toEqual([
      "samples *",
      "workouts *",
      "healthkit unread",
    ]);
    expect(folded({ samples: [{ ...sample, type }], deleted }).unread).toMatchObject({
      unreadable: ["deleted[]", "samples[].start"],
    });
  });

  it("has no source where its name is blank", () => {
    expect(folded({ samples: [{ ...sample, source: { name: "\u00a0" } }] }).items("samples")).toMatchObject([
      { source: { name: null } },
    ]);
  });
});

describe("a workout", () => {
  const workout = {
    ...{ uuid, start: sample.start, end: "2026-01-10T09:30:00+01:00", zone: null, source: null },
    type: "HKWorkoutActivityTypeRunning",
    duration_seconds: 1_700,
    statistics: [{ type: "HKQuantityTypeIdentifierDistanceWalkingRunning", unit: "km", sum: 5.1 }],
    events: [{ type: 1, start: "2026-01-10T09:10:00+01:00", end: "2026-01-10T09:11:40+01:00" }],
    route: [{ at: "2026-01-10T09:00:01+01:00", latitude: 52.1, longitude: 13.2, speed: -1 }],
    metadata: { HKIndoorWorkout: 0 },
  };

  it("has its figures, events and route", () => {
    expect(bodySchema.safeParse({ workouts: [workout] }).error).toBeUndefined();
    expect(folded({ workouts: [workout] }).items("workouts")).toMatchObject([
      {
        activityType: 37,
        durationSeconds: 1_700,
        isIndoor: false,
        statistics: [{ sum: 5_100 }],
        events: [{ type: 1, endMs: Date.parse("2026-01-10T08:11:40Z") }],
        route: [{ latitude: 52.1, speed: null }],
      },
    ]);
    expect(folded({ workouts: [{ ...workout, type: 37 }] }).items("workouts")).toMatchObject([
      { activityType: 37 },
    ]);
  });

  it("whose figures, events or points cannot be read says so, and keeps the others", () => {
    const odd = {
      statistics: [...workout.statistics, { type: "HKQuantityTypeIdentifierAura", unit: "km", sum: 1 }],
      events: [{ type: "pause" }, ...workout.events],
      route: [...workout.route, { ...workout.route[0], latitude: 91 }],
    };
    const read = folded({ workouts: [{ ...workout, ...odd }] });
    const [{ statistics, events, route } = { statistics: [], events: [], route: [] }] =
      read.items("workouts");
    expect([statistics.length, events.length, route.length]).toEqual([1, 1, 1]);
    expect(read.unread?.unreadable).toEqual([
      "workouts[].events[]",
      "workouts[].route[]",
      "workouts[].statistics[]",
    ]);
  });
});

describe("a deletion", () => {
  const typed = { uuid, type: sample.type, start: sample.start };

  it("finds the sample where its type and start are known, whichever body came first", () => {
    expect(folded({ samples: [sample] }, { deleted: [typed] }).items("samples")).toEqual([]);
    expect(folded({ deleted: [typed] }, { samples: [sample] }).items("samples")).toEqual([]);
  });

  it("by the uuid alone concerns all parts of samples and workouts", () => {
    const parts = resource.parts("body", {
      deleted: [uuid, { ...typed, type: "HKWorkoutTypeIdentifier" }, 7],
    });
    expect(parts).toMatchObject([
      { resource: "samples", key: "*", value: { deleted: [uuid.toLowerCase()] } },
      { resource: "workouts", key: "*", value: { deleted: [uuid.toLowerCase()] } },
      { resource: "workouts", key: "2026-01-10", value: { deleted: [uuid.toLowerCase()] } },
      { resource: "healthkit", unreadable: ["deleted[]"] },
    ]);
  });
});

it("the person's characteristics are read leaf by leaf", () => {
  const characteristics = { sex: "female", birth_date: "1990-02-30", blood_type: "A+" };
  expect(folded({ characteristics }).items("characteristics")).toMatchObject([
    { sex: "female", birthDate: null, bloodType: "A+", skinType: null },
  ]);
  expect(folded({ characteristics: "none" }).items("characteristics")).toEqual([]);
});

describe("the schema that is served", () => {
  it("names every list of a body, and refuses none for a key of its own", () => {
    expect(Object.keys(healthKitJsonSchema.properties ?? {})).toEqual([
      "samples",
      "workouts",
      "characteristics",
      "deleted",
    ]);
    expect(JSON.stringify(healthKitJsonSchema)).toContain("HKTimeZone");
  });
});
