/** Takes the carried values out of a body: the ones that Terra has no field for, at their own paths and unchanged. */
import type { Carried, Ledger } from "./ledger.ts";
import { isFields, itemNode, type LedgerNode, treeOf } from "./ledger-tree.ts";

/**
 * Returns the carried part of a body, at its own paths and in the ledger's order. The provider's words for "none"
 * become null. Null when the body has nothing to carry.
 */
export function carriedOf(ledger: Ledger, body: unknown): unknown {
  const tree = treeOf(ledger);
  if (!Array.isArray(body)) return carry(tree, body) ?? null;
  const items = body.flatMap((item) => carry(tree, item) ?? []);
  return items.length > 0 ? items : null;
}

/** Undefined when the value is absent; null when the provider said that there is none. */
function carry(node: LedgerNode, value: unknown): unknown {
  if (!node.carries || value === undefined) return undefined;
  if (node.fate?.fate === "carried") return withoutSentinels(node.fate, value);
  if (Array.isArray(value)) return carryItems(node, value);
  return isFields(value) ? carryFields(node, value) : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function withoutSentinels({ sentinels }: Carried, value: unknown): unknown {
  return sentinels?.includes(value as number | string) ? null : value;
}

/** Values keep their positions. Objects with nothing to carry are left out. */
function carryItems(node: LedgerNode, items: readonly unknown[]): unknown {
  const result: unknown[] = [];
  for (const item of items) {
    const inside = itemNode(node, item);
    const carried = inside && carry(inside, item);
    if (carried !== undefined && (carried !== null || inside?.fate)) result.push(carried);
  }
  return result.some(isThere) ? result : undefined;
}

/** Makes each object once, since routes have thousands of points. */
function carryFields(node: LedgerNode, body: Fields): unknown {
  if (node.values !== null) return carryValues(node.values, body);
  const result: Record<string, unknown> = {};
  for (const field of node.identities) if (isThere(body[field])) result[field] = body[field];
  let isAnyThere = false;
  for (const [field, child] of node.carried) {
    const value = carry(child, body[field]);
    if (value === undefined) continue;
    result[field] = value;
    isAnyThere ||= isThere(value);
  }
  return isAnyThere ? result : undefined;
}

/** A map's keys are data, and stay in the order in which they came. */
function carryValues(node: LedgerNode, body: Fields): unknown {
  const carried = Object.entries(body).flatMap(([key, value]): [string, unknown][] => {
    const inside = carry(node, value);
    return inside === undefined ? [] : [[key, inside]];
  });
  return carried.some(([, value]) => isThere(value)) ? Object.fromEntries(carried) : undefined;
}

/** A null or an empty list says that there is nothing. */
function isThere(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return !Array.isArray(value) || value.length > 0;
}
