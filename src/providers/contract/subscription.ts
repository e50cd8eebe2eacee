/** The webhook that we hold at a provider, in the form that the provider has. */
import type { ProviderAccess } from "./access.ts";
import type { Grant } from "./connecting.ts";

/** A webhook as the provider holds it. `secret` is given only when this call has created it, or created it again. */
export interface HeldSubscription {
  readonly remoteId: string;
  readonly secret: string | null;
  readonly action: "created" | "updated" | "reactivated" | "unchanged";
}

/** The webhook that the provider should hold. */
export interface SubscriptionRequest {
  /** Our address for the provider's notifications. */
  readonly url: string;
  /**
   * The ids of the webhooks whose secrets we have. A webhook that is not among them is made again, since a provider
   * tells a secret only once.
   */
  readonly known: readonly string[];
  /**
   * Call this, and wait for it, before making a webhook whose first request is signed with a secret that we do not know
   * yet.
   */
  expectPing(): Promise<void>;
  readonly signal: AbortSignal;
}

/** One webhook for all people of a client. */
export interface ClientSubscription<Settings> {
  readonly kind: "client";
  /**
   * Makes sure that the webhook points at our address and is active. Called regularly, by one process at a time.
   * @throws ProviderError
   */
  ensure(access: ProviderAccess<Settings>, request: SubscriptionRequest): Promise<HeldSubscription>;
}

/** One subscription for each of several events. They end, and are renewed. */
export interface EventSubscriptions<Settings> {
  readonly kind: "events";
  readonly events: readonly string[];
  /** Makes the subscription of one event, or renews it. @throws ProviderError */
  ensure(
    access: ProviderAccess<Settings>,
    event: string,
    request: SubscriptionRequest,
  ): Promise<HeldSubscription & { readonly expiresAt: Date | null }>;
  /** How long before its end a subscription is renewed, in milliseconds. */
  readonly renewBeforeMs: number;
}

/** One subscription for each person. */
export interface PersonSubscription<Settings> {
  readonly kind: "person";
  /**
   * Makes sure that the person's subscription is active. Called when a person has connected, and regularly after that.
   * @throws ProviderError
   */
  ensure(
    access: ProviderAccess<Settings>,
    grant: Grant,
    request: Pick<SubscriptionRequest, "url" | "signal">,
  ): Promise<void>;
  /**
   * Removes the person's subscription. Called before the permission is revoked. One that no longer exists is no error.
   * @throws ProviderError
   */
  remove(
    access: ProviderAccess<Settings>,
    grant: Grant,
    request: Pick<SubscriptionRequest, "url" | "signal">,
  ): Promise<void>;
}

/** A subscription that the operator makes by hand on the provider's pages. */
export interface ManualSubscription<Settings> {
  readonly kind: "manual";
  /** Returns the operator's steps there, with our address. */
  steps(url: string): readonly string[];
  /** Tells whether the subscription exists, where the provider lets us look. @throws ProviderError */
  check?(access: ProviderAccess<Settings>, url: string, signal: AbortSignal): Promise<"active" | "missing">;
}

export type Subscription<Settings> =
  | ClientSubscription<Settings>
  | EventSubscriptions<Settings>
  | PersonSubscription<Settings>
  | ManualSubscription<Settings>;
