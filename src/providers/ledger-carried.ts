/** What a ledger carries of a body: the values that Terra has no field for, where and as they were. */
import type { Carried, Ledger } from "./ledger.ts";
import { isFields, itemNode, type LedgerNode, treeOf } from "./ledger-tree.ts";

/**
 * The carried part of a body, at its own paths and in the ledger's order; the provider's words for "none" are
 * null. Null when nothing is there to be carried.
 */
export function carriedOf(ledger: Ledger, body: unknown): unknown {
  const tree = treeOf(ledger);
  if (!Array.isArray(body)) return carry(tree, body) ?? null;
  const items = body.flatMap((item) => carry(tree, item) ?? []);
  return items.length > 0 ? items : null;
}

/** Undefined when there is nothing; null when the provider said that there is none. */
function carry(node: LedgerNode, value: unknown): unknown {
  if (!node.carries || value === undefined) return undefined;
  if (node.fate?.fate === "carried") return withoutSentinels(node.fate, value);
  if (Array.isArray(value)) return carryItems(node, value);
  return isFields(value) ? carryFields(node, value) : undefined;
}

function withoutSentinels({ sentinels }: Carried, value: unknown): unknown {
  return sentinels?.some((sentinel) => sentinel === value) ? null : value;
}

/** Values keep their places; objects of which nothing is carried are left out. */
function carryItems(node: LedgerNode, items: readonly unknown[]): unknown {
  const result: unknown[] = [];
  for (const item of items) {
    const inside = itemNode(node, item);
    const carried = inside && carry(inside, item);
    if (carried !== undefined && (carried !== null || inside?.fate)) result.push(carried);
  }
  return result.some(isThere) ? result : undefined;
}

function carryFields(node: LedgerNode, fields: Readonly<Record<string, unknown>>): unknown {
  const carried: [string, unknown][] = [];
  for (const [key, child] of childrenOf(node, fields)) {
    const value = carry(child, fields[key]);
    if (value !== undefined) carried.push([key, value]);
  }
  if (!carried.some(([, value]) => isThere(value))) return undefined;
  return Object.fromEntries([...identities(node, fields), ...carried]);
}

function childrenOf(
  { fields, values }: LedgerNode,
  body: Readonly<Record<string, unknown>>,
): Iterable<readonly [string, LedgerNode]> {
  return values === null ? fields : Object.keys(body).map((key) => [key, values] as const);
}

function identities(node: LedgerNode, body: Readonly<Record<string, unknown>>): [string, unknown][] {
  return [...node.fields].flatMap(([key, { fate }]): [string, unknown][] => {
    const identifies = fate?.fate === "mapped" && fate.identifies === true;
    return identifies && isThere(body[key]) ? [[key, body[key]]] : [];
  });
}

/** A list without items and a null say that there is nothing. */
function isThere(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return !Array.isArray(value) || value.length > 0;
}
