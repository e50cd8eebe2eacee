/** Lists the providers that people can connect: those with credentials, and those that need none. */
import { needsNoSettings } from "../providers/environment.ts";
import type { Provider } from "../providers/provider.ts";
import { findProviderConfig, listProviderConfigs } from "../store/provider-configs.ts";
import type { ApiServices } from "./services.ts";

/** Returns those of one environment. */
export async function configuredProviders(
  { store, providers }: Pick<ApiServices, "store" | "providers">,
  environmentId: string,
): Promise<Provider[]> {
  const configs = await Promise.all(
    providers.map(({ slug }) => findProviderConfig(store.db, { environmentId, provider: slug })),
  );
  return providers.filter((provider, index) => configs[index] !== null || needsNoSettings(provider));
}

export async function configuredAnywhere({
  store,
  providers,
}: Pick<ApiServices, "store" | "providers">): Promise<Provider[]> {
  const configured = new Set((await listProviderConfigs(store.db)).map(({ provider }) => provider));
  return providers.filter((provider) => configured.has(provider.slug) || needsNoSettings(provider));
}
