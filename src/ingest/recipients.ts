/**
 * The possible recipients of a provider's notifications, cached for a moment because every notification needs
 * them.
 */
import type { ProviderClients } from "../connections/provider-clients.ts";
import { needsNoSettings } from "../providers/environment.ts";
import type { NotificationRecipient } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { listEnvironments } from "../store/environments.ts";
import {
  listProviderConfigs,
  openSubscriptionSecret,
  type ProviderConfig,
} from "../store/provider-configs.ts";
import {
  type EventSubscription,
  listEventSubscriptions,
  openEventSecret,
} from "../store/provider-subscriptions.ts";
import type { Store } from "../store/store.ts";

const freshForMs = 5_000;

export interface EnvironmentRecipient extends NotificationRecipient<unknown> {
  readonly environmentId: string;
}

export interface KnownRecipients {
  readonly recipients: readonly EnvironmentRecipient[];
  /** A webhook is being created, or none is known: a PING may arrive that cannot be verified. */
  readonly pingExpected: boolean;
  /** The provider signs with a secret that we were never told. */
  readonly isSecretMissing: boolean;
}

/** Whether a webhook exists whose secret its provider never told us. */
const isWithoutSecret = ({ remote_id, secret_sealed }: EventSubscription): boolean =>
  remote_id !== null && secret_sealed === null;

export class Recipients {
  readonly #store: Store;
  readonly #clients: ProviderClients;
  readonly #known = new Map<string, { readAt: number; recipients: Promise<KnownRecipients> }>();

  constructor(store: Store, clients: ProviderClients) {
    this.#store = store;
    this.#clients = clients;
  }

  of(providerSlug: string, fresh = false): Promise<KnownRecipients> {
    const known = this.#known.get(providerSlug);
    if (!fresh && known && Date.now() - known.readAt < freshForMs) return known.recipients;
    const recipients = this.#read(providerSlug);
    this.#known.set(providerSlug, { readAt: Date.now(), recipients });
    recipients.catch(() => this.#known.delete(providerSlug));
    return recipients;
  }

  async #read(providerSlug: string): Promise<KnownRecipients> {
    const { db, keyRing } = this.#store;
    const configs = await listProviderConfigs(db, providerSlug);
    const events = await listEventSubscriptions(db, providerSlug);
    const recipients: EnvironmentRecipient[] = configs.flatMap((config) => {
      const access = this.#clients.accessOf(config);
      if (access === null) return [];
      const environmentId = config.environment_id;
      const ofEvents = events.filter((one) => one.environment_id === environmentId);
      const told = [
        openSubscriptionSecret(keyRing, config),
        ...ofEvents.map((one) => openEventSecret(keyRing, one)),
      ];
      return [{ environmentId, ...access, secrets: told.filter((secret) => secret !== null) }];
    });
    recipients.push(...(await this.#unconfigured(providerSlug, configs)));
    const isCreating = configs.some(({ subscription_state }) => subscription_state === "creating");
    const kind = providerBySlug(providerSlug).subscription?.kind;
    const isSecretTold = kind === "client" || (kind === "events" && !events.some(isWithoutSecret));
    const isSecretMissing = isSecretTold && recipients.every(({ secrets }) => secrets.length === 0);
    return { recipients, pingExpected: isCreating || isSecretMissing, isSecretMissing };
  }

  /** Returns the environments without settings, where the provider needs none: people can connect there. */
  async #unconfigured(provider: string, configs: readonly ProviderConfig[]): Promise<EnvironmentRecipient[]> {
    if (!needsNoSettings(providerBySlug(provider))) return [];
    const configured = new Set(configs.map(({ environment_id }) => environment_id));
    const others = (await listEnvironments(this.#store.db)).filter(
      (one) => !configured.has(one.environment_id),
    );
    return Promise.all(
      others.map(async ({ environment_id: environmentId }) => {
        const access = await this.#clients.accessFor({ environmentId, provider });
        return { environmentId, ...access, secrets: [] };
      }),
    );
  }
}
