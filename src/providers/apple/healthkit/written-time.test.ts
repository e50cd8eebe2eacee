import { describe, expect, it } from "vitest";
import { readTime } from "./written-time.ts";

describe("a written time", () => {
  it.each([
    ["2026-01-10 09:00:00 +0100", "2026-01-10T08:00:00.000Z", 60],
    ["2026-01-10 09:00:04.250 -0500", "2026-01-10T14:00:04.250Z", -300],
    ["2026-01-10 9:05:07 PM +0100", "2026-01-10T20:05:07.000Z", 60],
    ["2026-01-10 12:05:07\u202fAM +0100", "2026-01-09T23:05:07.000Z", 60],
    ["2026-01-10 12:05:07\u00a0pm +0530", "2026-01-10T06:35:07.000Z", 330],
    ["2026-01-10T09:00:00Z", "2026-01-10T09:00:00.000Z", null],
    ["2026-01-10T09:00:00+02:00", "2026-01-10T07:00:00.000Z", 120],
    ["2026-01-10", "2026-01-10T00:00:00.000Z", null],
  ])("%s is %s", (text, instant, offsetMinutes) => {
    const read = readTime(text);
    expect(new Date(read?.ms ?? Number.NaN).toISOString()).toBe(instant);
    expect(read?.offsetMinutes).toBe(offsetMinutes);
  });

  it.each([
    "",
    "yesterday",
    "2026-02-30 09:00:00 +0100",
    "2026-01-10 13:00:00 PM +0100",
    "2026-01-10 0:00:00 AM",
  ])("%j is none", (text) => expect(readTime(text)).toBeNull());
});
