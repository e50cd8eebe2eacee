/** The providers an environment has credentials for. */
import type { Provider } from "../providers/provider.ts";
import { findProviderConfig } from "../store/provider-configs.ts";
import type { ApiServices } from "./services.ts";

export async function configuredProviders(
  { store, providers }: Pick<ApiServices, "store" | "providers">,
  environmentId: string,
): Promise<Provider[]> {
  const configs = await Promise.all(
    providers.map(({ slug }) => findProviderConfig(store.db, { environmentId, provider: slug })),
  );
  return providers.filter((_, index) => configs[index] !== null);
}
