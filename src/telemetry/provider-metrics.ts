/** The metrics of our calls to providers, and of what is left of their limits. */
import { Counter, Gauge, type Registry } from "prom-client";

export interface CallCount {
  readonly provider: string;
  readonly resource: string;
  readonly rank: string;
  /** "ok", "postponed", or the error's code. */
  readonly outcome: string;
}

export function countCalls(registry: Registry): (call: CallCount) => void {
  const calls = new Counter({
    name: "systole_provider_calls_total",
    help: "Calls to a provider, by resource, by rank and by outcome: ok, postponed (the limits allow no call), or the error code",
    labelNames: ["provider", "resource", "rank", "outcome"],
    registers: [registry],
  });
  return ({ provider, resource, rank, outcome }) => calls.inc({ provider, resource, rank, outcome });
}

export interface BudgetSource {
  readonly provider: string;
  /** A name for the provider's client that does not reveal its id. */
  readonly client: string;
  readonly users: number;
  /** Null until a day is counted. */
  readonly usersThatFit: number | null;
  /** Calls of notifications and reconciliation per user and day; null until a day is counted. */
  readonly callsPerUserDay: number | null;
  readonly windows: readonly {
    readonly name: string;
    readonly used: number;
    readonly limit: number;
    readonly lengthMs: number;
    readonly resetSeconds: number;
  }[];
}

export interface WaitingSource {
  readonly provider: string;
  readonly rank: string;
  readonly count: number;
}

const freshMs = 15_000;
const ofClient = ["provider", "client"] as const;
const ofWindow = ["provider", "client", "window"] as const;

/** Reads the budgets from the database when metrics are collected, but not at every collection. */
export function watchBudgets(
  registry: Registry,
  read: () => Promise<{ budgets: readonly BudgetSource[]; waiting: readonly WaitingSource[] }>,
): void {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> = Promise.resolve();
  // All gauges are collected at once, so each waits for the same reading.
  const collect = (): Promise<void> => {
    if (performance.now() - readAt < freshMs) return reading;
    readAt = performance.now();
    reading = refresh();
    return reading;
  };
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry], collect });
  const used = gauge("systole_provider_window_used", "Calls counted in the provider's window", ofWindow);
  const limit = gauge("systole_provider_window_limit", "Calls allowed in the provider's window", ofWindow);
  const reset = gauge("systole_provider_window_reset_seconds", "Until the window begins anew", ofWindow);
  const users = gauge("systole_provider_users", "People connected through the client", ofClient);
  const fit = gauge(
    "systole_provider_users_that_fit",
    "People the client's limits would carry; absent until a day is counted",
    ofClient,
  );
  const perUser = gauge(
    "systole_provider_calls_per_user_day",
    "Calls of a user and day: notifications and reconciliation; absent until a day is counted",
    ofClient,
  );
  const waiting = gauge("systole_provider_calls_waiting", "Fetch tasks that wait for the provider's limits", [
    "provider",
    "rank",
  ]);
  async function refresh(): Promise<void> {
    const found = await read();
    for (const one of [used, limit, reset, users, fit, perUser, waiting]) one.reset();
    for (const { count, ...labels } of found.waiting) waiting.set(labels, count);
    for (const budget of found.budgets) show(budget);
  }
  function show({ provider, client, windows, ...budget }: BudgetSource): void {
    const labels = { provider, client };
    users.set(labels, budget.users);
    if (budget.usersThatFit !== null) fit.set(labels, budget.usersThatFit);
    if (budget.callsPerUserDay !== null) perUser.set(labels, budget.callsPerUserDay);
    for (const window of windows) {
      const named = { ...labels, window: window.name };
      used.set(named, window.used);
      limit.set(named, window.limit);
      reset.set(named, window.resetSeconds);
    }
  }
}
