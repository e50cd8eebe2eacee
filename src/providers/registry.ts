/** Every provider there is. */
import { SystoleError } from "../errors.ts";
import type { Provider } from "./provider.ts";
import { providerPlugins } from "./registry.gen.ts";

export const providers: readonly Provider[] = providerPlugins;

/** By slug or by Terra's name, in any case; null when there is none. */
export function findProvider(nameOrSlug: string): Provider | null {
  return providers.find((provider) => provider.slug === nameOrSlug.toLowerCase()) ?? null;
}

/** @throws SystoleError PROVIDER_UNKNOWN */
export function providerBySlug(slug: string): Provider {
  const provider = findProvider(slug);
  if (provider === null) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
  return provider;
}
