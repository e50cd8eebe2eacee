import { readFitMessages } from "fit-file-parser";
import { describe, expect, it } from "vitest";
import {
  type Activity,
  ActivityType,
  type Body,
  complete,
  type Daily,
  type DataType,
  type ModelOf,
  type Sleep,
} from "../../models/index.ts";
import type { ExportableRecord } from "../contract.ts";
import { fit } from "./index.ts";
import { fitSport } from "./sports.ts";
import { parser } from "./testing/parser.ts";

const settings = { fhirBase: "https://example.com/fhir", birthDate: false };

function write<Type extends DataType>(type: Type, partial: ModelOf[Type], naturalKey = "key") {
  const person = { userId: "2f1c6a52-0c5b-4b5a-9b60-5d6b1f6a1e57", referenceId: null, provider: "POLAR" };
  const record = {
    ...person,
    type,
    naturalKey,
    revision: 1,
    data: complete(type, partial),
  } as ExportableRecord;
  return fit.write(record, settings);
}

const at = (time: string) => `2026-02-01T${time}+01:00`;
const workout: Activity["metadata"] = {
  summary_id: "one",
  start_time: at("10:00:00.500000"),
  end_time: at("11:00:00.250000"),
  type: ActivityType.Running,
  upload_type: 1,
};
const day = { start_time: at("00:00:00"), end_time: "2026-02-02T00:00:00+01:00" };

/** Returns the messages of the only file, and what was left out. */
function read<Type extends DataType>(type: Type, partial: ModelOf[Type]) {
  const exported = write(type, partial);
  const [file, ...more] = exported?.content ?? [];
  if (!exported || !file || more.length > 0) throw new Error("not one file");
  return { messages: parser(file.bytes), leftOut: exported.leftOut };
}

