/**
 * Subscriptions of a provider with one per person: created soon after the person connects, checked at
 * intervals, removed before the permission is revoked. Any number of processes may take part: each claims
 * some.
 */
import { errorMessage } from "../errors.ts";
import { apisOpenedBy, connectingConsent } from "../providers/consents.ts";
import { type PersonSubscription, type Provider, ProviderError } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";
import { accountOf } from "../store/accounts.ts";
import { type Connection, connectionIdOf, findConnection } from "../store/connections.ts";
import { claimSubscriptions, noteSubscription } from "../store/person-subscriptions.ts";
import type { CallPlanner } from "../sync/planner/planner.ts";
import { PostponedError } from "../sync/planner/postponed.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { hookUrl } from "./subscriptions.ts";
import { usableGrantOfConsent } from "./tokens.ts";

export interface PersonSubscriptionDeps extends ConnectionsDeps {
  readonly planner: CallPlanner;
}

/** One call for each, a few at a time: a process tries all that it has claimed before another may. */
const claimed = 20;
const lookMs = 24 * 3_600_000;
const retryMs = 5 * 60_000;
const callMs = 30_000;

type SubscribingProvider = Provider & { readonly subscription: PersonSubscription<unknown> };

const isSubscribing = (provider: Provider): provider is SubscribingProvider =>
  provider.subscription?.kind === "person";

/** Creates or checks the due ones. */
export async function ensurePersonSubscriptions(
  deps: PersonSubscriptionDeps,
  signal: AbortSignal,
): Promise<void> {
  for (const provider of providers.filter(isSubscribing)) {
    for (;;) {
      const retryAt = new Date(Date.now() + retryMs);
      const due = await claimSubscriptions(deps.store.db, provider.slug, { limit: claimed, retryAt });
      for (const connection of due) await ensureOne(deps, provider, connection, signal);
      if (due.length < claimed || signal.aborted) break;
    }
  }
}

async function ensureOne(
  deps: PersonSubscriptionDeps,
  provider: SubscribingProvider,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const id = connectionIdOf(connection);
  try {
    await subscribe(deps, provider, connection, signal);
    const change = { error: null, dueAt: new Date(Date.now() + lookMs), at: new Date() };
    await noteSubscription(deps.store.db, id, change);
  } catch (error) {
    // Its turn comes when the limits allow the call: this is no failure.
    if (error instanceof PostponedError) return noteSubscription(deps.store.db, id, { dueAt: error.until });
    const pauseMs = Math.max(retryMs, error instanceof ProviderError ? (error.retryAfterMs ?? 0) : 0);
    const dueAt = new Date(Date.now() + pauseMs);
    await noteSubscription(deps.store.db, id, { error: errorMessage(error), dueAt });
    const about = { err: error, provider: provider.slug, user_id: id.userId, next_attempt_at: dueAt };
    deps.log.warn(about, "a person's subscription at the provider could not be made");
  }
}

async function subscribe(
  deps: PersonSubscriptionDeps,
  provider: SubscribingProvider,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const account = accountOf(connection);
  const id = connectionIdOf(connection);
  const consent = connectingConsent(provider);
  const grant = await usableGrantOfConsent(deps, { provider, id, consent });
  if (grant === null) return;
  const access = await deps.clients.accessFor(account);
  const url = hookUrl(deps.publicUrl, provider.slug);
  const asked = () => ({ url, signal: AbortSignal.any([signal, AbortSignal.timeout(callMs)]) });
  const ensure = async () => {
    await provider.subscription.ensure(access, grant, asked());
    return undefined;
  };
  const [api] = apisOpenedBy(provider, { consent });
  // Without an API there are no limits.
  if (api === undefined) await ensure();
  else await deps.planner.call({ ...account, api, resource: "subscription", rank: "request" }, ensure);
  // The person may have left meanwhile; then nobody else would remove the subscription.
  if ((await findConnection(deps.store.db, id)) === null) {
    await provider.subscription.remove(access, grant, asked());
  }
}
