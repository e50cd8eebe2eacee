import { describe, expect, it } from "vitest";
import { Folded } from "../testing/folded.ts";
import { healthAutoExport as resource } from "./resource.ts";

const steps = (...rows: readonly (readonly [date: string, qty: number])[]) => ({
  data: {
    metrics: [
      {
        name: "step_count",
        units: "count",
        data: rows.map(([date, qty]) => ({ date: `${date} +0100`, qty, source: "Apple Watch" })),
      },
    ],
  },
});
const sent = (body: unknown, key = "body") => ({ resource, key, body });
const sinceLastSync = "automation-period=Since+Last+Sync";
const values = (...bodies: readonly { body: unknown; key: string }[]) =>
  new Folded(...bodies.map((one) => ({ ...one, resource }))).values("StepCount");

const monday = steps(["2026-01-12 09:00:00", 100], ["2026-01-12 23:30:00", 50], ["2026-01-13 00:10:00", 7]);

describe("a day of one metric that is sent again", () => {
  // A day that grows can be corrected downwards.
  it("replaces that day, and no other", () => {
    const corrected = steps(["2026-01-12 09:00:00", 80], ["2026-01-12 09:05:00", 5]);
    expect(values(sent(monday), sent(corrected))).toEqual([80, 5, 7]);
  });

  it("is the same after twenty times", () => {
    expect(values(...Array.from({ length: 20 }, () => sent(monday)))).toEqual([100, 50, 7]);
  });

  it("leaves other metrics of the day", () => {
    const energy = {
      data: {
        metrics: [
          { name: "active_energy", units: "kcal", data: [{ date: "2026-01-12 09:00:00 +0100", qty: 3 }] },
        ],
      },
    };
    expect(values(sent(monday), sent(energy))).toEqual([100, 50, 7]);
  });

  it("replaces no more than it sends where only what is new was sent", () => {
    const late = steps(["2026-01-12 23:30:00", 60], ["2026-01-12 23:35:00", 9]);
    expect(values(sent(monday), sent(late, sinceLastSync))).toEqual([100, 60, 9, 7]);
  });

  it("is replaced once by the bodies of one export", () => {
    const [first, second] = [steps(["2026-01-12 09:00:00", 80]), steps(["2026-01-12 10:00:00", 20])];
    expect(values(sent(monday), sent(first, "session-id=a"), sent(second, "session-id=a"))).toEqual([
      80, 20, 7,
    ]);
    expect(values(sent(monday), sent(first, "session-id=a"), sent(second, "session-id=b"))).toEqual([20, 7]);
  });

  it("has the length of its local day when clocks are moved", () => {
    const day = (rows: readonly string[]) => ({
      data: {
        metrics: [{ name: "step_count", units: "count", data: rows.map((date) => ({ date, qty: 1 })) }],
      },
    });
    const next = day(["2026-03-30 00:30:00 +0200"]);
    const spring = day(["2026-03-29 00:30:00 +0100", "2026-03-29 23:30:00 +0200"]);
    expect(values(sent(next), sent(spring))).toEqual([1, 1, 1]);
    expect(values(sent(spring), sent(next), sent(day(["2026-03-29 12:00:00 +0200"])))).toEqual([1, 1]);
  });
});

describe("a night that is sent again", () => {
  const night = (start: string, end: string, core: number) => ({
    data: {
      metrics: [
        {
          name: "sleep_analysis",
          units: "hr",
          data: [{ sleepStart: `${start} +0100`, sleepEnd: `${end} +0100`, core, totalSleep: core }],
        },
      ],
    },
  });
  const starts = (...bodies: readonly { body: unknown; key: string }[]) =>
    new Folded(...bodies.map((one) => ({ ...one, resource })))
      .items("samples", "SleepAnalysis")
      .map(({ startMs }) => new Date(startMs).toISOString().slice(0, 16));

  it("replaces its earlier form, also where it now begins later", () => {
    const before = night("2026-01-09 22:40:00", "2026-01-10 06:00:00", 6);
    const after = night("2026-01-09 23:10:00", "2026-01-10 06:30:00", 7);
    expect(starts(sent(before), sent(after, sinceLastSync))).toEqual(["2026-01-09T22:10"]);
  });

  it("leaves the night before it, which began on the same day", () => {
    const short = night("2026-01-09 00:30:00", "2026-01-09 06:00:00", 5);
    const next = night("2026-01-09 23:00:00", "2026-01-10 06:00:00", 6);
    expect(starts(sent(short), sent(next))).toEqual(["2026-01-08T23:30", "2026-01-09T22:00"]);
  });
});