describe("an activity", () => {
  it("without samples is a valid file with a lap, a session and an activity", () => {
    const { messages, leftOut } = read("activity", { metadata: workout } as Activity);
    expect(messages.session).toMatchObject([
      {
        start_time: "2026-02-01T09:00:00.000Z",
        timestamp: "2026-02-01T10:00:00.000Z",
        total_elapsed_time: 3_599.75,
        total_timer_time: 3_599.75,
        sport: "running",
        num_laps: 1,
      },
    ]);
    expect(messages.lap?.length).toBe(1);
    expect(messages.activity).toMatchObject([
      { num_sessions: 1, local_timestamp: "2026-02-01T11:00:00.000Z" },
    ]);
    expect(messages.record).toBeUndefined();
    expect(leftOut).toEqual([]);
  });

  it("is the same file each time, and another for another record", () => {
    const made = (key: string) => write("activity", { metadata: workout } as Activity, key)?.bytes;
    expect(made("a")).toEqual(made("a"));
    expect(made("a")).not.toEqual(made("b"));
  });

  it("leaves out what FIT cannot hold, and names it", () => {
    const sample = (bpm: number, time: string | null) => ({ bpm, timestamp: time });
    const { messages, leftOut } = read("activity", {
      metadata: workout,
      distance_data: { summary: { distance_meters: -3 } },
      heart_rate_data: {
        summary: { avg_hr_bpm: Number.NaN, max_hr_bpm: 255, min_hr_bpm: 254 },
        detailed: {
          hr_samples: [
            sample(100, at("10:00:01.200000")),
            sample(101, at("10:00:01.700000")),
            sample(102, null),
            sample(300, at("10:00:03")),
            sample(103, "2026-02-31T10:00:00Z"),
            sample(104, "1980-01-01T10:00:00Z"),
          ],
        },
      },
      active_durations_data: { activity_seconds: -5 },
      lap_data: { laps: [{ start_time: at("10:10:00"), end_time: at("10:05:00") }] },
    } as Activity);
    expect(messages.record).toMatchObject([{ heart_rate: 100 }]);
    expect(messages.session?.[0]).toMatchObject({ min_heart_rate: 254, total_timer_time: 3_599.75 });
    expect(messages.session?.[0]).not.toHaveProperty("max_heart_rate");
    expect(messages.session?.[0]).not.toHaveProperty("total_distance");
    expect(leftOut.map(({ field }) => field).sort()).toEqual([
      "active_durations_data.activity_seconds",
      "distance_data.summary.distance_meters",
      "heart_rate_data.detailed.hr_samples[].bpm",
      "heart_rate_data.detailed.hr_samples[].bpm",
      "heart_rate_data.detailed.hr_samples[].bpm",
      "heart_rate_data.summary.avg_hr_bpm",
      "heart_rate_data.summary.max_hr_bpm",
      "lap_data.laps",
    ]);
  });

  it("has one series of laps where several overlap: those that the person pressed for", () => {
    const lap = (from: string, to: string, trigger_method: string | null) => ({
      start_time: at(from),
      end_time: at(to),
      trigger_method,
    });
    const overlapping = [
      lap("10:01:00", "10:20:00", "MANUAL"),
      lap("10:20:00", "10:59:00", "MANUAL"),
      lap("10:01:00", "10:05:00", "UNSPECIFIED"),
      lap("10:05:00", "10:25:00", "UNSPECIFIED"),
    ];
    const made = (laps: readonly object[]) =>
      read("activity", { metadata: workout, lap_data: { laps } } as unknown as Activity);
    const { messages, leftOut } = made(overlapping);
    expect(messages.lap?.map(({ lap_trigger }) => lap_trigger)).toEqual(["manual", "manual"]);
    expect(leftOut).toEqual([
      { field: "lap_data.laps", reason: "a lap of another kind, which overlaps others (2 times)" },
    ]);
    // Kinds that follow each other are one series.
    const following = [lap("10:01:00", "10:20:00", "DISTANCE"), lap("10:20:00", "10:59:00", "MANUAL")];
    expect(made(following).messages.lap).toHaveLength(2);
  });

  it("that ends before it starts has no duration, and without any time is no file", () => {
    const ends = { ...workout, end_time: at("09:00:00") };
    const { messages, leftOut } = read("activity", { metadata: ends } as Activity);
    expect(messages.session).toMatchObject([{ total_elapsed_time: 0, total_timer_time: 0 }]);
    expect(leftOut).toEqual([{ field: "metadata.end_time", reason: "no time, or one before the start" }]);
    const never = { ...workout, start_time: "never", end_time: "" };
    expect(write("activity", { metadata: never } as Activity)).toBeNull();
  });

  it("in a pool has a length for each lap of one, each before its lap", () => {
    const lap = (from: string, to: string, metres: number) => ({
      start_time: at(from),
      end_time: at(to),
      distance_meters: metres,
      stroke_type: "butterfly",
    });
    const exported = write("activity", {
      metadata: { ...workout, type: ActivityType.SwimmingInPool },
      distance_data: { summary: { swimming: { pool_length_meters: 25, num_laps: 4, num_strokes: 60 } } },
      lap_data: {
        laps: [
          lap("10:01:00", "10:02:00", 25),
          lap("10:02:00", "10:03:00", 25),
          lap("10:03:00", "10:05:00", 50),
        ],
      },
    } as Activity);
    const messages = parser(exported?.bytes ?? new Uint8Array());
    expect(messages.length).toMatchObject([
      { swim_stroke: "butterfly", total_elapsed_time: 60, length_type: "active" },
      { swim_stroke: "butterfly", start_time: "2026-02-01T09:02:00.000Z" },
    ]);
    expect(messages.lap?.map(({ num_lengths }) => num_lengths)).toEqual([1, 1, 2]);
    expect(messages.session).toMatchObject([{ pool_length: 25, num_lengths: 4, total_cycles: 60 }]);
    const order = readFitMessages(exported?.bytes ?? new Uint8Array()).messages;
    expect(
      order.map(({ globalMessageNumber }) => globalMessageNumber).filter((one) => [19, 101].includes(one)),
    ).toEqual([101, 19, 101, 19, 19]);
  });

  it("in a pool has the lengths of the provider's own file, where the record has them", () => {
    const length = (second: number, more: object) => ({
      timestamp: `2026-02-01T09:01:${second + 25}.000Z`,
      start_time: `2026-02-01T09:01:${second}.000Z`,
      total_elapsed_time: 20.5,
      total_timer_time: 20,
      ...more,
    });
    const lengths = [
      length(10, { total_strokes: 12, avg_speed: 1.25, swim_stroke: "freestyle", length_type: "active" }),
      length(31, {
        total_strokes: 14,
        avg_swimming_cadence: 30,
        swim_stroke: "drill",
        length_type: "active",
      }),
      length(52, { length_type: "idle" }),
      { ...length(55, { length_type: "active" }), start_time: "never" },
      null,
    ];
    const lap = { start_time: at("10:01:10"), end_time: at("10:02:12.500000"), distance_meters: 50 };
    const swim = {
      metadata: { ...workout, type: ActivityType.SwimmingInPool },
      distance_data: { summary: { swimming: { pool_length_meters: 25 } } },
      lap_data: { laps: [{ ...lap, start_time: at("10:00:05"), end_time: at("10:01:10") }, lap] },
      provider_data: { polar: { sample_clock: { basis: "recorded" }, "exercise-fit": { length: lengths } } },
    };
    const { messages } = read("activity", swim as unknown as Activity);
    expect(messages.length).toMatchObject([
      {
        start_time: "2026-02-01T09:01:10.000Z",
        timestamp: "2026-02-01T09:01:30.000Z",
        total_elapsed_time: 20.5,
        total_timer_time: 20,
        total_strokes: 12,
        avg_speed: 1.25,
        swim_stroke: "freestyle",
        length_type: "active",
      },
      { swim_stroke: "drill", avg_swimming_cadence: 30, total_strokes: 14 },
      { length_type: "idle" },
    ]);
    expect(messages.length?.[2]).not.toHaveProperty("total_strokes");
    expect(messages.lap?.map(({ num_lengths }) => num_lengths)).toEqual([undefined, 3]);
    expect(messages.lap?.[1]).toMatchObject({ first_length_index: 0 });
    const run = { ...swim, metadata: workout };
    expect(read("activity", run as unknown as Activity).messages.length).toBeUndefined();
  });

  it("has the time in each zone at the zone's number", () => {
    const zone = (number: number, seconds: number, end: number) => ({
      zone: number,
      duration_seconds: seconds,
      end_percentage: end,
    });
    const { messages } = read("activity", {
      metadata: workout,
      heart_rate_data: {
        summary: { user_max_hr_bpm: 200, hr_zone_data: [zone(1, 90.5, 70), zone(0, 30, 60)] },
      },
    } as Activity);
    expect(messages.time_in_zone).toMatchObject([
      { time_in_hr_zone: [30, 90.5], hr_zone_high_boundary: [120, 140], max_heart_rate: 200 },
    ]);
    expect(messages.session).toMatchObject([{ time_in_hr_zone: [30, 90.5] }]);
  });

  it("has a sport of its own for each type of activity", () => {
    const generic = Object.entries(ActivityType).flatMap(([name, type]) =>
      fitSport(type).sport === 0 ? [name] : [],
    );
    // Nothing in FIT's list is near to these.
    expect(generic).toEqual([
      "Still",
      "Unknown",
      "Tilting",
      "Fencing",
      "Gardening",
      "Housework",
      "Skateboarding",
      "Other",
      "Elevator",
      "Escalator",
    ]);
    expect(fitSport(ActivityType.TreadmillRunning)).toEqual({ sport: 1, subSport: 1 });
    expect(fitSport(9_999)).toEqual({ sport: 0, subSport: 0 });
  });
});

