import { describe, expect } from "vitest";
import { metric, neutral, quantity, records, sections, steps } from "./bodies.ts";
import { failure } from "./failures.ts";

const day = "2026-01-10";
const at = (time: string) => `${day} ${time} +0100`;
const bpm = (time: string, Avg: number) => ({
  date: at(time),
  Min: Avg,
  Avg,
  Max: Avg,
  units: "bpm",
  source: "Watch",
});

describe("workouts and values", () => {
  failure(46, "all arrive, with the name that was sent", () => {
    const workouts = Array.from({ length: 36 }, (_, index) => {
      const hour = String(Math.floor(index / 2)).padStart(2, "0");
      const [from, to] = index % 2 === 0 ? ["00", "20"] : ["30", "50"];
      return {
        id: `0000000A-0000-4000-8000-0000000000${String(index).padStart(2, "0")}`,
        name: index < 4 ? "Outdoor Walk" : "Other",
        start: at(`${hour}:${from}:00`),
        end: at(`${hour}:${to}:00`),
        metadata: { HKWeatherHumidity: "8000 %", note: index },
        heartRateData: [bpm(`${hour}:${from}:30`, 100)],
      };
    });
    const made = [...records("activity", sections({ workouts })).values()];
    expect(made).toHaveLength(36);
    expect(made.filter(({ metadata: { name, type } }) => name === "Other" && type === 108)).toHaveLength(32);
  });

  failure(47, "what was measured after the end stays out", () => {
    const workout = {
      name: "Outdoor Run",
      start: at("17:20:00"),
      end: at("17:58:30"),
      heartRateData: [bpm("17:30:00", 150), bpm("17:59:10", 120), bpm("18:00:10", 98)],
      heartRateRecovery: [bpm("17:59:10", 120), bpm("18:00:10", 98)],
    };
    const [run] = records("activity", sections({ workouts: [workout] })).values();
    expect(run?.heart_rate_data?.detailed?.hr_samples?.map((one) => one.bpm)).toEqual([150]);
    expect(run?.heart_rate_data?.summary).toMatchObject({ avg_hr_bpm: 150, min_hr_bpm: 150 });
  });

  failure(48, "it changes the day it belongs to, and its last value counts", () => {
    const resting = (qty: number) =>
      metric("resting_heart_rate", "count/min", { date: at("06:13:00"), qty, source: "Watch" });
    const restingOf = (...bodies: Parameters<typeof resting>[0][]) =>
      records("daily", ...bodies.map(resting)).get(day)?.heart_rate_data?.summary?.resting_hr_bpm;
    expect([restingOf(54), restingOf(54, 52)]).toEqual([54, 52]);
  });

  failure(49, "the day's steps are whole", () => {
    const rows = [103.47812345678912, 88.60187654321088, 7.3].map((qty, index) => ({
      date: at(`09:0${index}:00`),
      qty,
      source: "iPhone",
    }));
    expect(steps(metric("step_count", "count", ...rows))).toEqual({ [day]: 199 });
  });

  failure(50, "each value has the field of its type", () => {
    const samples = [
      quantity("HeartRate", `${day}T09:00`, 61, "count/min"),
      quantity("ActiveEnergyBurned", `${day}T09:00/10:00`, 10, "kcal"),
      // A unit of another quantity makes no value.
      quantity("ActiveEnergyBurned", `${day}T11:00/12:00`, 64, "count/min"),
    ];
    const made = records("daily", neutral({ samples })).get(day);
    expect(made?.calories_data?.net_activity_calories).toBe(10);
    expect(made?.heart_rate_data?.summary).toMatchObject({ min_hr_bpm: 61, max_hr_bpm: 61 });
  });
});
