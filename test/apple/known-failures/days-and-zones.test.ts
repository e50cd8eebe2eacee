import { describe, expect } from "vitest";
import { Folded } from "../../../src/providers/apple/formats/testing/folded.ts";
import { makeAll, settings } from "../../../src/providers/apple/testing/person.ts";
import { readDateRange } from "../../../src/requests/date-range.ts";
import { band, metric, neutral, phone, quantity, records, sdk, steps, watch } from "./bodies.ts";
import { failure } from "./failures.ts";

const count = (span: string, value: number, source: object = watch) =>
  quantity("StepCount", span, value, "count", source);

describe("days and zones", () => {
  failure(16, "a day begins at midnight", () => {
    const samples = [
      count("2026-01-10T00:05/00:10", 1),
      count("2026-01-10T23:50/23:55", 20),
      count("2026-01-11T00:05/00:10", 300),
    ];
    expect(steps(neutral({ samples }))).toEqual({ "2026-01-10": 21, "2026-01-11": 300 });
  });

  failure(17, "each sample is on the day of its own zone, and none is lost", () => {
    const at = (zone: string, start: string, end: string, value: number) => ({
      ...count("2026-01-10T09:00", value),
      zone,
      start,
      end,
    });
    const samples = [
      at("Europe/Paris", "2026-01-10T08:00:00Z", "2026-01-10T08:10:00Z", 100),
      at("America/New_York", "2026-01-11T03:00:00Z", "2026-01-11T03:10:00Z", 50),
      at("America/New_York", "2026-01-11T15:00:00Z", "2026-01-11T15:10:00Z", 7),
    ];
    expect(steps(neutral({ samples }))).toEqual({ "2026-01-10": 150, "2026-01-11": 7 });
  });

  failure(18, "a sample keeps the zone in which it was recorded", () => {
    const metadata = { HKTimeZone: "Asia/Tokyo" };
    const record = {
      type: "HKQuantityTypeIdentifierStepCount",
      startDate: "2026-01-10T16:00:00Z",
      endDate: "2026-01-10T16:10:00Z",
      value: 100,
      unit: "count",
      metadata,
    };
    const parts = new Folded(sdk({ records: [record] })).parts;
    const made = makeAll("daily", [...parts, settings({ zone: "America/New_York" })]);
    expect([...made.keys()]).toEqual(["2026-01-11"]);
  });

  failure(19, "it counts wholly on the day it began, and the sum hides nothing", () => {
    const samples = [
      count("2026-01-10T10:00/10:30", 2_000, phone),
      count("2026-01-10T23:50/2026-01-11T00:10", 400, phone),
      count("2026-01-10T00:00/23:59", 1_500, band),
    ];
    expect(steps(neutral({ samples }))).toEqual({ "2026-01-10": 2_400 });
  });

  failure(20, "the day is the local one", () => {
    const late = {
      ...count("2026-01-10T00:00", 100),
      start: "2026-01-10T23:30:00Z",
      end: "2026-01-10T23:40:00Z",
    };
    const made = records("daily", neutral({ samples: [late] }));
    expect([...made].map(([day, { metadata }]) => [day, metadata.start_time])).toEqual([
      ["2026-01-11", "2026-01-11T00:00:00.000000+01:00"],
    ]);
  });

  failure(21, "they are read, with any space before them", () => {
    const rows = [
      { date: "2026-01-10 12:05:00\u202fAM +0100", qty: 5, source: "iPhone" },
      { date: "2026-01-10 12:30:00 pm +0100", qty: 1_000, source: "iPhone" },
      { date: "2026-01-10 11:50:00 PM +0100", qty: 70, source: "iPhone" },
      { date: "2026-01-11 12:05:00\u00a0am +0100", qty: 900, source: "iPhone" },
    ];
    expect(steps(metric("step_count", "count", ...rows))).toEqual({ "2026-01-10": 1_075, "2026-01-11": 900 });
  });

  failure(22, "such a time is no time: it is counted or refused, and moves nothing", () => {
    const rows = [
      { date: "2026-01-10 00:30:00  0100", qty: 5, source: "iPhone" },
      { date: "2026-01-10 09:00:00 +0100", qty: 70, source: "iPhone" },
    ];
    const body = metric("step_count", "count", ...rows);
    expect(steps(body)).toEqual({ "2026-01-10": 70 });
    expect(new Folded(body).unread?.unreadable).toEqual(["data.metrics[name=step_count].data[].date"]);
    const range = () => readDateRange("2026-01-10T00:00:00 01:00", undefined, new Date());
    expect(range).toThrow(expect.objectContaining({ code: "DATE_INVALID" }));
  });
});
