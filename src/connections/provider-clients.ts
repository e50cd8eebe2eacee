/** Access to providers with an environment's credentials, cached until the credentials change. */
import { createHash } from "node:crypto";
import { SystoleError } from "../errors.ts";
import { assertAddressesAllowed } from "../providers/addresses.ts";
import { needsNoSettings } from "../providers/environment.ts";
import { providerHttp } from "../providers/kit/http.ts";
import type { Provider, ProviderAccess, ProviderContext } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { BudgetId } from "../store/provider-budgets.ts";
import type { ProviderConfigId } from "../store/provider-config-id.ts";
import {
  findProviderConfig,
  listProviderConfigs,
  openSettings,
  type ProviderConfig,
} from "../store/provider-configs.ts";
import type { Store } from "../store/store.ts";

interface BoundAccess {
  readonly updatedAt: number;
  readonly access: ProviderAccess<unknown>;
  /** The APIs by their names. */
  readonly budgets: ReadonlyMap<string, BudgetId>;
}

/** The access and the budget for calls to one API. */
export interface ApiClient {
  readonly access: ProviderAccess<unknown>;
  readonly budget: BudgetId;
}

export class ProviderClients {
  readonly #store: Store;
  readonly #context: ProviderContext;
  readonly #bound = new Map<string, BoundAccess>();

  constructor(store: Store, context: ProviderContext) {
    this.#store = store;
    this.#context = context;
  }

  /** @throws ProviderError PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN */
  assertAddressesAllowed(provider: Provider, settings: unknown): void {
    assertAddressesAllowed(provider, settings, this.#context);
  }

  /** @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED, PROVIDER_SETTINGS_INVALID */
  async accessFor(id: ProviderConfigId): Promise<ProviderAccess<unknown>> {
    return (await this.#boundFor(id)).access;
  }

  /** Returns null if the stored settings are no longer valid: one environment's must not stop the others. */
  accessOf(config: ProviderConfig): ProviderAccess<unknown> | null {
    return this.#bindIfValid(config)?.access ?? null;
  }

  /** Returns the access for a call to an API, and its budget, read at once. @throws as `budgetFor` */
  async clientFor(id: ProviderConfigId, api: string): Promise<ApiClient> {
    const bound = await this.#boundFor(id);
    return { access: bound.access, budget: budgetIn(bound, api) };
  }

  /**
   * Returns the budget of an environment's calls to an API; environments that share a client share its
   * budget.
   * @throws SystoleError PROVIDER_UNKNOWN, PROVIDER_NOT_CONFIGURED, PROVIDER_SETTINGS_INVALID
   */
  async budgetFor(id: ProviderConfigId, api: string): Promise<BudgetId> {
    return budgetIn(await this.#boundFor(id), api);
  }

  /** Returns the environments that draw on this budget. */
  async sharing({ key, provider, api }: BudgetId): Promise<string[]> {
    const configs = await listProviderConfigs(this.#store.db, provider);
    return configs
      .filter((config) => this.#budgetsOf(config).get(api)?.key.equals(key))
      .map((config) => config.environment_id);
  }

  /**
   * Returns the environments with the same client as this one, itself included. They share the limits of one
   * of its APIs. A permission belongs to the client.
   */
  async sameClient(id: ProviderConfigId): Promise<string[]> {
    const configs = await listProviderConfigs(this.#store.db, id.provider);
    const own = configs.find((config) => config.environment_id === id.environmentId);
    const ours = own === undefined ? [] : [...this.#budgetsOf(own).values()];
    const isShared = ({ key }: BudgetId) => ours.some((budget) => budget.key.equals(key));
    const sharing = configs.filter((config) => [...this.#budgetsOf(config).values()].some(isShared));
    return [...new Set([id.environmentId, ...sharing.map((config) => config.environment_id)])];
  }

  #budgetsOf(config: ProviderConfig): BoundAccess["budgets"] {
    return this.#bindIfValid(config)?.budgets ?? new Map();
  }

  #bindIfValid(config: ProviderConfig): BoundAccess | null {
    try {
      return this.#bind(config);
    } catch (error) {
      if (error instanceof SystoleError && error.code === "PROVIDER_SETTINGS_INVALID") return null;
      throw error;
    }
  }

  async #boundFor(id: ProviderConfigId): Promise<BoundAccess> {
    const provider = providerBySlug(id.provider);
    const config = await findProviderConfig(this.#store.db, id);
    if (config !== null) return this.#bind(config);
    if (needsNoSettings(provider)) return this.#boundTo(provider, {}, 0);
    throw new SystoleError("PROVIDER_NOT_CONFIGURED", { provider: provider.name });
  }

  #bind(config: ProviderConfig): BoundAccess {
    const provider = providerBySlug(config.provider);
    const name = `${config.environment_id}:${config.provider}`;
    const updatedAt = config.updated_at.getTime();
    const known = this.#bound.get(name);
    if (known?.updatedAt === updatedAt) return known;
    const bound = this.#boundTo(provider, openSettings(this.#store.keyRing, config), updatedAt);
    this.#bound.set(name, bound);
    return bound;
  }

  #boundTo(provider: Provider, given: unknown, updatedAt: number): BoundAccess {
    const settings = parseSettings(provider, given);
    const budgets = Object.entries(provider.apis).map(([api, { limitedAs }]): [string, BudgetId] => {
      const key = createHash("sha256")
        .update(`${provider.slug} ${api} ${limitedAs(settings)}`)
        .digest();
      return [api, { key, provider: provider.slug, api }];
    });
    const access = { settings, http: providerHttp(this.#context) };
    return { updatedAt, access, budgets: new Map(budgets) };
  }
}

/** @throws SystoleError INTERNAL for an API that the provider does not have */
function budgetIn({ budgets }: BoundAccess, api: string): BudgetId {
  const budget = budgets.get(api);
  if (budget === undefined) throw new SystoleError("INTERNAL", { reason: `no limits of ${api}` });
  return budget;
}

/** Parses stored settings. They were valid when they were stored; a later version may require more. */
function parseSettings({ name, settings }: Provider, kept: unknown): unknown {
  const parsed = settings.safeParse(kept);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    field: path.join("."),
    problem: message,
  }));
  throw new SystoleError("PROVIDER_SETTINGS_INVALID", { provider: name, problems });
}
