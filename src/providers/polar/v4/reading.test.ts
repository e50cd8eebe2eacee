import { describe, expect, it } from "vitest";
import {
  createdMs,
  int64,
  midnightOf,
  millis,
  parseSeconds,
  seconds,
  secondsOf,
  sessionTime,
  wordOf,
} from "./reading.ts";

describe("numbers of v4", () => {
  it("are texts or numbers", () => {
    expect(int64.parse("38013925")).toBe(38_013_925);
    expect(int64.parse(27_000_000)).toBe(27_000_000);
    expect(int64.parse(null)).toBeNull();
    expect(millis.parse("168000")).toBe(168_000);
  });

  it("are unreadable where they are none, or not exact", () => {
    for (const value of ["", "soon", "0x10", "1.5", "9007199254740993", true, [1]])
      expect(int64.safeParse(value).success, String(value)).toBe(false);
    for (const value of ["", "80s", null, Number.POSITIVE_INFINITY, 1e18])
      expect(millis.safeParse(value).success, String(value)).toBe(false);
  });
});

describe("durations of v4", () => {
  it.each([
    ["0s", 0],
    ["5070s", 5_070_000],
    ["0.941s", 941],
    ["1.5s", 1_500],
    ["0.000000500s", 0.0005],
    ["-30s", -30_000],
    ["-0s", 0],
  ])("%s is %d ms", (text, ms) => {
    expect(parseSeconds(text)).toBe(ms);
  });

  it.each(["", "5070", "5070 s", "PT5070S", "1.s", "s", "1e3s", "999999999999s", "5070S"])(
    "refuses %j",
    (text) => {
      expect(seconds.safeParse(text).success).toBe(false);
    },
  );

  it("are seconds in records", () => {
    expect(secondsOf("5070s")).toBe(5_070);
    expect(secondsOf(null)).toBeNull();
  });
});

describe("words and times of v4", () => {
  it("have no prefix in records", () => {
    expect(wordOf("SLEEP_STATE_", "SLEEP_STATE_NON_REM2")).toBe("NON_REM2");
    expect(wordOf("SLEEP_STATE_", "HEART_RATE")).toBe("HEART_RATE");
    expect(wordOf("SLEEP_STATE_", "")).toBeNull();
  });

  it("a session's time is local, and its offset stands beside it", () => {
    const localMs = Date.UTC(2026, 9, 6, 18, 30);
    expect(sessionTime("2026-10-06T18:30:00", 120)).toEqual({ localMs, offsetMinutes: 120 });
    expect(sessionTime("2026-10-06T18:30:00", undefined)).toEqual({ localMs, offsetMinutes: null });
    expect(sessionTime("2026-10-06T18:30:00+03:00", 120)).toEqual({ localMs, offsetMinutes: 180 });
  });

  it("created and modified are UTC", () => {
    expect(createdMs("2026-10-06T10:19:00")).toBe(Date.UTC(2026, 9, 6, 10, 19));
    expect(createdMs("2026-10-06T10:19:00+02:00")).toBe(Date.UTC(2026, 9, 6, 8, 19));
  });

  it("a day's samples count from local midnight", () => {
    expect(midnightOf("2026-10-06") + 168_000).toBe(Date.UTC(2026, 9, 6, 0, 2, 48));
  });
});
