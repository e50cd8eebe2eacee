import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lapsVerdict } from "./laps.ts";
import { shapeOf } from "./shape.ts";

describe("the shape of a body", () => {
  it("has each path with the kinds of its values", () => {
    const body = {
      days: [
        { date: "2031-03-04", steps: 0, goal: "27000000", sleep: "5070s", hr: 61.5 },
        { date: "2031-03-05", steps: 12, goal: "27000000", hr: null, values: ["NaN", -3] },
      ],
      empty: [],
      none: {},
    };
    expect(shapeOf(body)).toEqual([
      "days[].date: date × 2",
      "days[].goal: whole number in a text × 2",
      "days[].hr: decimal number, null",
      "days[].sleep: duration in whole seconds",
      "days[].steps: zero, whole number",
      "days[].values[]: NaN in a text, negative whole number",
      "empty: empty list",
      "none: empty object",
    ]);
    expect(shapeOf([])).toEqual(["(body): empty list"]);
  });

  it("never has a value, whatever the body", () => {
    const value = fc.oneof(
      fc.string({ minLength: 1, maxLength: 12 }).map((text) => `⟦${text}⟧`),
      fc.integer({ min: 10_000 }),
      fc.double({ noNaN: true, min: 1_000.001, max: 9e9 }),
    );
    const key = fc.constantFrom("date", "startTime", "values", "48:2a", "777777777", "a@b.c");
    const body = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        value,
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(key, tie("node")),
      ),
    })).node;
    fc.assert(
      fc.property(body, (one) => {
        const told = shapeOf(one).join("\n");
        for (const secret of valuesIn(one)) expect(told).not.toContain(secret);
        expect(told).not.toMatch(/777777777|48:2a|a@b/);
      }),
    );
  });
});

function valuesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(valuesIn);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(valuesIn);
  return [String(value)];
}

describe("the split time of laps", () => {
  const exercise = (...splits: readonly number[]) => ({
    laps: {
      laps: splits.map((splitTimeMillis) => ({ splitTimeMillis, durationMillis: 60_000 })),
      autoLaps: [],
    },
  });

  it.each([
    [exercise(0, 60_000, 120_000), "splitTimeMillis is the start of a lap."],
    [exercise(60_000, 120_000, 180_000), "splitTimeMillis is the end of a lap."],
    [exercise(60_000, 60_000, 60_000), "splitTimeMillis is neither the start nor the end of each lap."],
    [exercise(), "The session has no laps: splitTimeMillis stays open."],
  ])("is told (%#)", (given, verdict) => {
    expect(lapsVerdict([given])).toBe(verdict);
  });
});
