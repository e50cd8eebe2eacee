/** Provider clients bound to an environment's credentials, kept until the credentials change. */
import { createHash } from "node:crypto";
import { SystoleError } from "../errors.ts";
import type { ProviderClient } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { BudgetId } from "../store/provider-budgets.ts";
import {
  findProviderConfig,
  listProviderConfigs,
  openSettings,
  type ProviderConfig,
  type ProviderConfigId,
} from "../store/provider-configs.ts";
import type { Store } from "../store/store.ts";

interface BoundClient {
  readonly updatedAt: number;
  readonly client: ProviderClient;
  /** By the name of the API. */
  readonly budgets: ReadonlyMap<string, BudgetId>;
}

export class ProviderClients {
  readonly #store: Store;
  readonly #bound = new Map<string, BoundClient>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED */
  async clientFor(id: ProviderConfigId): Promise<ProviderClient> {
    return (await this.#boundFor(id)).client;
  }

  /**
   * Whose limits an environment's calls to an API draw on; environments that share a client share its budget.
   * @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED
   */
  async budgetFor(id: ProviderConfigId, api: string): Promise<BudgetId> {
    const budget = (await this.#boundFor(id)).budgets.get(api);
    if (budget === undefined) throw new SystoleError("INTERNAL", { reason: `no limits of ${api}` });
    return budget;
  }

  /** The environments that draw on this budget. */
  async sharing({ key, provider, api }: BudgetId): Promise<string[]> {
    const configs = await listProviderConfigs(this.#store.db, provider);
    return configs
      .filter((config) => this.#bind(config).budgets.get(api)?.key.equals(key))
      .map((config) => config.environment_id);
  }

  /**
   * The environments whose credentials are of the same client as this one's, itself included: those that share the
   * limits of one of its APIs. A permission belongs to the client.
   */
  async sameClient(id: ProviderConfigId): Promise<string[]> {
    const configs = await listProviderConfigs(this.#store.db, id.provider);
    const own = configs.find((config) => config.environment_id === id.environmentId);
    const ours = own === undefined ? [] : [...this.#bind(own).budgets.values()];
    const isShared = ({ key }: BudgetId) => ours.some((budget) => budget.key.equals(key));
    const sharing = configs.filter((config) => [...this.#bind(config).budgets.values()].some(isShared));
    return [...new Set([id.environmentId, ...sharing.map((config) => config.environment_id)])];
  }

  async #boundFor(id: ProviderConfigId): Promise<BoundClient> {
    const provider = providerBySlug(id.provider);
    const config = await findProviderConfig(this.#store.db, id);
    if (config === null) throw new SystoleError("PROVIDER_NOT_CONFIGURED", { provider: provider.name });
    return this.#bind(config);
  }

  #bind(config: ProviderConfig): BoundClient {
    const provider = providerBySlug(config.provider);
    const name = `${config.environment_id}:${config.provider}`;
    const updatedAt = config.updated_at.getTime();
    const known = this.#bound.get(name);
    if (known?.updatedAt === updatedAt) return known;
    const settings = provider.settings.parse(openSettings(this.#store.keyRing, config));
    const budgets = Object.entries(provider.apis).map(([api, { limitedAs }]): [string, BudgetId] => {
      const key = createHash("sha256")
        .update(`${provider.slug} ${api} ${limitedAs(settings)}`)
        .digest();
      return [api, { key, provider: provider.slug, api }];
    });
    const bound = { updatedAt, client: provider.connect(settings), budgets: new Map(budgets) };
    this.#bound.set(name, bound);
    return bound;
  }
}
