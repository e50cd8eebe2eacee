import { describe, expect, it } from "vitest";
import type { ActivityType } from "../../../models/index.ts";
import type { Sample } from "../healthkit/sample.ts";
import { type Workout, type WorkoutEvent, WorkoutEventType } from "../healthkit/workout.ts";
import {
  app,
  make,
  makeAll,
  partsOf,
  phone,
  sample,
  spanOf,
  statistic,
  watch,
  workout,
} from "../testing/person.ts";
import { samplesCompanions } from "./companions.ts";

const hour = "2026-01-10T09:00/10:00";

/** Makes the only record of a workout. */
function madeOf(one: Workout, samples: readonly Sample[] = []) {
  const [record, ...more] = makeAll("activity", partsOf(samples, [one])).values();
  if (record === undefined || more.length > 0) throw new Error("not one record");
  return record;
}

const quantity = (name: string, time: string, value: number, more: Partial<Sample> = {}) =>
  sample(`HKQuantityTypeIdentifier${name}`, time, value, more);

const event = (type: number, time: string, metadata: WorkoutEvent["metadata"] = {}): WorkoutEvent => ({
  type,
  ...spanOf(time),
  metadata,
});

describe("a workout", () => {
  it("has a key of its time, and its own clock", () => {
    const made = madeOf(workout(hour));
    expect(made.metadata).toEqual({
      summary_id: "2026-01-10/1768035600-1768039200",
      start_time: "2026-01-10T10:00:00.000000+01:00",
      end_time: "2026-01-10T11:00:00.000000+01:00",
      type: 8,
      upload_type: 1,
      name: "Running",
      city: null,
      state: null,
      country: null,
      timestamp_localization: 1,
    });
    expect(made.device_data?.name).toBe("Apple Watch");
  });

  it("that is typed in is manual, and that of another app is its", () => {
    expect(madeOf(workout(hour, { isUserEntered: true })).metadata.upload_type).toBe(2);
    expect(madeOf(workout(hour, { source: app })).metadata.upload_type).toBe(6);
  });

  it("takes its statistics before the older attributes, and those where there are none", () => {
    const attributes = { totalDistanceMeters: 9_000, totalEnergyKcal: 600 };
    const old = madeOf(workout(hour, attributes));
    expect(old.distance_data?.summary?.distance_meters).toBe(9_000);
    expect(old.calories_data?.net_activity_calories).toBe(600);
    const statistics = [
      statistic("DistanceWalkingRunning", { sum: 10_000 }),
      statistic("ActiveEnergyBurned", { sum: 640 }),
      statistic("BasalEnergyBurned", { sum: 80 }),
      statistic("HeartRate", { average: 150, minimum: 90, maximum: 175 }),
      statistic("StepCount", { sum: 9_400 }),
    ];
    const made = madeOf(workout(hour, { statistics, totalDistanceMeters: 9_000 }));
    expect(made.distance_data?.summary).toMatchObject({ distance_meters: 10_000, steps: 9_400 });
    expect(made.calories_data).toMatchObject({
      net_activity_calories: 640,
      BMR_calories: 80,
      total_burned_calories: 720,
    });
    expect(made.heart_rate_data?.summary).toMatchObject({ avg_hr_bpm: 150, min_hr_bpm: 90, max_hr_bpm: 175 });
    expect(made.movement_data?.avg_speed_meters_per_second).toBeCloseTo(10_000 / 3_600, 9);
  });

  it("of several sports is one record, whose activities count once", () => {
    const [swim, bike] = [spanOf("2026-01-10T09:00/09:20"), spanOf("2026-01-10T09:20/10:00")];
    const activity = { uuid: null, durationSeconds: null, events: [], metadata: {} };
    const activities = [
      { ...activity, ...swim, statistics: [statistic("DistanceSwimming", { sum: 800 })] },
      { ...activity, ...bike, statistics: [statistic("DistanceCycling", { sum: 20_000 })] },
    ];
    const repeated = [
      statistic("DistanceSwimming", { sum: 800 }),
      statistic("DistanceCycling", { sum: 20_000 }),
    ];
    for (const statistics of [[], repeated]) {
      const made = madeOf(workout(hour, { activityType: 82, activities, statistics }));
      expect(made.metadata.type).toBe(126);
      expect(made.distance_data?.summary?.distance_meters).toBe(20_800);
      expect(made.provider_data?.apple.activities).toHaveLength(2);
    }
    const same = { ...activity, ...spanOf(hour), statistics: [statistic("StepCount", { sum: 5_000 })] };
    const single = workout(hour, {
      activities: [same],
      statistics: [statistic("StepCount", { sum: 5_000 })],
    });
    expect(madeOf(single).distance_data?.summary?.steps).toBe(5_000);
  });

  it("has no pauses in its active time, nor on its timer", () => {
    const events = [
      event(WorkoutEventType.Pause, "2026-01-10T09:10"),
      event(WorkoutEventType.Resume, "2026-01-10T09:15"),
      event(WorkoutEventType.MotionPaused, "2026-01-10T09:30"),
      event(WorkoutEventType.MotionResumed, "2026-01-10T09:35"),
    ];
    const beats = [
      quantity("HeartRate", "2026-01-10T09:05", 120),
      quantity("HeartRate", "2026-01-10T09:40", 140),
    ];
    const made = madeOf(workout(hour, { events }), beats);
    expect(made.active_durations_data?.activity_seconds).toBe(3_000);
    const timers = (of: typeof made) =>
      of.heart_rate_data?.detailed?.hr_samples?.map(({ timer_duration_seconds }) => timer_duration_seconds);
    expect(timers(made)).toEqual([300, 1_800]);
    // A duration that the pauses do not explain is told, and nobody knows where the timer stood.
    const other = madeOf(workout(hour, { events, durationSeconds: 2_500 }), beats);
    expect(other.active_durations_data?.activity_seconds).toBe(2_500);
    expect(timers(other)).toEqual([null, null]);
  });

  it("has the laps that were made, and not the watch's own segments", () => {
    const events = [
      event(WorkoutEventType.Segment, "2026-01-10T09:00/09:06"),
      event(WorkoutEventType.Segment, "2026-01-10T09:00/09:09"),
      event(WorkoutEventType.Lap, "2026-01-10T09:00/09:02", { HKSwimmingStrokeStyle: "2" }),
      event(WorkoutEventType.Lap, "2026-01-10T09:02/09:05", { HKSwimmingStrokeStyle: "4" }),
    ];
    const made = madeOf(workout(hour, { activityType: 46, events, metadata: { HKLapLength: "25 m" } }));
    expect(
      made.lap_data?.laps?.map(({ start_time, distance_meters, stroke_type }) => [
        start_time?.slice(11, 16),
        distance_meters,
        stroke_type,
      ]),
    ).toEqual([
      ["10:00", 25, "freestyle"],
      ["10:02", 25, "breaststroke"],
    ]);
    expect(made.distance_data?.summary?.swimming).toMatchObject({ num_laps: 2, pool_length_meters: 25 });
    expect(made.provider_data?.apple.events).toHaveLength(2);
  });

  it("has its weather in one unit, however the humidity is written", () => {
    const weather = (humidity: string) =>
      madeOf(workout(hour, { metadata: { HKWeatherTemperature: "38.8 degF", HKWeatherHumidity: humidity } }))
        .provider_data?.apple.weather as Record<string, number>;
    expect(weather("8000 %").humidity_percent).toBe(80);
    expect(weather("96 %").humidity_percent).toBe(96);
    expect(weather("96 %").temperature_celsius).toBeCloseTo(3.7778, 4);
  });

  it("has a lap between two presses of the button", () => {
    const events = [
      event(WorkoutEventType.Lap, "2026-01-10T09:20"),
      event(WorkoutEventType.Lap, "2026-01-10T09:40"),
    ];
    expect(
      madeOf(workout(hour, { events })).lap_data?.laps?.map(({ start_time }) => start_time?.slice(11, 16)),
    ).toEqual(["10:00", "10:20", "10:40"]);
  });

  it("has its route in order, with heights and speeds", () => {
    const point = (time: string, latitude: number, altitude: number | null, speed: number | null) => ({
      atMs: spanOf(time).startMs,
      latitude,
      longitude: 13,
      altitude,
      speed,
      course: null,
      horizontalAccuracy: null,
      verticalAccuracy: null,
    });
    const route = [
      point("2026-01-10T09:02", 52.2, 41, -1),
      point("2026-01-10T09:01", 52.1, 40, 3),
      point("2026-01-10T09:03", 52.3, null, null),
    ];
    const made = madeOf(workout(hour, { route, metadata: { HKElevationAscended: "5900 cm" } }));
    expect(
      made.position_data?.position_samples?.map(({ coords_lat_lng_deg }) => coords_lat_lng_deg?.[0]),
    ).toEqual([52.1, 52.2, 52.3]);
    expect(made.position_data?.start_pos_lat_lng_deg).toEqual([52.1, 13]);
    expect(made.distance_data?.summary?.elevation).toMatchObject({
      min_meters: 40,
      max_meters: 41,
      gain_actual_meters: 59,
    });
    expect(made.distance_data?.detailed?.elevation_samples).toHaveLength(2);
    // −1 is HealthKit's word for an unknown speed.
    expect(made.movement_data?.speed_samples?.map((one) => one.speed_meters_per_second)).toEqual([3]);
  });
});

