import { describe, expect, it } from "vitest";
import type { Granularity } from "./headers.ts";
import { readMetric } from "./metrics.ts";

const minutes = (name: string, dates: readonly string[], hint: Granularity | null = null) =>
  readMetric({ name, units: "count", data: dates.map((date) => ({ date, qty: 1 })) }, hint)?.samples.map(
    ({ startMs, endMs }) => (endMs - startMs) / 60_000,
  );
const weights = (dates: readonly string[], hint: Granularity | null) =>
  readMetric(
    { name: "weight_body_mass", units: "kg", data: dates.map((date) => ({ date, qty: 70 })) },
    hint,
  )?.samples.map(({ startMs, endMs }) => (endMs - startMs) / 60_000);

describe("a row that tells only its beginning", () => {
  it("stands for a local day where every row is at midnight", () => {
    expect(minutes("step_count", ["2026-01-10 00:00:00 +0100"])).toEqual([1_440]);
    expect(weights(["2026-01-10 00:00:00 +0100", "2026-01-11 00:00:00 +0100"], "day")).toEqual([
      1_440, 1_440,
    ]);
  });

  it("stands for a day of 23 hours where the next day's row shows that clocks were moved", () => {
    const days = ["2026-03-29 00:00:00 +0100", "2026-03-30 00:00:00 +0200"];
    expect(minutes("step_count", days)).toEqual([23 * 60, 1_440]);
  });

  it("stands for an hour, or for a minute, where sums are made of them", () => {
    const hours = ["2026-01-10 00:00:00 +0100", "2026-01-10 01:00:00 +0100"];
    expect(minutes("step_count", hours)).toEqual([60, 60]);
    expect(minutes("step_count", ["2026-01-10 09:00:00 +0100"], "hour")).toEqual([60]);
    expect(minutes("step_count", [...hours, "2026-01-10 01:07:00 +0100"])).toEqual([1, 1, 1]);
  });

  it("stands for a moment where the header's length does not fit its rows", () => {
    expect(weights(["2026-01-10 07:03:12 +0100"], "day")).toEqual([0]);
    expect(weights(["2026-01-10 07:00:00 +0100"], null)).toEqual([0]);
  });
});
