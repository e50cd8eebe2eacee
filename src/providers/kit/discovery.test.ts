import { expect, it } from "vitest";
import { byDay, daysOf, parseRange, ranged, rangeKey, single } from "./discovery.ts";

it.each([
  ["2025-09-01..2025-09-28", { from: "2025-09-01", to: "2025-09-28" }],
  ["2025-09-28..2025-09-01", null],
  ["2025-02-30..2025-03-01", null],
  ["2025-09-01..2025-09-02..2025-09-03", null],
  ["2025-09-01", null],
  ["*", null],
])("the range of %s", (key, expected) => expect(parseRange(key)).toEqual(expected));

it("a date asks for its own day", () => {
  expect(daysOf("2025-09-01")).toEqual({ from: "2025-09-01", to: "2025-09-01" });
  expect(daysOf(rangeKey("2025-09-01", "2025-09-02"))).toEqual({ from: "2025-09-01", to: "2025-09-02" });
  expect(daysOf("current")).toBeNull();
});

it("ways of discovery make their own keys", () => {
  const days = ranged({ reachDays: 90, announced: false, daysPerCall: 30 });
  expect(days.key("2025-09-01", "2025-09-30")).toBe("2025-09-01..2025-09-30");
  expect(byDay({ reachDays: 90, announced: false }).key("2025-09-01", "2025-09-01")).toBe("2025-09-01");
  expect(single(true).key("2025-09-01", "2025-09-30")).toBe("current");
});
