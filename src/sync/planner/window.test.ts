/** One window by itself; budget.test.ts tests a budget of several. */
import { describe, expect, it } from "vitest";
import { type AnsweredCall, begun, heard, lost, newWindow, rolled, type WindowState } from "./window.ts";

const minuteMs = 60_000;
const rule = { name: "short", lengthMs: 15 * minuteMs, callsOfClient: 100, callsPerUser: 0 };
const said = (given: Partial<AnsweredCall> & { used?: number; resetMs?: number } = {}): AnsweredCall => ({
  reading: { used: given.used ?? 1, limit: 50, resetMs: given.resetMs ?? 10 * minuteMs },
  call: { id: 1, at: 0 },
  now: 2_000,
  nextId: 2,
  unsureBefore: 0,
  ...given,
});
const known: WindowState = {
  ...newWindow,
  counted: 5,
  limit: 50,
  resetsAt: 10 * minuteMs,
  isHeard: true,
  heardBefore: 10,
};

describe("a window", () => {
  it("that has not begun ends its length and a call's longest time after the first call", () => {
    expect(begun(newWindow, rule, 1_000).resetsAt).toBe(1_000 + 16 * minuteMs);
  });

  it("that has begun is not begun again by a later call", () => {
    expect(begun(known, rule, 5 * minuteMs)).toBe(known);
    const supposed = begun(newWindow, rule, 0);
    expect(begun(supposed, rule, minuteMs)).toBe(supposed);
  });

  it("of a provider that no longer answers may begin with any call, so that its end moves with each", () => {
    const silent = { ...known, isHeard: false };
    expect(begun(silent, rule, minuteMs).resetsAt).toBe(17 * minuteMs);
  });

  it("begins anew at its end, and not a millisecond earlier; the limit stays known", () => {
    expect(rolled(known, rule, 10 * minuteMs - 1)).toBe(known);
    expect(rolled(known, rule, 10 * minuteMs)).toEqual({
      ...known,
      counted: 0,
      resetsAt: null,
      isHeard: false,
      lastReset: 10 * minuteMs,
    });
  });

  it("whose end was only supposed tells nothing about the window after it", () => {
    const supposed = begun(newWindow, rule, 0);
    expect(rolled(supposed, rule, 16 * minuteMs).lastReset).toBeNull();
  });

  it("carries over calls that were lost in its last two minutes, which the next one may have counted", () => {
    const early = lost(known, rule, 8 * minuteMs - 1);
    const late = lost(early, rule, 8 * minuteMs);
    expect([late.unsure, late.unsureLate]).toEqual([2, 1]);
    expect(rolled(late, rule, 10 * minuteMs)).toMatchObject({
      unsure: 1,
      unsureLate: 0,
      // They have begun it, and end with it.
      resetsAt: 25 * minuteMs,
    });
  });
});

describe("an answer about a window", () => {
  it("sets its count, its limit and its end, which may be a second late", () => {
    expect(heard(newWindow, rule, said({ used: 7 }))).toMatchObject({
      counted: 7,
      limit: 50,
      resetsAt: 2_000 + 10 * minuteMs + 1_000,
      isHeard: true,
    });
  });

  it("narrows its end down, and never moves it out within the same window", () => {
    const nearer = heard(known, rule, said({ resetMs: 9 * minuteMs }));
    expect(nearer.resetsAt).toBe(2_000 + 9 * minuteMs + 1_000);
    const farther = heard(known, rule, said({ resetMs: 10 * minuteMs }));
    expect(farther.resetsAt).toBe(10 * minuteMs);
  });

  it("moves its end out if the known end cannot be true", () => {
    // Reserved at 0 and answered with ten minutes left: the end is not before 9 minutes and 59 seconds.
    const wrong = { ...known, resetsAt: 8 * minuteMs };
    expect(heard(wrong, rule, said()).resetsAt).toBe(2_000 + 10 * minuteMs + 1_000);
  });

  it("lowers the count only if its call was sent after the higher one was received", () => {
    expect(heard(known, rule, said({ used: 4, call: { id: 9, at: 0 } })).counted).toBe(5);
    expect(heard(known, rule, said({ used: 4, call: { id: 10, at: 0 }, nextId: 11 }))).toMatchObject({
      counted: 4,
      heardBefore: 11,
    });
    expect(heard(known, rule, said({ used: 6, call: { id: 9, at: 0 } })).counted).toBe(6);
  });

  it("changes nothing if it is about the window before", () => {
    const next = rolled(known, rule, 10 * minuteMs);
    const late = said({ used: 40, resetMs: 0, now: 10 * minuteMs + 5_000 });
    expect(heard(next, rule, late)).toBe(next);
    const begunNext = { ...known, resetsAt: 25 * minuteMs };
    expect(heard(begunNext, rule, late)).toBe(begunNext);
  });

  it("may be about a window that began without us: then everything counts from there", () => {
    const unsure = { ...known, unsure: 3, unsureLate: 1 };
    const call = { id: 12, at: 20 * minuteMs };
    const of = heard(
      unsure,
      rule,
      said({ used: 2, call, now: 20 * minuteMs + 500, nextId: 13, unsureBefore: 20 }),
    );
    expect(of).toMatchObject({ counted: 2, unsure: 1, lastReset: 10 * minuteMs });
    expect(of.resetsAt).toBe(20 * minuteMs + 500 + 10 * minuteMs + 1_000);
  });

  it("settles lost calls if its call was sent after them", () => {
    const unsure = { ...known, unsure: 3, unsureLate: 1 };
    const of = (id: number) => heard(unsure, rule, said({ call: { id, at: 0 }, unsureBefore: 12 }));
    expect([of(11).unsure, of(12).unsure, of(12).unsureLate]).toEqual([3, 0, 0]);
  });
});
