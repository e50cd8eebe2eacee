/** The secrets that providers sign with, kept at hand for a moment: every notification needs them. */
import { listProviderConfigs, openSubscriptionSecret } from "../store/provider-configs.ts";
import type { Store } from "../store/store.ts";

const freshForMs = 5_000;

export interface KnownSecrets {
  readonly secrets: readonly { readonly environmentId: string; readonly secret: string }[];
  /** A webhook is being made, or none is known: a PING may arrive that nobody can verify. */
  readonly pingExpected: boolean;
}

export class SubscriptionSecrets {
  readonly #store: Store;
  readonly #known = new Map<string, { readAt: number; secrets: Promise<KnownSecrets> }>();

  constructor(store: Store) {
    this.#store = store;
  }

  of(providerSlug: string, fresh = false): Promise<KnownSecrets> {
    const known = this.#known.get(providerSlug);
    if (!fresh && known && Date.now() - known.readAt < freshForMs) return known.secrets;
    const secrets = this.#read(providerSlug);
    this.#known.set(providerSlug, { readAt: Date.now(), secrets });
    secrets.catch(() => this.#known.delete(providerSlug));
    return secrets;
  }

  async #read(providerSlug: string): Promise<KnownSecrets> {
    const configs = await listProviderConfigs(this.#store.db, providerSlug);
    const secrets = configs.flatMap((config) => {
      const secret = openSubscriptionSecret(this.#store.keyRing, config);
      return secret === null ? [] : [{ environmentId: config.environment_id, secret }];
    });
    const creating = configs.some(({ subscription_state }) => subscription_state === "creating");
    return { secrets, pingExpected: creating || secrets.length === 0 };
  }
}
