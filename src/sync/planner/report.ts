/** Reads the budgets for the metrics. */

import {
  countPostponed,
  countUsers,
  type KeptBudget,
  listBudgets,
  type Postponed,
} from "../../store/provider-budgets.ts";
import { rankOf } from "../../store/ranks.ts";
import type { Store } from "../../store/store.ts";
import type { BudgetSource, WaitingSource } from "../../telemetry/provider-metrics.ts";
import { limitOf, usedOf } from "./budget.ts";
import type { ClientBudgets } from "./client-budgets.ts";
import { isDayCounted, steadyCalls, steadyRanks, usersThatFit } from "./demand.ts";
import { rulesOf } from "./limits.ts";
import { stateOf } from "./reservation.ts";
import { newWindow, rolled } from "./window.ts";

const dayMs = 24 * 3_600_000;

/** Names a provider's client without revealing its id. */
export const clientName = (budgetKey: Buffer): string => budgetKey.toString("hex").slice(0, 8);

/** Uses this process's clock, which is exact enough for a metric. */
export async function readBudgets(
  { db }: Pick<Store, "db">,
  clients: ClientBudgets,
  now: number,
): Promise<{ budgets: BudgetSource[]; waiting: WaitingSource[] }> {
  const postponed = await countPostponed(db, "PROVIDER_BUDGET_SPENT");
  const budgets: BudgetSource[] = [];
  for (const budget of await listBudgets(db)) {
    const environmentIds = await clients.sharing(budget);
    const users = await countUsers(db, budget.provider, environmentIds);
    const waiting = postponed
      .filter(({ environmentId, provider, priority }) => {
        const isSteady = steadyRanks.includes(rankOf(priority));
        return isSteady && provider === budget.provider && environmentIds.includes(environmentId);
      })
      .reduce((sum, { count }) => sum + count, 0);
    budgets.push(...budgetShown(budget, { users, waiting, now }));
  }
  return { budgets, waiting: waitingByRank(postponed) };
}

function waitingByRank(postponed: readonly Postponed[]): WaitingSource[] {
  const sums = new Map<string, WaitingSource>();
  for (const { provider, priority, count } of postponed) {
    const rank = rankOf(priority);
    const name = `${provider} ${rank}`;
    sums.set(name, { provider, rank, count: (sums.get(name)?.count ?? 0) + count });
  }
  return [...sums.values()];
}

interface Shown {
  readonly users: number;
  /** The notifications and reconciliations that wait for the limits. */
  readonly waiting: number;
  readonly now: number;
}

/** Returns nothing for a provider or a state that this version does not know. */
function budgetShown(budget: KeptBudget, shown: Shown): BudgetSource[] {
  const { key, provider: slug, state: kept } = budget;
  const { users, now } = shown;
  const rules = rulesOf(budget);
  const state = stateOf(kept, rules.length);
  if (state === null || rules.length === 0) return [];
  const windows = rules.map((rule, index) => {
    const window = rolled(state.windows[index] ?? newWindow, rule, now);
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
      client: clientName(key),
      users,
      usersThatFit: usersThatFit(state.demand, windows, shown),
      callsPerUserDay:
        users === 0 || !isDayCounted(state.demand, now)
          ? null
          : steadyCalls(state.demand, dayMs, now) / users,
      windows,
    },
  ];
}
