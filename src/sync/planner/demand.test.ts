import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rank } from "../../store/ranks.ts";
import {
  countCall,
  type Demand,
  expectedCalls,
  isDayCounted,
  noDemand,
  quarterMs,
  steadyCalls,
  usersThatFit,
} from "./demand.ts";

const dayMs = 96 * quarterMs;
const hourMs = 4 * quarterMs;

/** Calls by quarter, in the order of the ranks: backfill, reconcile, request, notification. */
const demand = (since: number, quarters: Record<number, number[]>): Demand => ({
  since,
  quarters: Object.entries(quarters).map(([number, calls]) => ({ number: Number(number), calls })),
});

describe("counted calls", () => {
  it("are counted by rank in the quarter of an hour in which they are made", () => {
    let counted = noDemand(0);
    for (const [rank, at] of [
      ["notification", 0],
      ["notification", quarterMs - 1],
      ["backfill", quarterMs - 1],
      ["notification", quarterMs],
    ] as const) {
      counted = countCall(counted, rank, at);
    }
    expect(counted).toEqual(demand(0, { 0: [1, 0, 0, 2], 1: [0, 0, 0, 1] }));
  });

  it("are forgotten after a day and a quarter of an hour", () => {
    const first = countCall(noDemand(0), "request", 0);
    expect(countCall(first, "request", dayMs).quarters.map(({ number }) => number)).toEqual([0, 96]);
    expect(countCall(first, "request", dayMs + quarterMs).quarters.map(({ number }) => number)).toEqual([97]);
  });

  it("are none too many and none too few, whenever they are made", () => {
    const times = fc.array(fc.nat(3 * dayMs), { minLength: 1 }).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(times, (made) => {
        const counted = made.reduce((all, at) => countCall(all, "reconcile", at), noDemand(made[0] ?? 0));
        const newest = Math.floor((made.at(-1) ?? 0) / quarterMs);
        const kept = made.filter((at) => Math.floor(at / quarterMs) >= newest - 96);
        const sum = counted.quarters.reduce((all, { calls }) => all + (calls[1] ?? 0), 0);
        expect(sum).toBe(kept.length);
      }),
    );
  });
});

describe("expected calls", () => {
  const expected = (of: Demand, now: number, until: number, presumedPerMs = 0, rank: Rank = "notification") =>
    expectedCalls(of, rank, { now, until, presumedPerMs });

  it("are those of the same quarters of an hour a day before, in proportion", () => {
    const yesterday = demand(0, { 10: [0, 0, 0, 8], 11: [0, 0, 0, 4], 12: [0, 0, 0, 100] });
    const now = (10 + 96) * quarterMs;
    expect(expected(yesterday, now, now + 2 * quarterMs)).toBe(12);
    expect(expected(yesterday, now + quarterMs / 2, now + quarterMs)).toBe(4);
    expect(expected(yesterday, now, now + quarterMs, 0, "request")).toBe(0);
  });

  it("are, for quarters not counted yet, the mean of the counts and of six presumed hours", () => {
    // Eight calls in two hours, and six hours at two an hour: 20 calls in 8 hours are 2.5 an hour.
    const young = demand(0, { 3: [0, 0, 0, 8] });
    const now = 2 * hourMs;
    expect(expected(young, now, now + hourMs, 2 / hourMs)).toBeCloseTo(2.5, 9);
  });

  it("are no fewer than presumed, however quiet it was", () => {
    const quiet = demand(0, { 3: [0, 0, 0, 1] });
    expect(expected(quiet, 2 * hourMs, 3 * hourMs, 2 / hourMs)).toBeCloseTo(2, 9);
  });

  it("do not repeat the first quarter, which was counted only in part, but presume it", () => {
    const began = demand(10, { 10: [0, 0, 0, 8] });
    const now = 106 * quarterMs;
    // Eight calls in a day, and six hours without any: 8 in 120 quarters.
    expect(expected(began, now, now + quarterMs)).toBeCloseTo(8 / 120, 9);
  });

  it("are none when the time is over", () => {
    expect(expected(demand(0, { 3: [0, 0, 0, 8] }), hourMs, hourMs, 1)).toBe(0);
  });
});