it("a day has its steps, energy and heart rate in a monitoring file", () => {
  const { messages, leftOut } = read("daily", {
    metadata: { ...day, upload_type: 1 },
    distance_data: {
      steps: 10_001,
      distance_meters: 7_000.5,
      detailed: { step_samples: [{ timestamp: at("09:00:00"), steps: 400 }] },
    },
    calories_data: { total_burned_calories: 2_500, net_activity_calories: 700, BMR_calories: 1_800 },
    active_durations_data: { activity_seconds: 5_400.5, moderate_intensity_seconds: 1_800 },
    heart_rate_data: {
      summary: { resting_hr_bpm: 52 },
      detailed: { hr_samples: [{ timestamp: at("08:00:00"), bpm: 61 }] },
    },
  } as Daily);
  // The parser scales steps as cycles of no particular activity: by two.
  expect(messages.monitoring).toMatchObject([
    { timestamp: "2026-02-01T07:00:00.000Z", heart_rate: 61 },
    { timestamp: "2026-02-01T08:00:00.000Z", activity_type: "walking", cycles: 200 },
    { timestamp: "2026-02-01T23:00:00.000Z", activity_type: "walking", cycles: 5_000.5, distance: 7_000.5 },
    { calories: 2_500, active_calories: 700, active_time: 5_400.5, moderate_activity_minutes: 30 },
  ]);
  expect(messages.monitoring_info).toMatchObject([{ resting_metabolic_rate: 1_800 }]);
  expect(messages.monitoring_hr_data).toMatchObject([{ current_day_resting_heart_rate: 52 }]);
  expect(leftOut).toEqual([]);
});

