/** Finds which scopes of a consent are asked for: those of the resources that an environment's data types need. */
import type { DataType } from "../models/index.ts";
import { isNeeded } from "./needed-resources.ts";
import type { Provider, Scope } from "./provider.ts";

type Declared = Pick<Provider, "resources" | "normalizers">;

/**
 * Returns the scopes that the types need; null stands for all types. One that no resource names is always needed. Where no
 * required scope is left, all of them stay: providers take a request without scopes for one with all.
 */
export function neededScopes(
  provider: Declared,
  { scopes }: { readonly scopes: readonly Scope[] },
  types: readonly DataType[] | null,
): readonly Scope[] {
  const needed = scopes.filter(({ name }) => isScopeNeeded(provider, name, types));
  return needed.some(({ isRequired }) => isRequired)
    ? needed
    : scopes.filter((scope) => scope.isRequired || needed.includes(scope));
}

function isScopeNeeded(provider: Declared, name: string, types: readonly DataType[] | null): boolean {
  const opened = provider.resources.filter(({ scope }) => scope === name);
  return opened.length === 0 || opened.some((resource) => isNeeded(provider, resource.name, types));
}
