/** Makes every call to a provider: reserved in its client's budget, sent, settled. */

import { setTimeout } from "node:timers/promises";
import { ProviderError, type ProviderResponse, type RateLimitReading } from "../../providers/provider.ts";
import { BudgetChanges } from "../../store/budget-changes.ts";
import { type BudgetId, countUsers } from "../../store/provider-budgets.ts";
import type { ProviderConfigId } from "../../store/provider-config-id.ts";
import type { Rank } from "../../store/ranks.ts";
import type { Store } from "../../store/store.ts";
import { observed, refused } from "./budget.ts";
import type { ClientBudgets } from "./client-budgets.ts";
import { type LimitedPerson, type Limits, limitsOf } from "./limits.ts";
import { PostponedError } from "./postponed.ts";
import { type Reservation, reserveAll, stateOf } from "./reservation.ts";

export interface PlannedCall extends ProviderConfigId, LimitedPerson {
  /** The API that is called. */
  readonly api: string;
  readonly resource: string;
  readonly rank: Rank;
  /** The client's budget, from a caller that has read its settings for the call; otherwise it is looked up. */
  readonly budget?: BudgetId;
}

/** `postponed`: not sent. Otherwise "ok", or the error's code. */
export type CallReport = (call: PlannedCall & { readonly outcome: string }) => void;

/** An answer may report the state of the limits. */
type Answered = Pick<ProviderResponse, "rateLimit"> | undefined;

export interface SettlingAnswer<Answer> {
  readonly answer: Answer;
  /** Ends when the budgets know that the call has ended. Never an unhandled rejection. */
  readonly settled: Promise<void>;
}

/** The number of users matters only until the provider has told its limits. */
const usersFreshMs = 60_000;
/**
 * How long a call waits in place for a call in flight to end, or for its turn, before it is postponed. Each of them keeps
 * a worker.
 */
const patienceMs: Readonly<Record<Rank, number>> = {
  notification: 10_000,
  request: 10_000,
  reconcile: 5_000,
  backfill: 3_000,
};
/** How long a refusal without a time is obeyed. */
const refusalMs = 60_000;
/** No provider's window is longer than a day. */
const longestRefusalMs = 24 * 3_600_000;

export class CallPlanner {
  readonly #store: Store;
  readonly #budgets: BudgetChanges;
  readonly #clients: ClientBudgets;
  readonly #report: CallReport;
  readonly #users = new Map<string, { readonly at: number; readonly users: number }>();

  constructor(store: Store, clients: ClientBudgets, report: CallReport) {
    this.#store = store;
    this.#budgets = new BudgetChanges(store.db);
    this.#clients = clients;
    this.#report = report;
  }

  /** @throws PostponedError when the call does not fit; any error of `send` */
  async call<Answer extends Answered>(call: PlannedCall, send: () => Promise<Answer>): Promise<Answer> {
    const { answer, settled } = await this.ask(call, send);
    await settled;
    return answer;
  }

