import { expect, test } from "vitest";
import { readCodes, readDate } from "./search.ts";

const concept = { coding: [{ system: "http://loinc.org", code: "8867-4" }] };

test.each([
  ["8867-4", true],
  ["http://loinc.org|8867-4", true],
  ["http://loinc.org|", true],
  ["1-8,8867-4", true],
  ["|8867-4", false],
  ["http://example.com|8867-4", false],
  ["8867", false],
])("code=%s", (text, isFound) => {
  expect(readCodes(text)?.(concept)).toBe(isFound);
});

test.each(["", "|", "8867-4,"])("code=%j is refused", (text) => {
  expect(readCodes(text)).toBeNull();
});

const morning = { effectiveDateTime: "2026-03-01T00:30:00+02:00" };
const night = { effectivePeriod: { start: "2026-02-28T23:00:00+02:00", end: "2026-03-01T07:00:00+02:00" } };

test.each([
  ["2026-03-01", morning, true],
  ["eq2026-02-28", morning, false],
  ["eq2026-02-28T22:30:00Z", morning, true],
  ["eq2026-02-28T22:30:01Z", morning, false],
  ["2026-03", morning, true],
  ["2026", morning, true],
  ["gt2026-03-01", morning, false],
  ["ge2026-03-01", morning, true],
  ["lt2026-03-01", morning, false],
  ["le2026-03-01", morning, true],
  ["lt2026-03-02", morning, true],
  ["eq2026-03-01", night, false],
  ["ge2026-03-01", night, true],
  ["gt2026-02-28", night, true],
  ["le2026-02-28", night, true],
  ["lt2026-02-28", night, false],
  ["2026-03-01", { effectiveDateTime: "2026-03-01" }, true],
])("date=%s of %j", (text, effective, isFound) => {
  expect(readDate(text)?.test(effective)).toBe(isFound);
});

test.each(["", "ge", "ne2026-03-01", "2026-02-30", "2026-3-1", "2026-03T10:00", "2026-03-01T25:00", "now"])(
  "date=%j is refused",
  (text) => {
    expect(readDate(text)).toBeNull();
  },
);

test("the days of a date are wide enough for every offset", () => {
  expect(readDate("2026-03-01")).toMatchObject({ from: "2026-02-27", to: "2026-03-04" });
  expect(readDate("ge2026-03-01")).toMatchObject({ from: "2026-02-27", to: null });
  expect(readDate("le9999")).toMatchObject({ from: null, to: null });
});