describe("the series of a workout", () => {
  const daySamples = [
    quantity("HeartRate", "2026-01-10T08:59", 80),
    quantity("HeartRate", "2026-01-10T09:30", 150),
    quantity("HeartRate", "2026-01-10T10:00", 130),
    quantity("RunningPower", "2026-01-10T09:30", 240),
    quantity("RunningSpeed", "2026-01-10T09:30", 3.1),
    quantity("RunningStrideLength", "2026-01-10T09:30", 1.1),
    quantity("StepCount", "2026-01-10T08:50/09:10", 1_000),
    quantity("StepCount", "2026-01-10T09:10/09:20", 900),
    quantity("StepCount", "2026-01-10T09:00/09:20", 1_900, { source: phone }),
    quantity("DistanceWalkingRunning", "2026-01-10T09:10/09:20", 1_200),
  ];

  it("are joined from the samples of its time; recovery after the end stays out", () => {
    const made = madeOf(workout(hour), daySamples);
    expect(made.heart_rate_data?.detailed?.hr_samples?.map(({ bpm }) => bpm)).toEqual([150]);
    expect(made.heart_rate_data?.summary).toMatchObject({ avg_hr_bpm: 150, max_hr_bpm: 150 });
    expect(made.power_data?.avg_watts).toBe(240);
    expect(made.movement_data?.speed_samples?.[0]?.speed_meters_per_second).toBe(3.1);
    // Half of the first sample lies in the workout; the phone's are covered by the Watch's.
    expect(made.distance_data?.summary).toMatchObject({ steps: 1_400, distance_meters: 1_200 });
    expect(made.distance_data?.detailed?.step_samples?.map(({ steps }) => steps)).toEqual([500, 1_400]);
    expect(made.provider_data?.apple.samples).toMatchObject({
      samples: [{ type: "HKQuantityTypeIdentifierRunningStrideLength", value: 1.1 }],
    });
  });

  it("are its own where it came with some, without what was measured after its end", () => {
    const own = [
      quantity("HeartRate", "2026-01-10T09:20", 155, { isAggregate: true, metadata: { Min: 151, Max: 160 } }),
      quantity("HeartRate", "2026-01-10T10:01", 120, { isAggregate: true, metadata: { Min: 120, Max: 120 } }),
    ];
    const made = madeOf(workout(hour, { samples: own }), daySamples);
    expect(made.heart_rate_data?.detailed?.hr_samples?.map(({ bpm }) => bpm)).toEqual([155]);
    expect(made.heart_rate_data?.summary).toMatchObject({
      avg_hr_bpm: 155,
      min_hr_bpm: 151,
      max_hr_bpm: 160,
    });
  });

  it("come later than the workout, which is then made again", () => {
    const parts = partsOf(daySamples);
    const heartRates = parts.find(({ key }) => key.endsWith("HeartRate"));
    expect(heartRates && samplesCompanions(heartRates)).toContainEqual({
      resource: "workouts",
      key: "2026-01-10",
    });
    expect(heartRates && samplesCompanions(heartRates)).toContainEqual({
      resource: "workouts",
      key: "2026-01-09",
    });
  });

  it("of a workout over midnight are those of both days", () => {
    const late = workout("2026-01-10T23:30/2026-01-11T00:30");
    const made = madeOf(late, [
      quantity("HeartRate", "2026-01-10T23:40", 100),
      quantity("HeartRate", "2026-01-11T00:10", 110),
    ]);
    expect(made.heart_rate_data?.summary?.avg_hr_bpm).toBe(105);
  });
});

