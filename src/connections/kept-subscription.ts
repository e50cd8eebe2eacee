import type { HeldSubscription, ProviderAccess } from "../providers/provider.ts";
import type { ProviderConfig } from "../store/provider-configs.ts";

/** The change that was made at the provider. */
export type SubscriptionAction = HeldSubscription["action"];

/** One provider's webhook in one environment, and its state. */
export interface KeptSubscription {
  readonly config: ProviderConfig;
  readonly id: { readonly environmentId: string; readonly provider: string };
  readonly access: ProviderAccess<unknown>;
  /** Our address for its notifications. */
  readonly url: string;
  readonly signal: AbortSignal;
}
