/** Provider clients bound to an environment's credentials, kept until the credentials change. */
import { SystoleError } from "../errors.ts";
import type { ProviderClient } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import { findProviderConfig, openSettings, type ProviderConfigId } from "../store/provider-configs.ts";
import type { Store } from "../store/store.ts";

export class ProviderClients {
  readonly #store: Store;
  readonly #clients = new Map<string, { updatedAt: number; client: ProviderClient }>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED */
  async clientFor(id: ProviderConfigId): Promise<ProviderClient> {
    const provider = providerBySlug(id.provider);
    const config = await findProviderConfig(this.#store.db, id);
    if (config === null) throw new SystoleError("PROVIDER_NOT_CONFIGURED", { provider: provider.name });
    const key = `${id.environmentId}:${id.provider}`;
    const updatedAt = config.updated_at.getTime();
    const known = this.#clients.get(key);
    if (known?.updatedAt === updatedAt) return known.client;
    const client = provider.connect(provider.settings.parse(openSettings(this.#store.keyRing, config)));
    this.#clients.set(key, { updatedAt, client });
    return client;
  }
}
