import { describe, expect, it } from "vitest";
import type { Granularity } from "./headers.ts";
import { readOtherMetric } from "./other-metrics.ts";

const read = (name: string, told: object, hint: Granularity | null = null) =>
  readOtherMetric(
    { name, units: "", data: [{ date: "2026-01-10 09:00:00 +0100", ...told }] },
    hint,
  )?.samples.map(({ type, startMs, endMs, value, metadata }) => [
    type.slice("HKCategoryTypeIdentifier".length),
    (endMs - startMs) / 1_000,
    value,
    metadata,
  ]);

describe("a metric of events", () => {
  // Fourteen hours stood are not one.
  it("of hours stood is an hour, or a day with their number", () => {
    expect(read("apple_stand_hour", { qty: 1 })).toEqual([["AppleStandHour", 3_600, 0, { qty: 1 }]]);
    expect(read("apple_stand_hour", { qty: 0 })).toEqual([["AppleStandHour", 3_600, 1, { qty: 0 }]]);
    const day = { date: "2026-01-10 00:00:00 +0100", qty: 14 };
    expect(read("apple_stand_hour", day, "day")).toEqual([["AppleStandHour", 86_400, 0, { qty: 14 }]]);
  });

  it("lasts as long as its quantity says", () => {
    expect(read("mindful_minutes", { qty: 10 })).toEqual([["MindfulSession", 600, 0, { qty: 10 }]]);
    expect(read("handwashing", { qty: 21, value: "Complete" })).toEqual([
      ["HandwashingEvent", 21, 0, { qty: 21, value: "Complete" }],
    ]);
  });

  it("is one sample for each kind that was counted", () => {
    const told = { Unspecified: 0, "Protection Used": 1, "Protection Not Used": 2 };
    expect(read("sexual_activity", told)).toEqual([
      ["SexualActivity", 0, 0, { HKSexualActivityProtectionUsed: 1, qty: 1 }],
      ["SexualActivity", 0, 0, { HKSexualActivityProtectionUsed: 0, qty: 2 }],
    ]);
  });

  it("of another name is left to other readers", () => {
    expect(read("step_count", { qty: 1 })).toBeUndefined();
    expect(read("constructor", { qty: 1 })).toBeUndefined();
  });
});
