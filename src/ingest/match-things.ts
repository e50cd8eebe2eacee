/**
 * Decides which things of several APIs are one: those that start nearest to each other. The result depends on the things
 * alone, not on the order in which they came.
 */
import type { Sharing } from "../providers/provider.ts";

export interface Thing {
  readonly resource: string;
  readonly key: string;
  readonly startMs: number | null;
}

interface Pair<One> {
  readonly one: One;
  readonly other: One;
  readonly apartMs: number;
}

/**
 * Returns groups of things that are one, those without another alone. A group never has two things of one resource. The
 * nearest pair goes first; of equally near ones, the one that starts earlier.
 */
export function matchThings<One extends Thing>(
  things: readonly One[],
  { resources, withinMs }: Pick<Sharing, "resources" | "withinMs">,
): One[][] {
  const ranked = things.toSorted((one, other) => inStableOrder(one, other, resources));
  const groupOf = new Map(ranked.map((thing) => [thing, [thing]]));
  for (const { one, other } of pairsOf(ranked, withinMs)) {
    const [into, from] = [groupOf.get(one) ?? [], groupOf.get(other) ?? []];
    if (into === from || into.some(({ resource }) => from.some((thing) => thing.resource === resource)))
      continue;
    into.push(...from);
    for (const thing of from) groupOf.set(thing, into);
  }
  return [...new Set(groupOf.values())];
}

/** Returns the pairs that may be one, the nearest first. The things are in order of their starts. */
function pairsOf<One extends Thing>(things: readonly One[], withinMs: number): Pair<One>[] {
  const pairs: Pair<One>[] = [];
  for (const [index, one] of things.entries()) {
    if (one.startMs === null) continue;
    for (const other of things.slice(index + 1)) {
      const apartMs = (other.startMs ?? Number.POSITIVE_INFINITY) - one.startMs;
      if (apartMs > withinMs) break;
      if (other.resource !== one.resource) pairs.push({ one, other, apartMs });
    }
  }
  // The sort is stable, so equally near pairs stay in the order of their starts.
  return pairs.sort((a, b) => a.apartMs - b.apartMs);
}

/** Orders by start, those without one last; then by resource and key. */
export function inStableOrder(one: Thing, other: Thing, resources: readonly string[]): number {
  const [start, otherStart] = [one.startMs ?? Number.MAX_VALUE, other.startMs ?? Number.MAX_VALUE];
  if (start !== otherStart) return start < otherStart ? -1 : 1;
  if (one.resource !== other.resource)
    return resources.indexOf(one.resource) - resources.indexOf(other.resource);
  return one.key < other.key ? -1 : 1;
}
