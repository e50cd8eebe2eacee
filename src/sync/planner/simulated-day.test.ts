/** A day of a thousand users on a simulated clock. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import polar from "../../providers/polar/index.ts";
import { type DayOptions, type DayTask, randomOf, tasksOfDay } from "./day.fixture.ts";
import { usersThatFit } from "./demand.ts";
import { type Played, play as playWith, type Situation } from "./play.fixture.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const rules = polar.apis["accesslink-v3"]?.rateLimits ?? [];

const play = (options: Situation, tasks: readonly DayTask[]): Played => playWith(options, tasks, { rules });
const playDay = (options: DayOptions): Played => play(options, tasksOfDay(options));

/** 3:17, so that no window begins at a full hour. */
const startsAt = Date.UTC(2026, 0, 5, 3, 17, 11);

describe("a day of a thousand users, two hundred of whom join with all their data", () => {
  let day: Played;
  beforeAll(() => {
    day = playDay({ users: 1_000, newUsers: 200, backfillCalls: 300, days: 1, startsAt, seed: 1 });
  });

  it("has no call refused because of our own calls", () => {
    expect(day.refused).toBe(0);
  });

  it("uses the available calls", () => {
    expect(day.maxUsed).toBeGreaterThan(0.95);
    expect(day.maxUsed).toBeLessThanOrEqual(1);
  });

  it("fetches everything in the end", () => {
    expect(day.served).toEqual(day.ordered);
    expect(day.ordered.backfill).toBe(60_000);
  });

  it("never makes a notification, a request or the reconciliation wait", () => {
    expect({ ...day.postponed, backfill: 0 }).toEqual({
      notification: 0,
      request: 0,
      reconcile: 0,
      backfill: 0,
    });
    expect(day.longestWait.notification).toBeLessThan(1);
    expect(day.longestWait.request).toBeLessThan(1);
    expect(day.postponed.backfill).toBeGreaterThan(0);
  });

  it("serves no rank while a higher one was told to wait", () => {
    expect(day.overtaken).toBe(0);
  });
});

describe("a day with more tasks than calls", () => {
  let day: Played;
  beforeAll(() => {
    day = playDay({ users: 100, newUsers: 30, backfillCalls: 400, updates: 140, days: 1, startsAt, seed: 2 });
  });

  it("has no call refused, and keeps the ranks when even notifications have to wait", () => {
    expect(day.refused).toBe(0);
    expect(day.postponed.notification).toBeGreaterThan(0);
    expect(day.overtaken).toBe(0);
  });

  it("is caught up afterwards, announced data first", () => {
    expect(day.served).toEqual(day.ordered);
    expect(day.longestWait.notification).toBeLessThan(day.longestWait.backfill);
  });

  it("shows in the forecast: fewer users fit than there are", () => {
    const windows = rules.map((rule) => ({
      ...rule,
      limit: rule.callsOfClient + rule.callsPerUser * 100,
    }));
    const fit = usersThatFit(day.state.demand, windows, {
      users: 100,
      waiting: day.stillWaiting,
      now: startsAt + 24 * hourMs,
    });
    expect(fit).toBeGreaterThan(60);
    expect(fit).toBeLessThan(90);
  });
});

/**
 * Returns the tasks of a new server: this many notifications of exercises, each with its files, in the first
 * quarter of an hour.
 */
const busyStart = (exercises: number, seed: number): DayTask[] => {
  const random = randomOf(seed);
  return Array.from({ length: exercises }, () => ({
    rank: "notification",
    calls: 4,
    at: startsAt + random(15 * minuteMs),
  }));
};

/** Returns the tasks of a person who connects: the newest data in one task, older data in many. */
const newcomer = (at: number): DayTask[] => [
  { rank: "request", calls: 16, at },
  ...Array.from({ length: 60 }, (): DayTask => ({ rank: "backfill", calls: 1, at })),
];

describe("a new server whose first quarter of an hour is busy", () => {
  const situation = { users: 1, startsAt, seed: 3 };

  it("serves people who connect or ask then, and soon their older data", () => {
    const at = startsAt + 17 * minuteMs;
    const refresh: DayTask = { rank: "request", calls: 8, at: startsAt + 40 * minuteMs };
    const day = play(situation, [...busyStart(60, 3), ...newcomer(at), refresh]);
    expect(day.postponed).toMatchObject({ notification: 0, request: 0 });
    expect(day.longestWait.request).toBeLessThan(1);
    expect(day.longestWait.backfill).toBeLessThan(60);
    expect(day.served).toEqual(day.ordered);
    expect(day.refused).toBe(0);
  });

  it("serves them within a minute whenever a call is left, however busy it was", () => {
    const start = fc.record({
      exercises: fc.integer({ min: 0, max: 1_500 }),
      comeAfterMs: fc.array(fc.integer({ min: 0, max: 26 * hourMs }), { minLength: 1, maxLength: 12 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(start, ({ exercises, comeAfterMs, seed }) => {
        const people = comeAfterMs.flatMap((afterMs) => newcomer(startsAt + afterMs));
        const day = play({ ...situation, seed }, [...busyStart(exercises, seed), ...people]);
        expect(day.longestWaitWithRoom).toBeLessThan(1);
        expect(day.served).toEqual(day.ordered);
        expect(day.refused).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe("an outage of hours, after which all announcements arrive at once", () => {
  const end = startsAt + 6 * hourMs;
  const heldBack = (exercises: number): DayTask[] =>
    Array.from({ length: exercises }, () => ({ rank: "notification", calls: 4, at: end }));

  it("makes people who connect then wait less than a minute while the provider has thousands of calls left", () => {
    const come = fc.record({ afterMs: fc.integer({ min: 0, max: 5 * minuteMs }), seed: fc.nat() });
    fc.assert(
      fc.property(come, ({ afterMs, seed }) => {
        const day = play({ users: 1_000, startsAt, seed }, [...heldBack(4_000), ...newcomer(end + afterMs)]);
        expect(day.longestWait.request).toBeLessThan(1);
        expect(day.served).toEqual(day.ordered);
        expect(day.refused).toBe(0);
      }),
      { numRuns: 5 },
    );
  });
});
