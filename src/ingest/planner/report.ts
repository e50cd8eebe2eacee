/** The budgets as the metrics show them. */
import { providers } from "../../providers/registry.ts";
import { countPostponed, type KeptBudget, listBudgets } from "../../store/provider-budgets.ts";
import { rankOf } from "../../store/ranks.ts";
import type { Store } from "../../store/store.ts";
import type { BudgetSource, WaitingSource } from "../../telemetry/provider-metrics.ts";
import { limitOf, usedOf } from "./budget.ts";
import { steadyCalls, usersThatFit } from "./demand.ts";
import { type CallPlanner, stateOf } from "./planner.ts";
import { newWindow, rolled } from "./window.ts";

const dayMs = 24 * 3_600_000;

export async function readBudgets(
  { db }: Pick<Store, "db">,
  planner: CallPlanner,
  now: number,
): Promise<{ budgets: BudgetSource[]; waiting: WaitingSource[] }> {
  const postponed = await countPostponed(db, "PROVIDER_BUDGET_SPENT");
  const waiting = postponed.map(({ provider, priority, count }) => ({
    provider,
    rank: rankOf(priority),
    count,
  }));
  const kept = await listBudgets(db);
  const shown = await Promise.all(
    kept.map(async (budget) => budgetShown(budget, await planner.usersOf(budget), now)),
  );
  return { budgets: shown.flat(), waiting };
}

/** None for a provider or a state this version does not know. */
export function budgetShown(
  { key, provider: slug, state: kept }: KeptBudget,
  users: number,
  now: number,
): BudgetSource[] {
  const rules = providers.find((provider) => provider.slug === slug)?.rateLimits ?? [];
  const state = stateOf(kept, rules.length);
  if (state === null || rules.length === 0) return [];
  const windows = rules.map((rule, index) => {
    const window = rolled(state.windows[index] ?? newWindow, now);
    return {
      ...rule,
      used: usedOf(window, state.inFlight.length),
      limit: limitOf(window, rule, users),
      resetSeconds: Math.max(0, ((window.resetsAt ?? now) - now) / 1_000),
    };
  });
  return [
    {
      provider: slug,
      client: key.toString("hex").slice(0, 8),
      users,
      usersThatFit: usersThatFit(state.demand, windows, users, now),
      callsPerUserDay: users === 0 ? null : steadyCalls(state.demand, dayMs, now) / users,
      windows,
    },
  ];
}
