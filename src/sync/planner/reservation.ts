/** Reserves a call in every budget that it draws on, or in none. Pure. */
import type { Rank } from "../../store/ranks.ts";
import { type BudgetState, newBudget, reserve, stateVersion } from "./budget.ts";
import type { Limits } from "./limits.ts";

/** The call's number in each budget, in the budgets' order. */
export type Reservation =
  | { readonly callIds: readonly number[] }
  /** `pauseMs` is how long to wait before asking again, null where that is no short time. */
  | { readonly until: number; readonly pauseMs: number | null };

/**
 * Reserves a call if it fits all budgets. Otherwise the full budgets note which rank waits, and the others
 * stay unchanged: other people's calls go on.
 */
export function reserveAll(
  limits: readonly Limits[],
  kept: readonly unknown[],
  { rank, ...situation }: { readonly users: number; readonly now: number; readonly rank: Rank },
): { readonly states: readonly unknown[]; readonly answer: Reservation } {
  const decisions = limits.map(({ rules, parallelCalls, gapMs }, index) => {
    const state = stateOf(kept[index], rules.length) ?? newBudget({ rules, now: situation.now });
    return reserve(state, { rules, parallelCalls, gapMs, ...situation }, rank);
  });
  const refusals = decisions.flatMap((decision) => (decision.go ? [] : [decision]));
  if (refusals.length === 0) {
    const callIds = decisions.flatMap((decision) => (decision.go ? [decision.callId] : []));
    return { states: decisions.map(({ state }) => state), answer: { callIds } };
  }
  const states = decisions.map(({ go, state }, index) => (go ? kept[index] : state));
  const until = Math.max(...refusals.map((refusal) => refusal.until));
  const isShort = refusals.every(({ isBusy }) => isBusy);
  const pauseMs = isShort ? Math.max(...refusals.map((refusal) => refusal.pauseMs)) : null;
  return { states, answer: { until, pauseMs } };
}

/**
 * Reads a stored state. Returns null for none, and for a state counted by another version's rules. The first
 * version's counts are usable; the times until which it made calls wait are not.
 */
export function stateOf(kept: unknown, windows: number): BudgetState | null {
  const state = kept as (Omit<BudgetState, "version"> & { readonly version: number }) | null;
  if (state === null || state.windows.length !== windows) return null;
  if (state.version === stateVersion) return { ...state, version: stateVersion };
  return state.version === 1
    ? { ...state, version: stateVersion, heldUntil: state.heldUntil.map(() => 0) }
    : null;
}
