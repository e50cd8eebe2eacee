/** Finds the leaves of parts that no ledger knows, and those that could not be read; a limited number of either. */
import type { GrowingSample, Statement } from "../providers/kit/growing/fold.ts";
import type { Ledger } from "../providers/ledger.ts";
import { unknownLeaves } from "../providers/ledger-leaves.ts";
import type { Part, Provider } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import type { LeafKind } from "../store/tables.ts";

const maxPathsOfBody = 50;
/** A larger number, since long paths are cut and may then be equal. */
const maxLookedFor = 1_000;
const longestPath = 200;

export interface Leaves {
  readonly resource: string;
  readonly kind: LeafKind;
  readonly paths: ReadonlySet<string>;
}

/** Returns each path once per body. */
export function leavesOf(provider: Pick<Provider, "resources">, parts: readonly Part[]): Leaves[] {
  // One item of a body may be kept under several keys.
  const items = [...new Map(parts.map((part) => [part.value, part])).values()];
  const unreadable = gathered(items, "unreadable", (part) => part.unreadable ?? []);
  const unknown = gathered(items, "unknown", ({ resource: name, value }) => {
    const resource = findResource(provider, name);
    if (resource === undefined) return [];
    return look(resource.ledger, resource.growing === undefined ? value : samplesOf(value));
  });
  return [...unreadable, ...unknown];
}

/** The rest of a statement is ours, and not the provider's. */
const samplesOf = (value: unknown) => ({ samples: (value as Statement<GrowingSample>).samples });

function gathered(
  items: readonly Part[],
  kind: LeafKind,
  pathsOf: (item: Part) => readonly string[],
): Leaves[] {
  const found = new Map<string, Leaves & { readonly paths: Set<string> }>();
  let left = maxPathsOfBody;
  for (const item of items) {
    if (left === 0) break;
    const { resource } = item;
    const known = found.get(resource)?.paths ?? new Set();
    for (const path of pathsOf(item)) {
      if (left === 0 || known.has(path.slice(0, longestPath))) continue;
      known.add(path.slice(0, longestPath));
      left -= 1;
    }
    if (known.size > 0) found.set(resource, { resource, kind, paths: known });
  }
  return [...found.values()];
}

/** Returns the unknown leaves of a value; none if it is nested too deep to search. The body is kept all the same. */
function look(ledger: Ledger, value: unknown): string[] {
  try {
    return unknownLeaves(ledger, value, maxLookedFor);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
