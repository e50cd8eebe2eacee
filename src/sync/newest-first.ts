/** Sorts the parts to be made into records: a person who has just connected looks for today first. */
import type { Part, Provider } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";

/** Parts without a time describe the present, and come first. */
export function newestFirst(provider: Pick<Provider, "resources">, parts: readonly Part[]): Part[] {
  const timeOf = (part: Part): string | null => findResource(provider, part.resource)?.timeOf?.(part) ?? null;
  return parts
    .map((part) => ({ part, time: timeOf(part) }))
    .sort((one, other) => compareTimes(one.time, other.time))
    .map(({ part }) => part);
}

function compareTimes(one: string | null, other: string | null): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one > other ? -1 : 1;
}
