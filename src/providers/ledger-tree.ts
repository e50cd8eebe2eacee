/** A ledger as the tree that its paths describe. Walking it beside a body tells what becomes of every leaf. */
import { SampleColumns } from "../models/index.ts";
import type { Fate, Ledger } from "./ledger.ts";

export interface LedgerNode {
  /** The fate of this leaf and of everything below it; null where only leaves below have one. */
  readonly fate: Fate | null;
  readonly fields: ReadonlyMap<string, LedgerNode>;
  /** Below `[]`. */
  readonly items: LedgerNode | null;
  /** Below `[field=value]`: the nodes by kind, each with the fields that all items share. */
  readonly kinds: Kinds | null;
  /** Below `{}`. */
  readonly values: LedgerNode | null;
  /** Whether anything here or below is carried. Where nothing is, the walk for carried values stops. */
  readonly carries: boolean;
  /** The fields that are carried or contain something carried, and those that identify an item. */
  readonly carried: readonly (readonly [field: string, node: LedgerNode])[];
  readonly identities: readonly string[];
}

export interface Kinds {
  readonly field: string;
  readonly nodes: ReadonlyMap<string, LedgerNode>;
}

interface Branch {
  fate: Fate | null;
  readonly steps: Map<string, Branch>;
}

const stepPattern = /[^.[\]{}]+|\[[^\]]*\]|\{\}/g;
const kindPattern = /^\[([^=]+)=(.+)\]$/;

export const stepsOf = (path: string): readonly string[] => path.match(stepPattern) ?? [];

function branchesOf(ledger: Ledger): Branch {
  const root: Branch = { fate: null, steps: new Map() };
  for (const [path, fate] of Object.entries(ledger)) {
    let branch = root;
    for (const step of stepsOf(path)) {
      const next = branch.steps.get(step) ?? { fate: null, steps: new Map() };
      branch.steps.set(step, next);
      branch = next;
    }
    branch.fate = fate;
  }
  return root;
}

/** @throws RangeError when a path with a fate lies below another one with a fate, because a leaf would have two */
function nodeOf({ fate, steps }: Branch, path: string): LedgerNode {
  if (fate !== null && steps.size > 0) throw new RangeError(`${path} has a fate, and leaves below it too`);
  const children = new Map([...steps].map(([step, branch]) => [step, nodeOf(branch, `${path}.${step}`)]));
  const items = children.get("[]") ?? null;
  const kinds = kindsOf(children, items);
  const values = children.get("{}") ?? null;
  const fields = new Map([...children].filter(([step]) => !/^[[{]/.test(step)));
  const inside = [...fields.values(), ...(kinds?.nodes.values() ?? []), items, values];
  const carries = fate?.fate === "carried" || inside.some((node) => node?.carries);
  return { fate, items, kinds, values, carries, ...fieldsOf(fields) };
}

function fieldsOf(fields: ReadonlyMap<string, LedgerNode>) {
  const carried = [...fields].filter(([, node]) => node.carries);
  const identities = [...fields]
    .filter(([, { fate }]) => fate?.fate === "mapped" && fate.identifies)
    .map(([field]) => field);
  return { fields, carried, identities };
}

function kindsOf(children: ReadonlyMap<string, LedgerNode>, items: LedgerNode | null): Kinds | null {
  const found = [...children].flatMap(([step, node]) => {
    const [, field, value] = kindPattern.exec(step) ?? [];
    return field === undefined || value === undefined ? [] : [{ field, value, node }];
  });
  const [first] = found;
  if (first === undefined) return null;
  if (found.some(({ field }) => field !== first.field))
    throw new RangeError("items are told apart by one field");
  return { field: first.field, nodes: new Map(found.map(({ value, node }) => [value, merged(items, node)])) };
}

function merged(items: LedgerNode | null, kind: LedgerNode): LedgerNode {
  const fields = new Map([...(items?.fields ?? []), ...kind.fields]);
  return { ...kind, ...fieldsOf(fields), carries: kind.carries || (items?.carries ?? false) };
}

const trees = new WeakMap<Ledger, LedgerNode>();

export function treeOf(ledger: Ledger): LedgerNode {
  const known = trees.get(ledger);
  if (known) return known;
  const tree = nodeOf(branchesOf(ledger), "");
  trees.set(ledger, tree);
  return tree;
}

export function kindOf({ field }: Kinds, item: unknown): string | null {
  const value = isFields(item) ? item[field] : null;
  return value === null || value === undefined ? null : String(value);
}

/** Returns the node for one item of an array; null when the ledger knows no such item. */
export function itemNode(node: LedgerNode, item: unknown): LedgerNode | null {
  if (node.kinds === null) return node.items;
  return node.kinds.nodes.get(kindOf(node.kinds, item) ?? "") ?? node.items;
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) && !(value instanceof SampleColumns);
}
