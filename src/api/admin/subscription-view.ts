/** Shows our webhook at a provider as operators see it, in whichever form the provider has. */
import { hookUrl } from "../../connections/subscriptions.ts";
import type { Provider, Subscription } from "../../providers/provider.ts";
import { countSubscribed, type PeopleSubscribed } from "../../store/person-subscriptions.ts";
import type { ProviderConfig } from "../../store/provider-configs.ts";
import { listEventSubscriptions } from "../../store/provider-subscriptions.ts";
import { lastNotificationAt } from "../../store/webhook-health.ts";
import type { ApiServices } from "../services.ts";
import { isoOrNull } from "./parameters.ts";

type ViewServices = Pick<ApiServices, "store" | "publicUrl">;

/** Returns the subscription; null where the provider has none. */
export async function subscriptionShown(
  services: ViewServices,
  config: ProviderConfig,
  { subscription }: Provider,
) {
  if (subscription === undefined) return null;
  const id = { environmentId: config.environment_id, provider: config.provider };
  const common = {
    form: subscription.kind,
    state: config.subscription_state as string,
    url: config.subscription_url,
    error: config.subscription_error,
    checked_at: isoOrNull(config.subscription_checked_at),
    last_notification_at: isoOrNull(await lastNotificationAt(services.store.db, id)),
    last_change: config.subscription_mended && {
      action: config.subscription_mended,
      at: isoOrNull(config.subscription_mended_at),
    },
    silent_since: isoOrNull(config.subscription_silent_since),
  };
  return { ...common, ...(await ofForm(services, config, subscription)) };
}

async function ofForm(
  { store: { db }, publicUrl }: ViewServices,
  { environment_id: environmentId, provider, subscription_state }: ProviderConfig,
  subscription: Subscription<unknown>,
) {
  const url = hookUrl(publicUrl, provider);
  switch (subscription.kind) {
    case "client":
      return {};
    case "manual":
      // Before the first check, only the steps are known.
      return {
        url,
        steps: [...subscription.steps(url)],
        state: subscription_state === "none" ? "manual" : subscription_state,
      };
    case "events":
      return { events: (await listEventSubscriptions(db, provider, environmentId)).map(eventShown) };
    case "person":
      return { url, ...peopleShown(await countSubscribed(db, { environmentId, provider })) };
  }
}

const eventShown = (one: Awaited<ReturnType<typeof listEventSubscriptions>>[number]) => ({
  event: one.event,
  state: one.state,
  expires_at: isoOrNull(one.expires_at),
  error: one.error,
  checked_at: one.checked_at.toISOString(),
});

function peopleShown({ subscribed, waiting, failing, error, checkedAt }: PeopleSubscribed) {
  const state = failing > 0 ? "failed" : subscribed > 0 ? "active" : "none";
  return { state, error, checked_at: isoOrNull(checkedAt), people: { subscribed, waiting, failing } };
}
