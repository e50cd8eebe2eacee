import { describe, expect } from "vitest";
import { exportOf } from "../../../src/providers/apple/formats/export/testing/read.ts";
import type { Arrived } from "../../../src/providers/apple/formats/testing/folded.ts";
import { band, exported, metric, neutral, phone, quantity, records, sdk, steps, watch } from "./bodies.ts";
import { failure } from "./failures.ts";

const day = "2026-01-10";
const count = (span: string, value: number, source: object = watch) =>
  quantity("StepCount", `${day}T${span}`, value, "count", source);
const energy = (span: string, value: number, source: object = watch) =>
  quantity("ActiveEnergyBurned", `${day}T${span}`, value, "kcal", source);
const caloriesOf = (...bodies: readonly Arrived[]) =>
  records("daily", ...bodies).get(day)?.calories_data?.net_activity_calories;
const row = (time: string, value: number, more: string) =>
  `<Record type="HKQuantityTypeIdentifierStepCount" unit="count" startDate="${day} ${time}:00 +0100" endDate="${day} ${time}:30 +0100" value="${value}" ${more}/>`;

describe("double counting", () => {
  failure(1, "it is one sample by HealthKit's id", () => {
    const record = {
      id: "0000000A-0000-4000-8000-000000000001",
      type: "HKQuantityTypeIdentifierStepCount",
      startDate: "2026-01-10T08:00:00Z",
      endDate: "2026-01-10T08:05:00Z",
      value: 120,
      unit: "count",
    };
    const sync = sdk({ records: [record, record] });
    expect(steps(sync, sync)).toEqual({ [day]: 120 });
  });

  failure(2, "rows that are equal count once", async () => {
    const repeated = row("09:00", 500, 'sourceName="Watch"');
    const other = row("09:01", 30, 'sourceName="Watch"');
    expect(steps(await exported(exportOf(repeated, other, repeated)))).toEqual({ [day]: 530 });
  });

  failure(3, "the Watch's count", () => {
    const samples = [count("08:00/20:00", 12_500), count("08:00/20:00", 12_200, phone)];
    expect(steps(neutral({ samples }))).toEqual({ [day]: 12_500 });
  });

  failure(4, "the iPhone fills the hours without the Watch", () => {
    const rows = [
      { date: `${day} 09:00:00 +0100`, qty: 400, source: "Apple\u00a0Watch" },
      { date: `${day} 09:00:00 +0100`, qty: 390, source: "iPhone" },
      { date: `${day} 12:00:00 +0100`, qty: 900, source: "iPhone" },
    ];
    expect(steps(metric("step_count", "count", ...rows))).toEqual({ [day]: 1_300 });
  });

  failure(5, "metres of one time count once", () => {
    const distance = (value: number, unit: string, source: object) =>
      quantity("DistanceWalkingRunning", `${day}T09:00/10:00`, value, unit, source);
    const both = neutral({ samples: [distance(5, "km", watch), distance(4_900, "m", phone)] });
    expect(records("daily", both).get(day)?.distance_data?.distance_meters).toBe(5_000);
  });

  failure(6, "another app counts only where no device of Apple's did", () => {
    const samples = [
      count("09:00/10:00", 2_000, phone),
      count("09:00/10:00", 2_100, band),
      count("11:00/11:30", 300, band),
    ];
    expect(steps(neutral({ samples }))).toEqual({ [day]: 2_300 });
  });

  failure(7, "the sum of a whole day fills no hole", () => {
    const samples = [count("09:00/10:00", 2_000, phone), count("00:00/23:59", 9_000, band)];
    expect(steps(neutral({ samples }))).toEqual({ [day]: 2_000 });
  });

  failure(8, "the Watch fills its time, and the iPhone its share of the rest", () => {
    const samples = [
      count("09:00/09:10", 1_040),
      count("09:10/09:15", 500),
      count("09:00/09:10", 1_000, phone),
      // Half of this time is the Watch's.
      count("09:10/09:20", 600, phone),
      count("12:00/12:20", 900, phone),
    ];
    expect(steps(neutral({ samples }))).toEqual({ [day]: 1_040 + 500 + 300 + 900 });
  });

  failure(9, "typed rows count beside those of devices, which count once", () => {
    const typed = { ...count("09:00/10:00", 70, phone), metadata: { HKWasUserEntered: "1" } };
    const samples = [count("09:00/10:00", 100), count("09:00/10:00", 95, phone), typed];
    expect(steps(neutral({ samples }))).toEqual({ [day]: 170 });
  });

  failure(10, "a day that one format sums up and another tells by samples counts once", () => {
    const summed = metric("active_energy", "kJ", { date: `${day} 00:00:00 +0100`, qty: 1_255.2 });
    const single = neutral({ samples: [energy("09:00/10:00", 200), energy("18:00/19:00", 100)] });
    for (const bodies of [[summed, single], [single, summed], [single], [summed]]) {
      expect(caloriesOf(...bodies)).toBeCloseTo(300, 6);
    }
  });

  const run = {
    type: "HKWorkoutActivityTypeRunning",
    start: `${day}T09:00:00+01:00`,
    end: `${day}T10:00:00+01:00`,
    source: watch,
    statistics: [
      { type: "HKQuantityTypeIdentifierActiveEnergyBurned", unit: "kcal", sum: 600 },
      { type: "HKQuantityTypeIdentifierStepCount", unit: "count", sum: 9_000 },
    ],
  };

  failure(11, "the day's energy is that of the samples, which include the workout's", () => {
    const samples = [energy("09:00/10:00", 600), energy("12:00/13:00", 150)];
    expect(caloriesOf(neutral({ samples, workouts: [run] }))).toBe(750);
  });

  failure(12, "the day's steps are those of the samples", () => {
    const samples = [count("09:00/10:00", 9_000), count("12:00/12:30", 700)];
    expect(steps(neutral({ samples, workouts: [run] }))).toEqual({ [day]: 9_700 });
  });

  failure(13, "the day that is sent again replaces the day", () => {
    const pushed = (qty: number) =>
      metric("step_count", "count", { date: `${day} 09:00:00 +0100`, qty, source: "iPhone" });
    expect(steps(pushed(900), pushed(1_000), pushed(850))).toEqual({ [day]: 850 });
  });

  failure(14, "sums without a source add only what single samples lack", () => {
    const nameless = metric("step_count", "count", { date: `${day} 09:00:00 +0100`, qty: 40 });
    const samples = [count("09:00/09:01", 40)];
    expect(steps(nameless)).toEqual({ [day]: 40 });
    expect(steps(nameless, neutral({ samples }))).toEqual({ [day]: 40 });
  });

  failure(15, "the pointer is no part of the source", async () => {
    const rows = Array.from({ length: 73 }, (_, index) => {
      const device = `&lt;&lt;HKDevice: 0x28${index}&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,1, software:11.5&gt;`;
      const time = `${String(9 + Math.floor(index / 60)).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}`;
      return row(time, 100, `sourceName="Apple Watch" device="${device}"`);
    });
    const made = records("daily", await exported(exportOf(...rows))).get(day);
    expect(made?.distance_data?.steps).toBe(7_300);
    expect(made?.device_data).toMatchObject({ hardware_version: "Watch6,1", other_devices: [] });
  });
});
