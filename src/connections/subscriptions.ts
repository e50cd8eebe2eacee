/**
 * Keeps our webhook at each provider, in the provider's form: created, pointed at us and reactivated
 * automatically.
 */
import { sql } from "kysely";
import { errorMessage } from "../errors.ts";
import type { ClientSubscription, ManualSubscription } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import {
  listProviderConfigs,
  openSubscriptionSecret,
  type ProviderConfig,
  saveSubscription,
  saveSubscriptionSummary,
  setSubscriptionState,
} from "../store/provider-configs.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ensureEvents } from "./event-subscriptions.ts";
import type { KeptSubscription, SubscriptionAction } from "./kept-subscription.ts";

/** Our address for a provider's notifications. */
export const hookUrl = (publicUrl: string, slug: string): string => `${publicUrl}/v2/hooks/${slug}`;

/** The time for one provider: one that does not answer must not use up the time of all. */
const eachMs = 20_000;

/**
 * Ensures every configured provider's webhook; a failure of one is logged and does not stop the others. One
 * process at a time: two would replace each other's webhook.
 */
export async function ensureSubscriptions(deps: ConnectionsDeps, signal: AbortSignal): Promise<void> {
  await deps.store.db.connection().execute(async (session) => {
    const lock = sql<{
      held: boolean;
    }>`SELECT pg_try_advisory_lock(hashtext('systole subscriptions')) AS held`;
    if (!(await lock.execute(session)).rows[0]?.held) return;
    try {
      for (const config of await listProviderConfigs(deps.store.db)) {
        // The others are looked after the next time. They have not failed.
        if (signal.aborted) break;
        await ensureOne(deps, config, AbortSignal.any([signal, AbortSignal.timeout(eachMs)]));
      }
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtext('systole subscriptions'))`.execute(session);
    }
  });
}

async function ensureOne(deps: ConnectionsDeps, config: ProviderConfig, signal: AbortSignal): Promise<void> {
  const { db } = deps.store;
  const id = { environmentId: config.environment_id, provider: config.provider };
  const url = hookUrl(deps.publicUrl, config.provider);
  try {
    const access = await deps.clients.accessFor(id);
    const action = await ensure(deps, { config, id, access, url, signal });
    if (action === "unchanged") return;
    deps.metrics?.webhookMended(id.provider, action);
    const level = action === "reactivated" ? "warn" : "info";
    deps.log[level]({ provider: id.provider, url, action }, "webhook at the provider");
  } catch (error) {
    await setSubscriptionState(db, id, "failed", errorMessage(error));
    deps.log.error({ err: error, provider: id.provider, url }, "the provider's webhook could not be set up");
  }
}

async function ensure(deps: ConnectionsDeps, kept: KeptSubscription): Promise<SubscriptionAction> {
  const declared = providerBySlug(kept.id.provider).subscription;
  switch (declared?.kind) {
    case "client":
      return ensureClient(deps, declared, kept);
    case "events":
      return ensureEvents(deps, declared, kept);
    case "manual":
      return lookAfterManual(deps, declared, kept);
    default:
      return "unchanged";
  }
}

async function ensureClient(
  deps: ConnectionsDeps,
  declared: ClientSubscription<unknown>,
  { id, access, url, signal }: KeptSubscription,
): Promise<SubscriptionAction> {
  const { db, keyRing } = deps.store;
  const secrets = await knownSecrets(deps, id.provider);
  const subscription = await declared.ensure(access, {
    url,
    known: [...secrets.keys()],
    expectPing: () => setSubscriptionState(db, id, "creating", null),
    signal,
  });
  const secret = subscription.secret ?? secrets.get(subscription.remoteId) ?? null;
  await saveSubscription(db, keyRing, id, url, { ...subscription, secret });
  return subscription.action;
}

/** Checks a webhook that only the operator can create, if the provider lets us look. */
async function lookAfterManual(
  { store }: ConnectionsDeps,
  declared: ManualSubscription<unknown>,
  { id, access, url, signal }: KeptSubscription,
): Promise<SubscriptionAction> {
  const state = (await declared.check?.(access, url, signal)) ?? "manual";
  await saveSubscriptionSummary(store.db, id, { state, url, error: null, change: null });
  return "unchanged";
}

/**
 * Returns the known secrets by webhook id. Environments that share one client share its webhook, so one may
 * know it for another.
 */
async function knownSecrets(
  { store }: ConnectionsDeps,
  provider: string,
): Promise<ReadonlyMap<string, string>> {
  const secrets = new Map<string, string>();
  for (const config of await listProviderConfigs(store.db, provider)) {
    const secret = openSubscriptionSecret(store.keyRing, config);
    if (secret !== null && config.subscription_remote_id !== null) {
      secrets.set(config.subscription_remote_id, secret);
    }
  }
  return secrets;
}
