/** Keeps a subscription to each of a provider's events: created, and renewed before it expires. */
import { errorMessage } from "../errors.ts";
import { type EventSubscriptions, ProviderError } from "../providers/provider.ts";
import {
  type ProviderConfig,
  saveSubscriptionSummary,
  setSubscriptionState,
} from "../store/provider-configs.ts";
import {
  type EventSubscription,
  listEventSubscriptions,
  noteEventFailure,
  openEventSecret,
  saveEventSubscription,
} from "../store/provider-subscriptions.ts";
import type { ConnectionsDeps } from "./deps.ts";
import type { KeptSubscription, SubscriptionAction } from "./kept-subscription.ts";

/** A subscription is checked this often even if it does not expire soon. */
const lookMs = 24 * 3_600_000;

/**
 * Ensures every event's subscription; a failure of one does not stop the others. Returns the most significant
 * change made.
 */
export async function ensureEvents(
  deps: ConnectionsDeps,
  declared: EventSubscriptions<unknown>,
  kept: KeptSubscription,
): Promise<SubscriptionAction> {
  const { db } = deps.store;
  const known = await listEventSubscriptions(db, kept.id.provider);
  const mine = known.filter((one) => one.environment_id === kept.id.environmentId);
  const due = declared.events.filter((event) => {
    const held = mine.find((one) => one.event === event);
    return isDue(held, kept, declared.renewBeforeMs);
  });
  const failures = new Map(
    mine.flatMap(({ event, error }) => (error !== null && !due.includes(event) ? [[event, error]] : [])),
  );
  const actions: SubscriptionAction[] = [];
  let left = due.length;
  for (const event of due) {
    // The others are looked after the next time. They have not failed.
    if (kept.signal.aborted) break;
    try {
      actions.push(await ensureEvent(deps, declared, { ...kept, event, known }));
      left -= 1;
    } catch (err) {
      if (kept.signal.aborted) break;
      left -= 1;
      const error = errorMessage(err);
      failures.set(event, error);
      await noteEventFailure(db, { ...kept.id, event }, { url: kept.url, error });
      const about = { err, provider: kept.id.provider, event, url: kept.url };
      deps.log.error(about, "a subscription at the provider could not be made or renewed");
      // The client's limit is reached: the others would be refused as well, and are looked after the next time.
      if (isLimited(err)) break;
    }
  }
  return noteAll(deps, kept, { actions, failures, left });
}

const isLimited = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === "PROVIDER_RATE_LIMITED";

async function noteAll(
  { store }: ConnectionsDeps,
  { id, url }: KeptSubscription,
  {
    actions,
    failures,
    left,
  }: {
    readonly actions: readonly SubscriptionAction[];
    readonly failures: Map<string, string>;
    /** How many there was no time for. */
    readonly left: number;
  },
): Promise<SubscriptionAction> {
  const action = order.find((one) => actions.includes(one)) ?? "unchanged";
  const error = [...failures].map(([event, said]) => `${event}: ${said}`).join("; ");
  await saveSubscriptionSummary(store.db, id, {
    state: failures.size > 0 ? "failed" : left > 0 ? "creating" : "active",
    url,
    error: failures.size === 0 ? null : error,
    change: action === "unchanged" ? null : action,
  });
  return action;
}

const order = ["created", "reactivated", "updated"] as const;

/** Whether a subscription is due; also while the provider is silent though there was something to announce. */
function isDue(
  held: EventSubscription | undefined,
  { config, url }: { readonly config: ProviderConfig; readonly url: string },
  renewBeforeMs: number,
): boolean {
  if (held === undefined || held.state !== "active" || held.url !== url) return true;
  if (config.subscription_silent_since !== null) return true;
  const now = Date.now();
  const isEnding = held.expires_at !== null && held.expires_at.getTime() - renewBeforeMs <= now;
  return isEnding || held.checked_at.getTime() + lookMs <= now;
}

async function ensureEvent(
  { store }: ConnectionsDeps,
  declared: EventSubscriptions<unknown>,
  kept: KeptSubscription & { readonly event: string; readonly known: readonly EventSubscription[] },
): Promise<SubscriptionAction> {
  const { id, access, url, signal, event } = kept;
  const secrets = knownSecrets(store.keyRing, kept);
  const held = await declared.ensure(access, event, {
    url,
    known: [...secrets.keys()],
    expectPing: () => setSubscriptionState(store.db, id, "creating", null),
    signal,
  });
  const secret = held.secret ?? secrets.get(held.remoteId) ?? null;
  await saveEventSubscription(store.db, store.keyRing, { ...id, event }, { ...held, secret, url });
  return held.action;
}

/** Returns the known secrets by subscription id. Environments that share one client share its subscriptions. */
function knownSecrets(
  keyRing: Parameters<typeof openEventSecret>[0],
  { event, known }: { readonly event: string; readonly known: readonly EventSubscription[] },
): ReadonlyMap<string, string> {
  return new Map(
    known.flatMap((one): [string, string][] => {
      const secret = openEventSecret(keyRing, one);
      return one.event === event && one.remote_id !== null && secret !== null
        ? [[one.remote_id, secret]]
        : [];
    }),
  );
}