it("a night has its stages, HRV and breaths", () => {
  const { messages } = read("sleep", {
    metadata: { ...day, summary_id: "night", upload_type: 2 },
    sleep_durations_data: {
      awake: { num_wakeup_events: 3 },
      hypnogram_samples: [4, 5, 6, 1, 3, 2].map((level, hour) => ({
        timestamp: at(`0${hour}:00:00`),
        level,
      })),
    },
    heart_rate_data: {
      summary: { avg_hrv_rmssd: 50.25 },
      detailed: { hrv_samples_rmssd: [{ timestamp: at("01:05:00"), hrv_rmssd: 42.5 }] },
    },
    respiration_data: { breaths_data: { samples: [{ timestamp: at("01:05:00"), breaths_per_min: 14.25 }] } },
    temperature_data: { delta: -0.25 },
    scores: { sleep: 81 },
  } as Sleep);
  expect(messages.sleep_level?.map(({ sleep_level }) => sleep_level)).toEqual([
    "light",
    "deep",
    "rem",
    "awake",
    "awake",
    "unmeasurable",
  ]);
  expect(messages.hrv_value).toMatchObject([{ value: 42.5 }]);
  expect(messages.hrv_status_summary).toMatchObject([{ last_night_average: 50.25 }]);
  expect(messages.respiration_rate).toMatchObject([{ respiration_rate: 14.25 }]);
  expect(messages.skin_temp_overnight).toMatchObject([{ average_deviation: -0.25 }]);
  expect(messages.sleep_assessment).toMatchObject([{ overall_sleep_score: 81, awakenings_count: 3 }]);
});

describe("a body", () => {
  const measured: Body = {
    metadata: day,
    measurements_data: {
      measurements: [
        { measurement_time: at("07:00:00"), weight_kg: 71.234, height_cm: 180, bone_mass_g: 3_100 },
      ],
    },
    blood_pressure_data: {
      blood_pressure_samples: [{ timestamp: at("07:05:00"), systolic_bp: 121, diastolic_bp: 79 }],
    },
    heart_data: {
      rr_interval_samples: Array.from({ length: 7 }, (_, second) => ({
        timestamp: at(`07:10:0${second}`),
        rr_interval_ms: 800 + second,
        hr_bpm: 75,
      })),
    },
  } as Body;

  it("is a file of each kind, and the files are chained", () => {
    const exported = write("body", measured);
    const [weight, pressure, heart] = exported?.content ?? [];
    expect(exported?.content.map(({ kind }) => kind)).toEqual(["weight", "blood_pressure", "monitoring"]);
    expect(exported?.bytes).toEqual(Buffer.concat(exported?.content.map(({ bytes }) => bytes) ?? []));
    expect(parser(weight?.bytes ?? new Uint8Array())).toMatchObject({
      file_id: [{ type: "weight" }],
      weight_scale: [{ weight: 71.23, bone_mass: 3.1, timestamp: "2026-02-01T06:00:00.000Z" }],
      user_profile: [{ height: 1.8 }],
    });
    expect(parser(pressure?.bytes ?? new Uint8Array())).toMatchObject({
      file_id: [{ type: "blood_pressure" }],
      blood_pressure: [{ systolic_pressure: 121, diastolic_pressure: 79 }],
    });
    expect(parser(heart?.bytes ?? new Uint8Array()).hrv).toMatchObject([
      { time: [0.8, 0.801, 0.802, 0.803, 0.804] },
      { time: [0.805, 0.806] },
    ]);
  });

  it("with nothing that FIT has a field for is no file", () => {
    const glucose = { day_avg_blood_glucose_mg_per_dL: 90 };
    expect(write("body", { metadata: day, glucose_data: glucose } as Body)).toBeNull();
  });
});
