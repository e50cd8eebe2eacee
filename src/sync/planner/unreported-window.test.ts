/** Windows of providers that report nothing of their limits, and reports without sense. */
import { describe, expect, it } from "vitest";
import type { RateWindow } from "../../providers/provider.ts";
import { type BudgetState, newBudget, observed, reserve, unanswered } from "./budget.ts";

const start = Date.parse("2026-03-02T10:00:00Z");

/** Makes calls whenever they are let through, for so many windows; returns how many there were. */
function callsIn(windows: number, rule: { readonly lengthMs: number; readonly calls: number }): number {
  const rules = [{ name: "a window", lengthMs: rule.lengthMs, callsOfClient: rule.calls, callsPerUser: 0 }];
  let state: BudgetState = newBudget({ rules, now: start });
  let calls = 0;
  for (let now = start; now < start + windows * rule.lengthMs; ) {
    const decision = reserve(state, { rules, users: 1, now }, "notification");
    state = decision.state;
    if (!decision.go) now = Math.max(now + 1, decision.until);
    else {
      calls += 1;
      now += 50;
      state = unanswered(state, decision.callId, { rules, now });
    }
  }
  return calls;
}

describe("a limit that no answer tells of", () => {
  it.each([
    [60_000, 120],
    [60_000, 5],
    [15 * 60_000, 100],
    [3_600_000, 10],
  ])("of %d ms and %d calls lets calls through in later windows as well", (lengthMs, calls) => {
    const made = callsIn(30, { lengthMs, calls });
    // Calls late in a window may count in the next one. In a window of a minute every call is late.
    expect(made).toBeGreaterThan((30 * calls) / 4);
    expect(made).toBeLessThanOrEqual(30 * calls);
  });
});

describe("a report without sense", () => {
  const rules = [{ name: "an hour", lengthMs: 3_600_000, callsOfClient: 100, callsPerUser: 0 }];
  const waitAfter = (reading: RateWindow): number => {
    const first = reserve(newBudget({ rules, now: start }), { rules, users: 1, now: start }, "request");
    const callId = first.go ? first.callId : 0;
    const state = observed(first.state, callId, [reading], { rules, now: start });
    const next = reserve(state, { rules, users: 1, now: start }, "request");
    return next.go ? 0 : next.until - start;
  };

  it.each<RateWindow>([
    { used: Number.NaN, limit: 100, resetMs: 1_000 },
    { used: 1, limit: 0, resetMs: 1_000 },
    { used: -5, limit: -5, resetMs: 1_000 },
    { used: 1, limit: Number.POSITIVE_INFINITY, resetMs: 1_000 },
    { used: 100, limit: 100, resetMs: Number.POSITIVE_INFINITY },
  ])("is no report: %j", (reading) => {
    expect(waitAfter(reading)).toBe(0);
  });

  it("stops nobody for longer than the window", () => {
    const until = waitAfter({ used: 100, limit: 100, resetMs: 1e17 });
    expect(until).toBeGreaterThan(0);
    expect(until).toBeLessThanOrEqual(3_600_000 + 1_000);
  });
});
