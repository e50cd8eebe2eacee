/** Prepares an item of a body for its schema: keys are renamed, and values that say nothing become null. */
import type { Steps } from "./edits.ts";
import { unlessEmptyText } from "./empty-text.ts";

/**
 * The deepest nesting that is kept. Providers nest five or six levels. Thousands would exhaust the stack of recursive
 * code, and some destinations take no more than twenty.
 */
const deepest = 12;

/** Returns the name by which schema and ledger know a key. */
export type KeyName = (key: string) => string;

export const asItIs: KeyName = (key) => key;

export interface CleanItem {
  readonly value: unknown;
  /** Places that are null because their number is not finite: an exponent that is too large is read as Infinity. */
  readonly notFinite: readonly Steps[];
  /** Places that are null because they are nested too deep. */
  readonly tooDeep: readonly Steps[];
}

/** Returns one item of a body, cleaned, and the places in it that could not be kept. */
export function cleanItem(item: unknown, keyName: KeyName): CleanItem {
  const found: Found = { keyName, notFinite: [], tooDeep: [] };
  const seen: Seen = { odd: false };
  const value = cleaned(item, keyName, seen);
  // Walk again for the paths only where a leaf is odd: almost no item has one, and some items are long.
  if (seen.odd) look(item, [], found);
  const { notFinite, tooDeep } = found;
  return { value, notFinite, tooDeep };
}

const isNoNumber = (value: unknown): boolean => typeof value === "number" && !Number.isFinite(value);

/** Records whether any leaf became null because its number is not finite, or because it is nested too deep. */
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
 * Returns the value with its keys renamed. Null replaces empty texts at any depth, numbers that are not finite, and
 * values that are nested too deep.
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

/** The settings for cleaning the contents of a list or an object. */
interface Inside {
  readonly keyName: KeyName;
  readonly seen: Seen;
  readonly depth: number;
}

/** Returns a list that needs no change as it is: most bodies need none, and some are long. */
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
