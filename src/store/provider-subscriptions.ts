/** Subscriptions to single events of a provider, with their expiry and their sealed secrets. */
import type { Selectable } from "kysely";
import type { HeldSubscription } from "../providers/provider.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { ProviderConfigId } from "./provider-config-id.ts";
import type { DatabaseOrTransaction, ProviderSubscriptionsTable } from "./tables.ts";

export type EventSubscription = Selectable<ProviderSubscriptionsTable>;

export interface EventSubscriptionId extends ProviderConfigId {
  /** The provider's own name of the event. */
  readonly event: string;
}

/** Returns the context that binds a subscription's sealed secret. */
export const subscriptionContext = ({ environmentId, provider, event }: EventSubscriptionId): string =>
  `provider_subscriptions:${environmentId}:${provider}:${event}`;

/** Returns the subscriptions of one environment or, for notifications, of all. */
export function listEventSubscriptions(
  db: DatabaseOrTransaction,
  provider: string,
  environmentId?: string,
): Promise<EventSubscription[]> {
  const all = db
    .selectFrom("provider_subscriptions")
    .selectAll()
    .where("provider", "=", provider)
    .orderBy("environment_id")
    .orderBy("event");
  return (environmentId === undefined ? all : all.where("environment_id", "=", environmentId)).execute();
}

/** Returns null if the provider gives none. */
export function openEventSecret(
  keyRing: KeyRing,
  { environment_id: environmentId, provider, event, secret_sealed: sealed }: EventSubscription,
): string | null {
  return sealed && keyRing.open(sealed, subscriptionContext({ environmentId, provider, event }));
}

export interface HeldEventSubscription extends HeldSubscription {
  readonly url: string;
  readonly expiresAt: Date | null;
}

export async function saveEventSubscription(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  id: EventSubscriptionId,
  { remoteId, secret, url, expiresAt }: HeldEventSubscription,
): Promise<void> {
  const row = {
    remote_id: remoteId,
    secret_sealed: secret === null ? null : keyRing.seal(secret, subscriptionContext(id)),
    url,
    expires_at: expiresAt,
    state: "active" as const,
    error: null,
    checked_at: new Date(),
  };
  await upsert(db, id, row, row);
}

/** Notes a failure; the stored subscription stays, since it may be valid until its expiry. */
export async function noteEventFailure(
  db: DatabaseOrTransaction,
  id: EventSubscriptionId,
  { url, error }: { readonly url: string; readonly error: string },
): Promise<void> {
  const change = { state: "failed" as const, error, checked_at: new Date() };
  await upsert(db, id, { url, ...change }, change);
}

async function upsert(
  db: DatabaseOrTransaction,
  { environmentId, provider, event }: EventSubscriptionId,
  row: Pick<EventSubscription, "url" | "state" | "error" | "checked_at">,
  change: Partial<EventSubscription>,
): Promise<void> {
  await db
    .insertInto("provider_subscriptions")
    .values({ environment_id: environmentId, provider, event, ...row })
    .onConflict((conflict) => conflict.columns(["environment_id", "provider", "event"]).doUpdateSet(change))
    .execute();
}

/** Deletes the subscriptions of a client that the environment no longer uses. */
export async function dropEventSubscriptions(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
): Promise<void> {
  await db
    .deleteFrom("provider_subscriptions")
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .execute();
}
