/** A provider's credentials in an environment, and our webhook there. Secrets are sealed. */
import type { Selectable } from "kysely";
import type { HeldSubscription } from "../providers/provider.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { ProviderConfigId } from "./provider-config-id.ts";
import { dropEventSubscriptions } from "./provider-subscriptions.ts";
import type { DatabaseOrTransaction, ProviderConfigsTable } from "./tables.ts";

export type ProviderConfig = Selectable<ProviderConfigsTable>;

/** Returns the context that binds a provider's sealed credentials. */
export const providerContext = (id: ProviderConfigId, what: "settings" | "subscription"): string =>
  `provider_configs:${id.environmentId}:${id.provider}:${what}`;

export async function findProviderConfig(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
): Promise<ProviderConfig | null> {
  const row = await db
    .selectFrom("provider_configs")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the configurations of all environments: only a notification's signature tells whose it is. */
export function listProviderConfigs(db: DatabaseOrTransaction, provider?: string): Promise<ProviderConfig[]> {
  const all = db.selectFrom("provider_configs").selectAll().orderBy("environment_id");
  return (provider === undefined ? all : all.where("provider", "=", provider)).execute();
}

/**
 * Saves credentials. If they differ from the stored ones, the webhook belongs to another client and is
 * forgotten; if they are equal, nothing changes.
 */
export async function saveProviderConfig(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  id: ProviderConfigId,
  settings: unknown,
  origin: ProviderConfig["origin"],
): Promise<void> {
  const existing = await findProviderConfig(db, id);
  const text = JSON.stringify(settings);
  if (existing !== null && keyRing.open(existing.settings_sealed, providerContext(id, "settings")) === text)
    return;
  const row = {
    settings_sealed: keyRing.seal(text, providerContext(id, "settings")),
    origin,
    subscription_state: "none" as const,
    subscription_remote_id: null,
    subscription_url: null,
    subscription_secret_sealed: null,
    subscription_error: null,
    updated_at: new Date(),
  };
  await db
    .insertInto("provider_configs")
    .values({ environment_id: id.environmentId, provider: id.provider, ...row })
    .onConflict((conflict) => conflict.columns(["environment_id", "provider"]).doUpdateSet(row))
    .execute();
  await dropEventSubscriptions(db, id);
}

export function openSettings(keyRing: KeyRing, config: ProviderConfig): unknown {
  const id = { environmentId: config.environment_id, provider: config.provider };
  return JSON.parse(keyRing.open(config.settings_sealed, providerContext(id, "settings")));
}

/** Returns the webhook's secret, or null while none is known. */
export function openSubscriptionSecret(keyRing: KeyRing, config: ProviderConfig): string | null {
  if (config.subscription_secret_sealed === null) return null;
  const id = { environmentId: config.environment_id, provider: config.provider };
  return keyRing.open(config.subscription_secret_sealed, providerContext(id, "subscription"));
}

export async function saveSubscription(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  id: ProviderConfigId,
  url: string,
  subscription: HeldSubscription,
): Promise<void> {
  const secret =
    subscription.secret === null
      ? {}
      : {
          subscription_secret_sealed: keyRing.seal(subscription.secret, providerContext(id, "subscription")),
        };
  await updateConfig(db, id, {
    subscription_state: "active",
    subscription_remote_id: subscription.remoteId,
    subscription_url: url,
    subscription_error: null,
    subscription_checked_at: new Date(),
    ...(subscription.action !== "unchanged" && {
      subscription_mended: subscription.action,
      subscription_mended_at: new Date(),
    }),
    ...secret,
  });
}

export async function setSubscriptionState(
  db: DatabaseOrTransaction,
  id: ProviderConfigId,
  state: ProviderConfig["subscription_state"],
  error: string | null,
): Promise<void> {
  await updateConfig(db, id, {
    subscription_state: state,
    subscription_error: error,
    subscription_checked_at: new Date(),
  });
}

export interface SubscriptionSummary {
  readonly state: ProviderConfig["subscription_state"];
  readonly url: string;
  readonly error: string | null;
  /** The change just made; null when none was needed. */
  readonly change: Exclude<HeldSubscription["action"], "unchanged"> | null;
}

/**
 * Saves the summary for a provider with several subscriptions: each is stored separately, or known to the
 * provider alone.
 */
export async function saveSubscriptionSummary(
  db: DatabaseOrTransaction,
  id: ProviderConfigId,
  { state, url, error, change }: SubscriptionSummary,
): Promise<void> {
  await setSubscriptionState(db, id, state, error);
  await updateConfig(db, id, {
    subscription_url: url,
    ...(change !== null && { subscription_mended: change, subscription_mended_at: new Date() }),
  });
}

async function updateConfig(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
  change: Partial<ProviderConfig>,
): Promise<void> {
  await db
    .updateTable("provider_configs")
    .set(change)
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .execute();
}
