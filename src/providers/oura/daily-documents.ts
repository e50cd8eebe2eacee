/**
 * Documents of which a day has one. A document is stored under its day, so that the newest one counts even where Oura has
 * given it another id, and under day and id, so that a deletion, which names only the id, finds it.
 */
import type { Part, PartsRef, Resource } from "../provider.ts";

interface DayDocument {
  readonly day: string;
  readonly id?: string | null | undefined;
}

export const dayKeys = ({ day, id }: DayDocument): string[] => (id == null ? [day] : [day, `${day}/${id}`]);

/** Returns references to the documents of one day. */
export const refsToDay = (resources: readonly Resource[], day: string): PartsRef[] =>
  resources.flatMap(({ name: resource }) => [
    { resource, key: day },
    { resource, key: `${day}/`, prefix: true },
  ]);

/** Returns the parts without documents that were deleted, and each document once. */
export function withoutDeleted(parts: readonly Part[], resources: readonly Resource[]): Part[] {
  const names = new Set(resources.map(({ name }) => name));
  const living = new Set(parts.map(({ resource, key }) => `${resource} ${key}`));
  return parts.filter((part) => {
    if (!names.has(part.resource)) return true;
    const keys = dayKeys(part.value as DayDocument);
    return part.key === keys[0] && keys.every((key) => living.has(`${part.resource} ${key}`));
  });
}

export const dayOfKey = (key: string): string => key.slice(0, 10);