describe("the workouts of a day", () => {
  it("are all there, those named Other too", () => {
    const all = Array.from({ length: 36 }, (_, index) => {
      const start = String(index % 24).padStart(2, "0");
      const day = index < 24 ? "10" : "11";
      const activity = index % 2 === 0 ? { activityType: 3_000, activityName: "Other" } : {};
      return workout(`2026-01-${day}T${start}:00/${start}:30`, activity);
    });
    const made = makeAll("activity", partsOf([], all));
    expect(made.size).toBe(36);
    expect(
      [...made.values()].filter(({ metadata: { name, type } }) => name === "Other" && type === 108),
    ).toHaveLength(18);
  });

  it("that two formats tell are one", () => {
    const told = workout(hour, { uuid: "a1", activityName: "Outdoor Run", source: phone });
    expect(makeAll("activity", partsOf([], [workout(hour), told])).size).toBe(1);
  });

  it("are those of the person's sources alone", () => {
    const ignored = {
      resource: "settings",
      key: "connection",
      value: [{ zone: null, priority: [], ignored: ["com.example.steps"], withBirthDate: false }],
    };
    expect(makeAll("activity", [...partsOf([], [workout(hour, { source: app })]), ignored]).size).toBe(0);
  });
});

describe("the type of a workout", () => {
  it.each<[Partial<Workout>, ActivityType]>([
    [{ activityType: 37 }, 8],
    [{ activityType: 37, isIndoor: true }, 133],
    [{ activityType: 37, metadata: { HKIndoorWorkout: "1" } }, 133],
    [{ activityType: 13, isIndoor: true }, 18],
    [{ activityType: 52, isIndoor: true }, 95],
    [{ activityType: 35, isIndoor: true }, 54],
    [{ activityType: 46 }, 82],
    [{ activityType: 46, metadata: { HKSwimmingLocationType: "1" } }, 83],
    [{ activityType: 46, metadata: { location: "Open Water" } }, 84],
    [{ activityType: 20 }, 80],
    [{ activityType: 63 }, 114],
    [{ activityType: 57 }, 100],
    [{ activityType: 7 }, 108],
    [{ activityType: 9_999 }, 108],
    [{ activityType: null, activityName: "Vélo en salle" }, 108],
    [{ activityType: null, samples: [quantity("DistanceCycling", hour, 1)] }, 1],
    [{ activityType: null, statistics: [statistic("DistanceSwimming", { sum: 1 })] }, 82],
  ])("of %j is %i", (told, type) => {
    expect(madeOf(workout(hour, told)).metadata.type).toBe(type);
  });

  it("leaves a translated name as it is", () => {
    const made = madeOf(workout(hour, { activityType: null, activityName: "Vélo en salle" }));
    expect(made.metadata.name).toBe("Vélo en salle");
    expect(made.device_data?.name).toBe(watch.name);
  });

  it("is Other without a name", () => {
    const made = madeOf(workout(hour, { activityType: null, activityName: null }));
    expect([made.metadata.type, made.metadata.name]).toEqual([108, null]);
  });
});

describe("a workout that is gone", () => {
  it("makes no record", () => {
    expect(make("activity", "2026-01-10/1768035600-1768039200", partsOf([]))).toBeNull();
  });
});