describe("steady calls", () => {
  it("are notifications and reconciliation in the busiest period of a length", () => {
    const counted = demand(0, { 0: [9, 1, 9, 2], 1: [0, 0, 9, 4], 5: [0, 2, 0, 3] });
    // Half an hour: 3 and 4 in the first two quarters.
    expect(steadyCalls(counted, 2 * quarterMs, 7 * quarterMs)).toBe(7);
    expect(steadyCalls(counted, quarterMs, 7 * quarterMs)).toBe(5);
  });

  it("are scaled up to the length if less was counted", () => {
    expect(steadyCalls(demand(0, { 0: [0, 1, 0, 2] }), hourMs, quarterMs)).toBe(6);
    expect(steadyCalls(noDemand(0), hourMs, quarterMs)).toBe(0);
  });
});

describe("the users that a client can carry", () => {
  const counted = demand(0, { 40: [0, 0, 0, 500] });
  const now = dayMs;
  const window = { lengthMs: dayMs, limit: 1_000, callsPerUser: 10 };
  const carried = (
    given: Partial<typeof window> = {},
    others: { users?: number; waiting?: number; now?: number } = {},
  ) => usersThatFit(counted, [{ ...window, ...given }], { users: 10, waiting: 0, now, ...others });

  it("are as many as the limit has calls for, when each new one adds some", () => {
    // 50 calls a user, of which they bring 10; 900 calls are the client's own: 900 / 40.
    expect(carried()).toBe(22);
  });

  it("are fewer while notifications wait for the limits: each is a call that a day should have had", () => {
    expect(carried({}, { waiting: 100 })).toBe(18);
    // A quarter of an hour need not serve the calls of a day: 500 calls in it, as counted.
    expect(carried({ lengthMs: quarterMs }, { waiting: 100 })).toBe(22);
  });

  it("are limited by the window that carries fewest, and unlimited if each adds what they need", () => {
    expect(carried({ callsPerUser: 50 })).toBe(Number.POSITIVE_INFINITY);
    const windows = [window, { ...window, callsPerUser: 50 }];
    expect(usersThatFit(counted, windows, { users: 10, waiting: 0, now })).toBe(22);
  });

  it("are not known before a day is counted, nor without users", () => {
    expect(isDayCounted(counted, now - 1)).toBe(false);
    expect(carried({}, { now: now - 1 })).toBeNull();
    expect(carried({}, { users: 0 })).toBeNull();
    expect(usersThatFit(noDemand(0), [window], { users: 10, waiting: 0, now })).toBeNull();
  });

  it("stay within the limit, whatever the numbers are, and one more would not", () => {
    const numbers = fc.record({
      calls: fc.integer({ min: 1, max: 100_000 }),
      users: fc.integer({ min: 1, max: 1_000 }),
      own: fc.nat(100_000),
      callsPerUser: fc.nat(100),
    });
    fc.assert(
      fc.property(numbers, ({ calls, users, own, callsPerUser }) => {
        const each = calls / users;
        const limit = own + callsPerUser * users;
        const found = usersThatFit(
          demand(0, { 40: [0, 0, 0, calls] }),
          [{ lengthMs: dayMs, limit, callsPerUser }],
          {
            users,
            waiting: 0,
            now,
          },
        );
        if (found === null || found === Number.POSITIVE_INFINITY) {
          expect(each).toBeLessThanOrEqual(callsPerUser);
          return;
        }
        expect(each * found).toBeLessThanOrEqual(own + callsPerUser * found + 1e-6);
        expect(each * (found + 1)).toBeGreaterThan(own + callsPerUser * (found + 1) - 1e-6);
      }),
    );
  });
});
