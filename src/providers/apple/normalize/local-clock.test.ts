import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clocks,
  dateAt,
  daysBetween,
  localMs,
  possibleDates,
  possibleDatesOf,
  shiftDate,
  timeWriter,
  utcDaysOf,
} from "./local-clock.ts";
import { recordDay } from "./local-day.ts";

const unknown = { zone: null, offsetMinutes: null };
const ms = (time: string) => Date.parse(time);

describe("the clock of a reading", () => {
  it.each([
    ["its own zone", { zone: "Asia/Tokyo", offsetMinutes: 60 }, "Europe/Berlin", "zone", 540],
    ["a stated offset", { zone: null, offsetMinutes: -300 }, "Europe/Berlin", "offset", -300],
    ["the chosen zone", unknown, "Europe/Berlin", "setting", 60],
    ["UTC", unknown, null, "utc", 0],
    ["a stated offset instead of no zone", { zone: "Mars/Olympus", offsetMinutes: 60 }, null, "offset", 60],
    ["UTC instead of a choice that is no zone", unknown, "Mars/Olympus", "utc", 0],
  ])("is %s", (_, told, chosen, basis, offset) => {
    const clock = clocks(chosen)(told);
    expect([clock.basis, clock.offsetAt(ms("2026-01-10T12:00Z"))]).toEqual([basis, offset]);
  });

  it("follows the change of the clocks to the second, in whatever order it is asked", () => {
    const clock = clocks(null)({ zone: "Europe/Berlin", offsetMinutes: null });
    const times = ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T00:59:59Z"];
    expect(times.map((time) => clock.offsetAt(ms(time)))).toEqual([60, 120, 60]);
    const write = timeWriter();
    expect(write(clock, ms("2026-03-29T01:00:00Z"))).toBe("2026-03-29T03:00:00.000000+02:00");
  });

  it("begins a date where midnight is skipped when the clocks have been moved", () => {
    const clock = clocks(null)({ zone: "Africa/Cairo", offsetMinutes: null });
    const start = clock.startOf("2026-04-24");
    expect(new Date(localMs(clock, start)).toISOString()).toBe("2026-04-24T01:00:00.000Z");
    expect(dateAt(clock, start - 1)).toBe("2026-04-23");
  });
});

describe("the dates that a reading can have", () => {
  it("are one where it tells its clock", () => {
    expect(possibleDates({ zone: "Asia/Tokyo", offsetMinutes: null }, ms("2026-01-10T16:00Z"))).toEqual([
      "2026-01-11",
    ]);
  });

  it("of a whole day's readings contain those of each of them", () => {
    const told = fc.record({
      startMs: fc.nat(24 * 60 - 1).map((minute) => ms("2026-03-29T00:00Z") + minute * 60_000),
      zone: fc.constantFrom(null, "Europe/Berlin", "Pacific/Kiritimati"),
      offsetMinutes: fc.constantFrom(null, -720, 840),
    });
    fc.assert(
      fc.property(fc.array(told), (readings) => {
        const dates = new Set(readings.flatMap((one) => possibleDates(one, one.startMs)));
        expect(new Set(possibleDatesOf(readings))).toEqual(dates);
      }),
    );
  });

  it("contain the date of every zone, and lie on the UTC days that a date reads", () => {
    const zones = fc.constantFrom(
      "Pacific/Kiritimati",
      "Etc/GMT+12",
      "Asia/Kolkata",
      "America/St_Johns",
      "UTC",
    );
    fc.assert(
      fc.property(zones, fc.nat(3 * 366 * 24 * 60), (zone, minutes) => {
        const at = ms("2025-01-01T00:00Z") + minutes * 60_000;
        const date = dateAt(clocks(zone)(unknown), at);
        expect(possibleDates(unknown, at)).toContain(date);
        for (const possible of possibleDates(unknown, at)) {
          expect(utcDaysOf(possible)).toContain(new Date(at).toISOString().slice(0, 10));
        }
      }),
    );
  });
});

describe("dates", () => {
  it("are counted in days, over months and years", () => {
    expect(shiftDate("2026-03-01", -1)).toBe("2026-02-28");
    expect(daysBetween("2025-12-31", "2026-01-02")).toBe(2);
  });
});

describe("the day of a record", () => {
  it("is that of its readings' clocks, whatever their order; those that tell none stand back", () => {
    const readings = [
      { startMs: ms("2026-01-10T01:00Z"), ...unknown },
      { startMs: ms("2026-01-10T20:00Z"), zone: "America/New_York", offsetMinutes: null },
      { startMs: ms("2026-01-10T08:00Z"), zone: "Europe/Paris", offsetMinutes: null },
    ];
    const day = recordDay("2026-01-10", readings, clocks(null));
    expect(day).toEqual(recordDay("2026-01-10", readings.toReversed(), clocks(null)));
    expect(day).toEqual({
      metadata: {
        start_time: "2026-01-10T00:00:00.000000+01:00",
        end_time: "2026-01-11T00:00:00.000000-05:00",
        timestamp_localization: 1,
      },
      clock: { basis: "zone", zone: "Europe/Paris", hours: 30 },
    });
  });
});
