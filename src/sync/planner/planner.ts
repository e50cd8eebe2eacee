/** Every call to a provider goes through here: reserved in its client's budget, sent, settled. */

import {
  ProviderError,
  type ProviderResponse,
  type RateLimitReading,
  type RateLimitRule,
} from "../../providers/provider.ts";
import { providers } from "../../providers/registry.ts";
import { type BudgetId, changeBudget, countUsers } from "../../store/provider-budgets.ts";
import type { ProviderConfigId } from "../../store/provider-configs.ts";
import type { Rank } from "../../store/ranks.ts";
import type { Store } from "../../store/store.ts";
import { type BudgetState, newBudget, observed, refused, reserve, stateVersion } from "./budget.ts";
import type { ClientBudgets } from "./client-budgets.ts";
import { PostponedError } from "./postponed.ts";

export interface PlannedCall extends ProviderConfigId {
  /** The API that is called. */
  readonly api: string;
  readonly resource: string;
  readonly rank: Rank;
}

/** `postponed`: never sent. Otherwise "ok", or the error's code. */
export type CallReport = (call: PlannedCall & { readonly outcome: string }) => void;

/** An answer may say how the limits stand. */
type Answered = Pick<ProviderResponse, "rateLimit"> | undefined;

/** The number of users only matters before the provider has told its limits. */
const usersFreshMs = 60_000;
/** What a refusal that names no time is good for. */
const refusalMs = 60_000;

export class CallPlanner {
  readonly #store: Store;
  readonly #clients: ClientBudgets;
  readonly #report: CallReport;
  readonly #users = new Map<string, { readonly at: number; readonly users: number }>();

  constructor(store: Store, clients: ClientBudgets, report: CallReport) {
    this.#store = store;
    this.#clients = clients;
    this.#report = report;
  }

  /** @throws PostponedError when there is no room; whatever `send` throws */
  async call<Answer extends Answered>(call: PlannedCall, send: () => Promise<Answer>): Promise<Answer> {
    const budget = await this.#clients.budgetFor(call, call.api);
    const rules = rulesOf(budget);
    const users = await this.#usersOf(budget);
    const decision = await changeBudget(this.#store.db, budget, (kept, now) => {
      const decided = reserve(
        stateOf(kept, rules.length) ?? newBudget({ rules, now }),
        { rules, users, now },
        call.rank,
      );
      return { state: decided.state, answer: decided };
    });
    if (!decision.go) {
      this.#report({ ...call, outcome: "postponed" });
      throw new PostponedError(call.provider, call.rank, new Date(decision.until));
    }
    return this.#sent(call, budget, decision.callId, send);
  }

  /** People connected through the client. */
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
    budget: BudgetId,
    callId: number,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      const response = await send();
      await this.#settle(budget, callId, response?.rateLimit ?? null, null);
      this.#report({ ...call, outcome: "ok" });
      return response;
    } catch (error) {
      const thrown = error instanceof ProviderError ? error : null;
      await this.#settle(budget, callId, thrown?.rateLimit ?? null, thrown);
      this.#report({ ...call, outcome: thrown?.code ?? "INTERNAL" });
      throw error;
    }
  }

  #settle(
    budget: BudgetId,
    callId: number,
    reading: RateLimitReading | null,
    error: ProviderError | null,
  ): Promise<void> {
    const rules = rulesOf(budget);
    return changeBudget(this.#store.db, budget, (kept, now) => {
      const state = stateOf(kept, rules.length);
      if (state === null) return { state: kept, answer: undefined };
      const settled = observed(state, callId, reading, { rules, now });
      const isRefused = error?.code === "PROVIDER_RATE_LIMITED";
      const until = now + (error?.retryAfterMs ?? refusalMs);
      return { state: isRefused ? refused(settled, until) : settled, answer: undefined };
    });
  }
}

/** None for an API that this version does not know. */
export const rulesOf = ({
  provider: slug,
  api,
}: Pick<BudgetId, "provider" | "api">): readonly RateLimitRule[] =>
  providers.find((provider) => provider.slug === slug)?.apis[api]?.rateLimits ?? [];

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
