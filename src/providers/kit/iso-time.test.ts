import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantMs, isDate, parseClock, parseDuration, parseTime } from "./iso-time.ts";

const pad = (value: number) => String(value).padStart(2, "0");

describe("durations", () => {
  it.each([
    ["PT6917.941S", 6_917_941],
    ["PT3370S", 3_370_000],
    ["PT1H29M13S", 5_353_000],
    ["PT23M", 1_380_000],
    ["PT2H44M", 9_840_000],
    ["PT8H", 28_800_000],
    ["PT0S", 0],
    ["P1DT1S", 86_401_000],
    ["PT210.026S", 210_026],
    ["PT10,5S", 10_500],
    ["P1W", 604_800_000],
    ["P1.5D", 129_600_000],
    ["PT0,1M", 6_000],
    ["PT1.5H", 5_400_000],
    ["PT1H0.25S", 3_600_250],
    ["P0Y0M0DT0H20M0S", 1_200_000],
  ])("%s", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["", "P", "PT", "1H", "PT-1S", "PT1.S", "P1Y", "P1M", "PT1H ", "PTS", "P1X", "P1DT", "PT1.5H1S"])(
    "refuses %j",
    (text) => {
      expect(() => parseDuration(text)).toThrow(RangeError);
    },
  );

  it("reads both forms of one duration as the same milliseconds", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(59), fc.nat(59), fc.nat(999), (hours, minutes, seconds, ms) => {
        const fraction = String(ms).padStart(3, "0");
        const exact = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
        const total = (hours * 60 + minutes) * 60 + seconds;
        expect(parseDuration(`PT${hours}H${minutes}M${seconds}.${fraction}S`)).toBe(exact);
        expect(parseDuration(`PT${total}.${fraction}S`)).toBe(exact);
      }),
    );
  });
});

describe("times", () => {
  it("come with and without seconds, fraction and offset", () => {
    const midnight = Date.UTC(2025, 8, 10);
    expect(parseTime("2025-09-10T00:00")).toEqual({ localMs: midnight, offsetMinutes: null });
    expect(parseTime("2025-09-10T00:00:00Z")).toEqual({ localMs: midnight, offsetMinutes: 0 });
    expect(parseTime("2025-09-10T00:00:22.675-03:30")).toEqual({
      localMs: midnight + 22_675,
      offsetMinutes: -210,
    });
  });

  it("may have a comma, a short offset, second 60 and hour 24", () => {
    const noon = Date.UTC(2025, 8, 10, 12);
    expect(parseTime("2025-09-10T12:00:00,5+05")).toEqual({ localMs: noon + 500, offsetMinutes: 300 });
    expect(parseTime("2025-09-10T11:59:60").localMs).toBe(noon);
    expect(parseTime("2025-09-10T24:00").localMs).toBe(Date.UTC(2025, 8, 11));
  });

  it.each([
    "2025-02-30T00:00",
    "2025-13-01T00:00",
    "2025-01-01T24:01",
    "2025-01-01T12:00:61",
    "2025-01-01T12:00+24:00",
    "2025-01-01T12:00+01:60",
    "2025-01-01T00:60",
    "2025-01-01",
    "2025-01-01 00:00",
    "2025-01-01T00:00+1",
  ])("refuses %s", (text) => {
    expect(() => parseTime(text)).toThrow(RangeError);
  });

  it("mean the instant local − offset, for every offset in use", () => {
    const instants = fc.date({
      min: new Date("2000-01-01Z"),
      max: new Date("2099-12-31Z"),
      noInvalidDate: true,
    });
    const quarterHours = fc.integer({ min: -48, max: 56 });
    fc.assert(
      fc.property(instants, quarterHours, (instant, quarters) => {
        const offset = quarters * 15;
        const wall = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const sign = offset < 0 ? "-" : "+";
        const suffix = `${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
        const time = parseTime(wall + suffix);
        expect(instantMs(time)).toBe(instant.getTime());
        expect(time.offsetMinutes).toBe(offset);
      }),
    );
  });
});

describe("times of day", () => {
  it("are milliseconds since midnight", () => {
    expect(parseClock("23:33")).toBe(84_780_000);
    expect(parseClock("00:04:29")).toBe(269_000);
    expect(parseClock("0:30")).toBe(1_800_000);
    expect(parseClock("07:00:60")).toBe(parseClock("07:01"));
  });
  it.each(["24:00", "007:00", "07:60", "07:00:61", "", "0700"])("refuses %j", (text) => {
    expect(() => parseClock(text)).toThrow(RangeError);
  });
});

describe("dates", () => {
  it.each(["2025-02-28", "2024-02-29"])("%s is a date", (text) => expect(isDate(text)).toBe(true));
  it.each(["2025-02-29", "2025-2-8", "2025-02-28/..", "2025-02-28\n", ""])("%j is not a date", (text) =>
    expect(isDate(text)).toBe(false),
  );
});