  /**
   * Makes a call as `call` does, and returns its answer while it is being settled: the caller waits for that too, once
   * it has something else to wait for.
   * @throws PostponedError when the call does not fit; any error of `send`
   */
  async ask<Answer extends Answered>(
    call: PlannedCall,
    send: () => Promise<Answer>,
  ): Promise<SettlingAnswer<Answer>> {
    const client = call.budget ?? (await this.#clients.budgetFor(call, call.api));
    const limits = limitsOf(client, call);
    const decision = await this.#reserved(call, limits);
    if ("callIds" in decision) return this.#sent(call, limits, decision.callIds, send);
    this.#report({ ...call, outcome: "postponed" });
    throw new PostponedError(call.provider, call.rank, new Date(decision.until));
  }

  /** Reserves a call. A short wait, for a call in flight to end or for the person's next turn, is waited for here. */
  async #reserved(call: PlannedCall, limits: readonly [Limits, ...Limits[]]): Promise<Reservation> {
    const users = await this.#usersOf(limits[0].budget);
    const latest = performance.now() + patienceMs[call.rank];
    for (;;) {
      const decision = await this.#budgets.change(budgetsOf(limits), (kept, now) =>
        reserveAll(limits, kept, { users, now, rank: call.rank }),
      );
      if ("callIds" in decision || decision.pauseMs === null) return decision;
      if (performance.now() + decision.pauseMs > latest) return decision;
      await setTimeout(decision.pauseMs);
    }
  }

  /** Returns the number of people connected through the client. */
  async #usersOf(budget: BudgetId): Promise<number> {
    const name = budget.key.toString("hex");
    const known = this.#users.get(name);
    if (known !== undefined && performance.now() - known.at < usersFreshMs) return known.users;
    const users = await countUsers(this.#store.db, budget.provider, await this.#clients.sharing(budget));
    this.#users.set(name, { at: performance.now(), users });
    return users;
  }

  async #sent<Answer extends Answered>(
    call: PlannedCall,
    limits: readonly [Limits, ...Limits[]],
    callIds: readonly number[],
    send: () => Promise<Answer>,
  ): Promise<SettlingAnswer<Answer>> {
    try {
      const answer = await send();
      this.#report({ ...call, outcome: "ok" });
      const settled = this.#settleAnswered(limits, callIds, answer?.rateLimit ?? null);
      // Its error is the caller's, who may not wait for it yet.
      settled.catch(() => {});
      return { answer, settled };
    } catch (error) {
      const thrown = error instanceof ProviderError ? error : null;
      await this.#settle(limits, callIds, { reading: thrown?.rateLimit ?? null, error: thrown });
      this.#report({ ...call, outcome: thrown?.code ?? "INTERNAL" });
      throw error;
    }
  }

  /** Settles an answered call. If that fails, the call is settled as one without an answer. */
  async #settleAnswered(
    limits: readonly [Limits, ...Limits[]],
    callIds: readonly number[],
    reading: RateLimitReading | null,
  ): Promise<void> {
    try {
      await this.#settle(limits, callIds, { reading, error: null });
    } catch (error) {
      await this.#settle(limits, callIds, { reading: null, error: null });
      throw error;
    }
  }

  #settle(
    limits: readonly [Limits, ...Limits[]],
    callIds: readonly number[],
    { reading, error }: { readonly reading: RateLimitReading | null; readonly error: ProviderError | null },
  ): Promise<void> {
    return this.#budgets.change(budgetsOf(limits), (kept, now) => {
      const states = limits.map(({ budget, rules }, index) => {
        const state = stateOf(kept[index], rules.length);
        if (state === null) return kept[index];
        // An answer describes the client's windows.
        const said = budget.providerUserId === undefined ? reading : null;
        const settled = observed(state, callIds[index] ?? 0, said, { rules, now });
        const isRefused = error?.code === "PROVIDER_RATE_LIMITED" && isMeant(limits, budget);
        return isRefused ? refused(settled, now + refusedForMs(error?.retryAfterMs ?? null)) : settled;
      });
      return { states, answer: undefined };
    });
  }
}

/** Returns how long a refusal holds. A header without sense must not stop a client for ever. */
const refusedForMs = (toldMs: number | null): number =>
  toldMs === null || Number.isNaN(toldMs) ? refusalMs : Math.min(longestRefusalMs, Math.max(0, toldMs));

const budgetsOf = (limits: readonly Limits[]): BudgetId[] => limits.map(({ budget }) => budget);

/**
 * Whether a refusal concerns this budget. It does not say whose limits are spent: the client's may be, unless
 * it has none.
 */
const isMeant = (limits: readonly [Limits, ...Limits[]], budget: BudgetId): boolean =>
  budget.providerUserId !== undefined || limits.length === 1 || limits[0].rules.length > 0;
