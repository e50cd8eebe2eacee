/** Finds the leaves of a body, and those that its ledger does not know. */
import type { Fate, Ledger } from "./ledger.ts";
import { isFields, itemNode, type Kinds, kindOf, type LedgerNode, stepsOf, treeOf } from "./ledger-tree.ts";

/** Keys that are data, such as "23:35" or "2025-10-01". No field's name begins with a digit. */
const dataKey = /^\d/;

const fieldPath = (at: string, field: string): string => (at === "" ? field : `${at}.${field}`);

/** Returns the path of every value, spelt as in ledgers. Empty lists and objects count as leaves. */
export function leavesOf(value: unknown): string[] {
  const found = new Paths(Number.POSITIVE_INFINITY);
  addLeaves(value, "", found);
  return [...found];
}

function addLeaves(value: unknown, at: string, found: Paths): void {
  if (found.isFull) return;
  const inside = Array.isArray(value) ? value : isFields(value) ? Object.entries(value) : [];
  if (inside.length === 0) found.add(at);
  else if (Array.isArray(value)) for (const item of value) addLeaves(item, `${at}[]`, found);
  else {
    for (const [key, child] of inside as [string, unknown][])
      addLeaves(child, dataKey.test(key) ? `${at}{}` : fieldPath(at, key), found);
  }
}

/** A set of paths with an upper limit: a body may have millions. */
class Paths extends Set<string> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  get isFull(): boolean {
    return this.size >= this.#most;
  }
}

/**
 * Returns the leaves of a body (keys in snake_case) that its ledger does not know. Each path is listed once, and at
 * most `most` of them. A null, an empty list or an empty object counts as known wherever the ledger knows something
 * below it.
 */
export function unknownLeaves(ledger: Ledger, value: unknown, most = Number.POSITIVE_INFINITY): string[] {
  const found = new Paths(most);
  const tree = treeOf(ledger);
  // An array here means several items that are one part.
  if (Array.isArray(value)) for (const item of value) visit(tree, item, "", found);
  else visit(tree, value, "", found);
  return [...found];
}

function visit(node: LedgerNode, value: unknown, at: string, found: Paths): void {
  if (found.isFull || node.fate !== null || value === null || value === undefined) return;
  if (Array.isArray(value)) visitItems(node, value, at, found);
  else if (isFields(value)) visitFields(node, value, at, found);
  else found.add(at);
}

/** Puts a path together only for leaves that the ledger does not know, since there may be thousands of items. */
function visitItems(node: LedgerNode, items: readonly unknown[], at: string, found: Paths): void {
  for (const item of items) {
    if (found.isFull) return;
    const inside = itemNode(node, item);
    if (inside === null) addLeaves(item, `${at}[]`, found);
    else if (inside.fate === null) visit(inside, item, itemPath(node.kinds, inside, item, at), found);
  }
}

/** Returns the path of an item. An item of an unknown kind is named by the value of its kind. */
function itemPath(kinds: Kinds | null, inside: LedgerNode, item: unknown, at: string): string {
  const kind = kinds && kindOf(kinds, item);
  return kinds === null || kind === null || kinds.nodes.get(kind) === inside
    ? `${at}[]`
    : `${at}[${kinds.field}=${kind}]`;
}

function visitFields(
  node: LedgerNode,
  fields: Readonly<Record<string, unknown>>,
  at: string,
  found: Paths,
): void {
  for (const key in fields) {
    if (found.isFull) return;
    const child = node.fields.get(key) ?? node.values;
    if (child?.fate) continue;
    const path = node.values ? `${at}{}` : fieldPath(at, key);
    if (child) visit(child, fields[key], path, found);
    else addLeaves(fields[key], path, found);
  }
}

/** Returns a path into a body as ledgers write it: `[]` for the items of an array, `{}` for keys that are data. */
export function ledgerPath(ledger: Ledger, steps: readonly (string | number)[]): string {
  let node: LedgerNode | null = treeOf(ledger);
  let path = "";
  for (const step of steps) {
    const isData: boolean = typeof step === "string" && (Boolean(node?.values) || dataKey.test(step));
    path = typeof step === "number" ? `${path}[]` : isData ? `${path}{}` : fieldPath(path, step);
    node =
      typeof step === "number" ? (node?.items ?? null) : (node?.values ?? node?.fields.get(step) ?? null);
  }
  return path;
}

/** Returns the steps to the leaf that contains a place: as far down as the ledger knows the path. */
export function leafOf(ledger: Ledger, steps: readonly (string | number)[]): readonly (string | number)[] {
  let nodes: LedgerNode[] = [treeOf(ledger)];
  for (const [index, step] of steps.entries()) {
    nodes = nodes.flatMap((node) =>
      typeof step === "number" ? below(node, "[]") : below(node, node.values ? "{}" : step),
    );
    if (nodes.length === 0 || nodes.some(({ fate }) => fate !== null)) return steps.slice(0, index + 1);
  }
  return steps;
}

/**
 * Returns what becomes of a leaf, by its path alone: one fate, or one for each kind of item. Empty when the leaf is
 * unknown.
 */
export function fatesOf(ledger: Ledger, path: string): Fate[] {
  let nodes: LedgerNode[] = [treeOf(ledger)];
  const found = new Set<Fate>();
  for (const step of stepsOf(path)) {
    nodes = nodes.flatMap((node) => (node.fate === null ? below(node, step) : node));
    for (const { fate } of nodes) if (fate) found.add(fate);
  }
  return [...found];
}

function below({ fields, items, kinds, values }: LedgerNode, step: string): LedgerNode[] {
  if (step === "[]") return [items, ...(kinds?.nodes.values() ?? [])].filter((node) => node !== null);
  const child = step === "{}" ? values : fields.get(step);
  return child ? [child] : [];
}
