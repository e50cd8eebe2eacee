/** Puts an item of a body into the form that schemas read: keys as they name them, and null for what says nothing. */
import type { Steps } from "./edits.ts";
import { unlessEmptyText } from "./empty-text.ts";

/**
 * Providers nest five or six deep. Thousands of levels would exhaust the stack of whatever walks them, and some
 * destinations take no more than twenty.
 */
const deepest = 12;

/** The name by which schema and ledger know a key. */
export type KeyName = (key: string) => string;

export const asItIs: KeyName = (key) => key;

export interface CleanItem {
  readonly value: unknown;
  /** Where it is null because of what JSON has no number for: an exponent that is too large is read as such. */
  readonly notFinite: readonly Steps[];
  /** Where it is null because it is nested too deep. */
  readonly tooDeep: readonly Steps[];
}

/** One item of a body, cleaned, and the places in it that could not be kept. */
export function cleanItem(item: unknown, keyName: KeyName): CleanItem {
  const found: Found = { keyName, notFinite: [], tooDeep: [] };
  const seen: Seen = { odd: false };
  const value = cleaned(item, keyName, seen);
  // Almost no item has an odd leaf, and some are long: only one that has is walked again, for the paths.
  if (seen.odd) look(item, [], found);
  const { notFinite, tooDeep } = found;
  return { value, notFinite, tooDeep };
}

const isNoNumber = (value: unknown): boolean => typeof value === "number" && !Number.isFinite(value);

/** Whether a leaf has become null because it is no number or nested too deep. */
interface Seen {
  odd: boolean;
}

interface Found {
  readonly keyName: KeyName;
  readonly notFinite: Steps[];
  readonly tooDeep: Steps[];
}

function look(value: unknown, at: Steps, found: Found): void {
  if (isNoNumber(value)) found.notFinite.push(at);
  if (typeof value !== "object" || value === null) return;
  if (at.length === deepest) found.tooDeep.push(at);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) look(item, [...at, index], found);
  else for (const [key, field] of Object.entries(value)) look(field, [...at, found.keyName(key)], found);
}

/**
 * The value with its keys named. A text that says nothing is null, wherever it is, and so are a number that is none
 * and what is nested too deep.
 */
export function cleaned(value: unknown, keyName: KeyName, seen: Seen = { odd: false }, depth = 0): unknown {
  const isObject = typeof value === "object" && value !== null;
  if (isNoNumber(value) || (isObject && depth === deepest)) {
    seen.odd = true;
    return null;
  }
  if (!isObject) return unlessEmptyText(value);
  const inside: Inside = { keyName, seen, depth: depth + 1 };
  return Array.isArray(value) ? cleanedItems(value, inside) : cleanedFields(value, inside);
}

/** How what lies inside a list or an object is cleaned. */
interface Inside {
  readonly keyName: KeyName;
  readonly seen: Seen;
  readonly depth: number;
}

/** What has nothing to be changed is returned as it is: most bodies are such, and some are long. */
function cleanedItems(items: readonly unknown[], { keyName, seen, depth }: Inside): readonly unknown[] {
  let changed = false;
  const result = items.map((item) => {
    const clean = cleaned(item, keyName, seen, depth);
    changed ||= clean !== item;
    return clean;
  });
  return changed ? result : items;
}

function cleanedFields(fields: object, { keyName, seen, depth }: Inside): object {
  let changed = false;
  const result = Object.entries(fields).map(([key, item]): [string, unknown] => {
    const name = keyName(key);
    const clean = cleaned(item, keyName, seen, depth);
    changed ||= name !== key || clean !== item;
    return [name, clean];
  });
  return changed ? Object.fromEntries(result) : fields;
}
