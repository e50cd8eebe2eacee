import { describe, expect, it } from "vitest";
import { quantityTypes } from "../../healthkit/quantity-types.ts";
import { quantityMetrics, quantityOf } from "./metric-names.ts";
import { readMetric } from "./metrics.ts";

const at = (date: string) => ({ date, source: "Apple\u00a0Watch" });
const values = (name: string, units: string, ...data: unknown[]) =>
  readMetric({ name, units, data })?.samples.map(({ value }) => value);

describe("a metric", () => {
  it.each(quantityMetrics)("%s stands for a quantity type of HealthKit", (name) => {
    expect(quantityTypes.has(quantityOf(name) ?? "")).toBe(true);
  });

  it("has its instant, its offset and its source in plain letters", () => {
    const [sample] =
      readMetric({
        name: "step_count",
        units: "count",
        data: [
          { ...at("2026-01-10 09:00:00 +0100"), qty: 103.4781, source: "Ada\u2019s Apple\u00a0Watch|iPhone" },
        ],
      })?.samples ?? [];
    expect(sample).toMatchObject({
      type: "HKQuantityTypeIdentifierStepCount",
      startMs: Date.parse("2026-01-10T08:00:00Z"),
      endMs: Date.parse("2026-01-10T08:01:00Z"),
      value: 103.4781,
      offsetMinutes: 60,
      source: { name: "Ada's Apple Watch|iPhone" },
      isAggregate: true,
    });
  });

  it("is converted from the units of the person's settings", () => {
    const date = at("2026-01-10 09:00:00 +0100");
    expect(values("active_energy", "kJ", { ...date, qty: 4.184 })).toEqual([1]);
    expect(values("walking_running_distance", "mi", { ...date, qty: 1 })).toEqual([1_609.344]);
    expect(values("blood_oxygen_saturation", "%", { ...date, qty: 96 })).toEqual([0.96]);
    expect(values("heart_rate_variability", "ms", { ...date, qty: 47 })).toEqual([0.047]);
  });

  it("has the mean of a period as value, and its smallest and largest beside it", () => {
    const data = [{ ...at("2026-01-10 09:05:00 +0100"), Min: 70, Avg: 74.5, Max: 79 }];
    const [sample] = readMetric({ name: "heart_rate", units: "bpm", data })?.samples ?? [];
    expect(sample).toMatchObject({ value: 74.5, metadata: { Min: 70, Max: 79 } });
  });

  it("keeps what was noted beside a value by HealthKit's numbers, and a translated word as written", () => {
    const metadata = (name: string, units: string, told: object) =>
      readMetric({ name, units, data: [{ ...at("2026-01-10 08:00:00 +0100"), qty: 4, ...told }] })?.samples[0]
        ?.metadata;
    expect(metadata("blood_glucose", "mg/dL", { mealTime: "Before Meal" })).toEqual({
      HKBloodGlucoseMealTime: 1,
    });
    expect(metadata("insulin_delivery", "IU", { reason: "Bolus" })).toEqual({ HKInsulinDeliveryReason: 2 });
    expect(metadata("insulin_delivery", "IU", { reason: "B\u00f6lus" })).toEqual({
      HKInsulinDeliveryReason: "B\u00f6lus",
    });
  });

  it("of blood pressure is two quantities", () => {
    const data = [{ ...at("2026-01-10 07:10:00 +0100"), systolic: 121, diastolic: 79 }];
    const samples = readMetric({ name: "blood_pressure", units: "mmHg", data })?.samples ?? [];
    expect(samples.map(({ type, value }) => [type.slice(24), value])).toEqual([
      ["BloodPressureSystolic", 121],
      ["BloodPressureDiastolic", 79],
    ]);
  });

  it("loses only the values that cannot be read", () => {
    const good = { ...at("2026-01-10 09:00:00 +0100"), qty: "12,5" };
    const data = [good, { ...good, date: "soon" }, null, { ...good, qty: {} }, "text"];
    const read = readMetric({ name: "step_count", units: "count", data });
    expect(read).toMatchObject({ samples: [{ value: 12.5 }], unreadable: ["data[].date", "data[].qty"] });
  });

  it("of an unknown unit has no value, and is counted", () => {
    const data = [{ ...at("2026-01-10 09:00:00 +0100"), qty: 1 }];
    expect(readMetric({ name: "step_count", units: "furlong", data })).toEqual({
      samples: [],
      unreadable: ["data[].qty"],
    });
  });

  it("of another kind is left to other readers", () => {
    expect(readMetric({ name: "sleep_analysis", units: "hr", data: [] })).toBeNull();
    expect(readMetric({ name: "constructor", units: "", data: [] })).toBeNull();
  });
});
