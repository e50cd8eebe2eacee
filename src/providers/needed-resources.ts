/** Finds which resources a provider's data types need: those that normalisers name, and those that lead to them. */
import type { DataType } from "../models/index.ts";
import type { Provider, Resource } from "./provider.ts";

type Declared = Pick<Provider, "resources" | "normalizers">;

const known = new WeakMap<Declared["normalizers"], ReadonlyMap<string, ReadonlySet<DataType>>>();

/**
 * Tells whether one of the types needs the resource; null stands for all types. A resource that no type needs is kept
 * for its own sake, whatever is chosen.
 */
export function isNeeded(provider: Declared, resource: string, types: readonly DataType[] | null): boolean {
  if (types === null) return true;
  const needing = typesByResource(provider).get(resource);
  return needing === undefined || types.some((type) => needing.has(type));
}

function typesByResource(provider: Declared): ReadonlyMap<string, ReadonlySet<DataType>> {
  const found = known.get(provider.normalizers) ?? findTypes(provider);
  known.set(provider.normalizers, found);
  return found;
}

function findTypes({ resources, normalizers }: Declared): ReadonlyMap<string, ReadonlySet<DataType>> {
  const found = new Map<string, Set<DataType>>();
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const add = (name: string, type: DataType): void => {
    const types = found.get(name) ?? new Set<DataType>();
    if (types.has(type)) return;
    found.set(name, types.add(type));
    for (const before of leadingTo(byName.get(name))) add(before, type);
  };
  for (const { type, needs } of normalizers) for (const name of needs) add(name, type);
  return found;
}

/** Returns the resources whose answers have this one's keys: the list before it, and its indexes. */
const leadingTo = (resource: Resource | undefined): readonly string[] => {
  const { index, dayIndex } = resource?.discovery ?? {};
  return [resource?.after?.resource, index?.resource, dayIndex?.resource].filter(
    (name) => name !== undefined,
  );
};
