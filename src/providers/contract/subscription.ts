/** The webhook that we hold at a provider, in the form that the provider has. */
import type { ProviderAccess } from "./access.ts";
import type { Grant } from "./connecting.ts";

/** A webhook as the provider keeps it. `secret` is only given when it was (re)created by this call. */
export interface HeldSubscription {
  readonly remoteId: string;
  readonly secret: string | null;
  readonly action: "created" | "updated" | "reactivated" | "unchanged";
}

export interface SubscriptionRequest {
  /** Our address for the provider's notifications. */
  readonly url: string;
  /**
   * The ids of the webhooks whose secrets we hold. One that is not among them is made anew, since a secret is
   * told only once.
   */
  readonly known: readonly string[];
  /** To be awaited before a webhook is made whose first request is signed with a secret we do not know yet. */
  expectPing(): Promise<void>;
  readonly signal: AbortSignal;
}

/** One webhook for all people of a client. */
export interface ClientSubscription<Settings> {
  readonly kind: "client";
  /** Makes sure that the webhook points at our address and is active. @throws ProviderError */
  ensure(access: ProviderAccess<Settings>, request: SubscriptionRequest): Promise<HeldSubscription>;
}

/** One subscription for each of several events, which end and are renewed. */
export interface EventSubscriptions<Settings> {
  readonly kind: "events";
  readonly events: readonly string[];
  /** Makes or renews the subscription of one event. @throws ProviderError */
  ensure(
    access: ProviderAccess<Settings>,
    event: string,
    request: SubscriptionRequest,
  ): Promise<HeldSubscription & { readonly expiresAt: Date | null }>;
  /** How long before its end a subscription is renewed. */
  readonly renewBeforeMs: number;
}

/** One subscription for each person. */
export interface PersonSubscription<Settings> {
  readonly kind: "person";
  /** Called when a person has connected, and now and then after that. @throws ProviderError */
  ensure(
    access: ProviderAccess<Settings>,
    grant: Grant,
    request: Pick<SubscriptionRequest, "url" | "signal">,
  ): Promise<void>;
  /** Called before a person's permission is given back; a subscription already gone is no error. @throws ProviderError */
  remove(
    access: ProviderAccess<Settings>,
    grant: Grant,
    request: Pick<SubscriptionRequest, "url" | "signal">,
  ): Promise<void>;
}

/** The operator makes it by hand on the provider's pages. */
export interface ManualSubscription<Settings> {
  readonly kind: "manual";
  /** What the operator has to do there, step by step, with our address. */
  steps(url: string): readonly string[];
  /** Whether it is there, where the provider lets one look. @throws ProviderError */
  check?(access: ProviderAccess<Settings>, url: string, signal: AbortSignal): Promise<"active" | "missing">;
}

export type Subscription<Settings> =
  | ClientSubscription<Settings>
  | EventSubscriptions<Settings>
  | PersonSubscription<Settings>
  | ManualSubscription<Settings>;
