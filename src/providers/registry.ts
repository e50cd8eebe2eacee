/** All providers of this process. */
import { SystoleError } from "../errors.ts";
import type { Provider } from "./provider.ts";
import { providerPlugins } from "./registry.gen.ts";

const all: Provider[] = [...providerPlugins];

export const providers: readonly Provider[] = all;

/**
 * Adds a provider that has no folder here, for this process only. Returns what takes it away again.
 * @throws Error when its name or slug is taken
 */
export function addProvider(provider: Provider): () => void {
  if (findProvider(provider.slug) !== null || findProvider(provider.name) !== null) {
    throw new Error(`there is a provider ${provider.slug} already`);
  }
  all.push(provider);
  return () => void all.splice(all.indexOf(provider), 1);
}

/** Whether other threads of this process know the provider: one that was added is known to its own thread only. */
export const isKnownToThreads = (provider: Provider): boolean =>
  (providerPlugins as readonly Provider[]).includes(provider);

/** Finds a provider by slug or by Terra's name, in any case; null when there is none. */
export function findProvider(nameOrSlug: string): Provider | null {
  const wanted = nameOrSlug.toLowerCase();
  return all.find(({ slug, name }) => slug === wanted || name.toLowerCase() === wanted) ?? null;
}

/** @throws SystoleError PROVIDER_UNKNOWN */
export function providerBySlug(slug: string): Provider {
  const provider = all.find((one) => one.slug === slug);
  if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
  return provider;
}

/** Returns Terra's name of a provider. For a provider that this version no longer has, its slug in capitals. */
export const providerName = (slug: string): string =>
  all.find((provider) => provider.slug === slug)?.name ?? slug.toUpperCase();
