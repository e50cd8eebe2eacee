import { describe, expect, it } from "vitest";
import { readSleep } from "./sleep.ts";

const read = (...data: unknown[]) => readSleep({ name: "sleep_analysis", units: "hr", data });
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const told = (...data: unknown[]) =>
  read(...data).samples.map(({ startMs, endMs, value }) => [iso(startMs), iso(endMs), value]);

const night = {
  totalSleep: 7.1,
  asleep: 0,
  core: 4.2,
  deep: 1.1,
  rem: 1.8,
  awake: 0.2,
  inBed: 0,
  sleepStart: "2026-01-09 23:00:00 +0100",
  sleepEnd: "2026-01-10 06:18:00 +0100",
  inBedStart: "2026-01-09 23:00:00 +0100",
  inBedEnd: "2026-01-10 06:18:00 +0100",
  source: "Ada\u2019s Apple\u00a0Watch",
};

describe("a night as sums", () => {
  it("is plain sleep with the hours of its stages beside it, whatever its date", () => {
    for (const date of ["2026-01-10 00:00:00 +0100", "2026-01-09 22:41:57 +0100", null]) {
      expect(read({ ...night, date })).toMatchObject({
        samples: [
          {
            value: 1,
            isAggregate: true,
            source: { name: "Ada's Apple Watch" },
            metadata: { totalSleep: 7.1, asleep: 0, core: 4.2, deep: 1.1, rem: 1.8, awake: 0.2, inBed: 0 },
          },
        ],
        unreadable: [],
        isSums: true,
      });
    }
  });

  it("was in bed only where that was recorded: with inBed 0 the times are those of the sleep", () => {
    expect(told(night)).toEqual([["2026-01-09T22:00", "2026-01-10T05:18", 1]]);
    expect(told({ ...night, inBed: 8.3, inBedStart: "2026-01-09 22:20:00 +0100" })).toEqual([
      ["2026-01-09T22:00", "2026-01-10T05:18", 1],
      ["2026-01-09T21:20", "2026-01-10T05:18", 0],
    ]);
  });

  // Fields that went or came with a version.
  it("is read without its times in bed, and as versions before 6.6.2 wrote it, with two sources", () => {
    const { inBedStart: _start, inBedEnd: _end, ...without } = night;
    expect(told(without)).toEqual([["2026-01-09T22:00", "2026-01-10T05:18", 1]]);
    const old = {
      asleep: 6.1,
      inBed: 6.8,
      sleepStart: "2021-12-18 02:21:06 +0800",
      sleepEnd: "2021-12-18 08:57:06 +0800",
      inBedStart: "2021-12-18 02:12:50 +0800",
      inBedEnd: "2021-12-18 09:04:45 +0800",
      sleepSource: "Apple Watch",
      inBedSource: "iPhone",
    };
    expect(read(old).samples.map(({ value, source }) => [value, source.name])).toEqual([
      [1, "Apple Watch"],
      [0, "iPhone"],
    ]);
  });

  it("is left out where its times contradict each other", () => {
    const backwards = { ...night, sleepStart: night.sleepEnd, sleepEnd: night.sleepStart };
    const endless = { ...night, sleepEnd: "2027-01-10 06:18:00 +0100" };
    expect(read(backwards, endless, "night", { ...night, sleepStart: "soon" })).toMatchObject({
      samples: [],
      unreadable: ["data[].sleepStart", "data[]"],
    });
  });
});

describe("a segment of a night", () => {
  const segment = {
    startDate: "2026-01-09 23:00:00 +0100",
    endDate: "2026-01-10 01:00:00 +0100",
    date: null,
  };

  it.each([
    ["In Bed", 0],
    ["Asleep", 1],
    ["Unspecified", 1],
    ["Awake", 2],
    ["Core", 3],
    ["Deep", 4],
    ["AsleepDeep", 4],
    ["REM", 5],
  ])("%s is stage %i", (value, stage) => {
    expect(told({ ...segment, value })).toEqual([["2026-01-09T22:00", "2026-01-10T00:00", stage]]);
  });

  it("may call its times start and end, on a 12-hour clock", () => {
    const half = {
      start: "2026-01-09 11:00:00\u202fPM +0100",
      end: "2026-01-10 1:00:00 AM +0100",
      value: "REM",
    };
    expect(told(half)).toEqual([["2026-01-09T22:00", "2026-01-10T00:00", 5]]);
  });

  it("of an unknown stage is left out, and counted", () => {
    expect(read({ ...segment, value: "Tiefschlaf" })).toMatchObject({
      samples: [],
      unreadable: ["data[].value"],
      isSums: false,
    });
  });
});
