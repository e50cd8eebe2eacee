import { describe, expect, it } from "vitest";
import { localDay } from "./time-zone.ts";

const hours = ({ startMs, endMs }: { startMs: number; endMs: number }) => (endMs - startMs) / 3_600_000;

describe("a local day", () => {
  it.each([
    ["Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25T10:00:00Z", "2026-10-25", 25],
    ["Europe/Berlin", "2026-07-09T22:30:00Z", "2026-07-10", 24],
    ["America/New_York", "2026-01-01T03:00:00Z", "2025-12-31", 24],
    // The clocks are moved at midnight: 2026-04-24 begins at one o'clock.
    ["Africa/Cairo", "2026-04-24T10:00:00Z", "2026-04-24", 23],
    ["Australia/Lord_Howe", "2026-04-05T10:00:00Z", "2026-04-05", 24.5],
    ["UTC", "2026-01-01T00:00:00Z", "2026-01-01", 24],
  ])("in %s at %s is %s and has %d hours", (zone, instant, date, length) => {
    const day = localDay(zone, Date.parse(instant));
    expect(day.date).toBe(date);
    expect(hours(day)).toBe(length);
    expect(day.startMs).toBeLessThanOrEqual(Date.parse(instant));
    expect(day.endMs).toBeGreaterThan(Date.parse(instant));
  });
});
