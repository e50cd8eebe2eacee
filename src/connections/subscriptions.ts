/** Our webhook at each provider: made, pointed at us and woken up again by ourselves. */
import { sql } from "kysely";
import { errorMessage } from "../errors.ts";
import { providerBySlug } from "../providers/registry.ts";
import {
  listProviderConfigs,
  openSubscriptionSecret,
  type ProviderConfig,
  type ProviderConfigId,
  saveSubscription,
  setSubscriptionState,
} from "../store/provider-configs.ts";
import type { ConnectionsDeps } from "./deps.ts";

/**
 * Makes sure of every configured provider's webhook; one that fails is logged and does not stop the rest.
 * One process at a time: two would make each other's webhook anew.
 */
export async function ensureSubscriptions(deps: ConnectionsDeps, signal: AbortSignal): Promise<void> {
  await deps.store.db.connection().execute(async (session) => {
    const lock = sql<{
      held: boolean;
    }>`SELECT pg_try_advisory_lock(hashtext('systole subscriptions')) AS held`;
    if (!(await lock.execute(session)).rows[0]?.held) return;
    try {
      for (const config of await listProviderConfigs(deps.store.db)) await ensureOne(deps, config, signal);
    } finally {
      await sql`SELECT pg_advisory_unlock(hashtext('systole subscriptions'))`.execute(session);
    }
  });
}

async function ensureOne(deps: ConnectionsDeps, config: ProviderConfig, signal: AbortSignal): Promise<void> {
  const { db } = deps.store;
  const id = { environmentId: config.environment_id, provider: config.provider };
  const url = `${deps.publicUrl}/v2/hooks/${config.provider}`;
  try {
    const action = await ensure(deps, id, url, signal);
    if (action === "unchanged") return;
    deps.metrics?.webhookMended(id.provider, action);
    const level = action === "reactivated" ? "warn" : "info";
    deps.log[level]({ provider: id.provider, url, action }, "webhook at the provider");
  } catch (error) {
    await setSubscriptionState(db, id, "failed", errorMessage(error));
    deps.log.error({ err: error, provider: id.provider, url }, "the provider's webhook could not be set up");
  }
}

async function ensure(
  deps: ConnectionsDeps,
  id: ProviderConfigId,
  url: string,
  signal: AbortSignal,
): Promise<string> {
  const { db, keyRing } = deps.store;
  const declared = providerBySlug(id.provider).subscription;
  if (declared?.kind !== "client") return "unchanged";
  const access = await deps.clients.accessFor(id);
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

/** By the webhook's id. Environments that share one client share its webhook, so one may know it for another. */
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
