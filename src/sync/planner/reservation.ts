/** A call reserved in every budget it draws on, or in none. Pure. */
import type { Rank } from "../../store/ranks.ts";
import { type BudgetState, newBudget, reserve, stateVersion } from "./budget.ts";
import type { Limits } from "./limits.ts";

/** The call's number in each budget, in their order. */
export type Reservation =
  | { readonly callIds: readonly number[] }
  | { readonly until: number; readonly isBusy: boolean };

/**
 * Reserves a call where all have room. Otherwise those without room note who waits for it, and the others stay as
 * they are: other people's calls go on.
 */
export function reserveAll(
  limits: readonly Limits[],
  kept: readonly unknown[],
  { rank, ...situation }: { readonly users: number; readonly now: number; readonly rank: Rank },
): { readonly states: readonly unknown[]; readonly answer: Reservation } {
  const decisions = limits.map(({ rules, parallelCalls }, index) => {
    const state = stateOf(kept[index], rules.length) ?? newBudget({ rules, now: situation.now });
    return reserve(state, { rules, parallelCalls, ...situation }, rank);
  });
  const refusals = decisions.flatMap((decision) => (decision.go ? [] : [decision]));
  if (refusals.length === 0) {
    const callIds = decisions.flatMap((decision) => (decision.go ? [decision.callId] : []));
    return { states: decisions.map(({ state }) => state), answer: { callIds } };
  }
  const states = decisions.map(({ go, state }, index) => (go ? kept[index] : state));
  const until = Math.max(...refusals.map((refusal) => refusal.until));
  return { states, answer: { until, isBusy: refusals.every(({ isBusy }) => isBusy) } };
}

/**
 * Null for nothing, and for what another version of Systole counted by other rules. Of the first version's state
 * the counts are good; when it told calls to wait is not.
 */
export function stateOf(kept: unknown, windows: number): BudgetState | null {
  const state = kept as (Omit<BudgetState, "version"> & { readonly version: number }) | null;
  if (state === null || state.windows.length !== windows) return null;
  if (state.version === stateVersion) return { ...state, version: stateVersion };
  return state.version === 1
    ? { ...state, version: stateVersion, heldUntil: state.heldUntil.map(() => 0) }
    : null;
}
