/** The limits that a call has to fit into: those of its client and, if the API has them, those of its person. */
import { createHash } from "node:crypto";
import type { Api, PersonRateLimitRule, RateLimitRule } from "../../providers/provider.ts";
import { providers } from "../../providers/registry.ts";
import type { BudgetId } from "../../store/provider-budgets.ts";

export interface Limits {
  readonly budget: BudgetId;
  readonly rules: readonly RateLimitRule[];
  readonly parallelCalls?: number | undefined;
  readonly gapMs?: number | undefined;
}

/** The person that a call is about, and the shortest time between two calls for them. */
export interface LimitedPerson {
  readonly providerUserId?: string;
  /** None when absent or 0. */
  readonly gapMs?: number;
}

/** Returns the client's limits first. A call about no person has none of a person's. */
export function limitsOf(
  client: BudgetId,
  { providerUserId, gapMs = 0 }: LimitedPerson,
): readonly [Limits, ...Limits[]] {
  const api = apiOf(client);
  const ofClient = { budget: client, rules: api?.rateLimits ?? [], parallelCalls: api?.parallelCalls };
  const rules = (api?.personRateLimits ?? []).map(ruleOfPerson);
  if (providerUserId === undefined || (rules.length === 0 && gapMs === 0)) return [ofClient];
  const key = createHash("sha256").update(client.key).update(` ${providerUserId}`).digest();
  return [
    ofClient,
    { budget: { ...client, key, providerUserId }, rules, gapMs: gapMs === 0 ? undefined : gapMs },
  ];
}

const ruleOfPerson = ({ name, lengthMs, calls }: PersonRateLimitRule): RateLimitRule => ({
  name,
  lengthMs,
  callsOfClient: calls,
  callsPerUser: 0,
});

/** Returns no rules for an API that this version does not know. */
export const rulesOf = (budget: Pick<BudgetId, "provider" | "api">): readonly RateLimitRule[] =>
  apiOf(budget)?.rateLimits ?? [];

const apiOf = ({ provider: slug, api }: Pick<BudgetId, "provider" | "api">): Api<unknown> | undefined =>
  providers.find((provider) => provider.slug === slug)?.apis[api];
