/** Parts with the types of their resources, for normalisers. */
import type { Part, PartsRef, Resource } from "../provider.ts";

/** Whether a resource made the part, and so holds what the resource says it holds. */
export const isPartOf = <Value>(resource: Resource<Value>, part: Part): part is Part<Value> =>
  part.resource === resource.name;

/** The part of a resource, the first where there are several. */
export function partOf<Value>(parts: readonly Part[], resource: Resource<Value>): Part<Value> | undefined {
  for (const part of parts) if (isPartOf(resource, part)) return part;
  return undefined;
}

/** What the part of a resource holds. */
export const valueFrom = <Value>(parts: readonly Part[], resource: Resource<Value>): Value | undefined =>
  partOf(parts, resource)?.value;

/** What all parts of a resource hold, in their order. */
export const valuesFrom = <Value>(parts: readonly Part[], resource: Resource<Value>): Value[] =>
  parts.filter((part) => isPartOf(resource, part)).map(({ value }) => value);

/** Whether the part is one of any of these resources. */
export const isOneOf = (resources: readonly Resource[], { resource }: Pick<Part, "resource">): boolean =>
  resources.some(({ name }) => name === resource);

/** The parts of these resources that have one key. */
export const refsTo = (resources: readonly Resource[], key: string): PartsRef[] =>
  resources.map(({ name }) => ({ resource: name, key }));
