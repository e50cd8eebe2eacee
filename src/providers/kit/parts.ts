/** Gives normalisers parts with the types of their resources. */
import type { Part, PartsRef, Resource } from "../provider.ts";

/** Tells whether the part is one of this resource, and so has its type. */
export const isPartOf = <Value>(resource: Resource<Value>, part: Part): part is Part<Value> =>
  part.resource === resource.name;

/** Returns the resource's part, the first where there are several. */
export function partOf<Value>(parts: readonly Part[], resource: Resource<Value>): Part<Value> | undefined {
  for (const part of parts) if (isPartOf(resource, part)) return part;
  return undefined;
}

/** Returns the value of the resource's part. */
export const valueFrom = <Value>(parts: readonly Part[], resource: Resource<Value>): Value | undefined =>
  partOf(parts, resource)?.value;

/** Returns the values of all parts of the resource, in their order. */
export const valuesFrom = <Value>(parts: readonly Part[], resource: Resource<Value>): Value[] =>
  parts.filter((part) => isPartOf(resource, part)).map(({ value }) => value);

/** Tells whether the part belongs to one of these resources. */
export const isOneOf = (resources: readonly Resource[], { resource }: Pick<Part, "resource">): boolean =>
  resources.some(({ name }) => name === resource);

/** Returns the names of these resources. */
export const namesOf = (resources: readonly Resource[]): string[] => resources.map(({ name }) => name);

/** Returns references to the parts of these resources with this key. */
export const refsTo = (resources: readonly Resource[], key: string): PartsRef[] =>
  resources.map(({ name }) => ({ resource: name, key }));
