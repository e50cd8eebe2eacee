import type { Steps } from "../../kit/edits.ts";
import { unlessEmptyText } from "../../kit/empty-text.ts";

/**
 * Polar nests five deep. Thousands of levels would exhaust the stack of whoever walks them, and some destinations take
 * no more than twenty.
 */
const deepest = 12;

export interface SnakeItem {
  readonly value: unknown;
  /** Where it is null because of what JSON has no number for: an exponent that is too large is read as such. */
  readonly notFinite: readonly Steps[];
  /** Where it is null because it is nested too deep. */
  readonly tooDeep: readonly Steps[];
}

/** One item of a body with its keys in snake_case. */
export function snakeItem(item: unknown): SnakeItem {
  const found: Found = { notFinite: [], tooDeep: [] };
  const seen = { odd: false };
  const value = snakeKeys(item, seen);
  // Almost no item has an odd leaf, and some are long: only one that has is walked again, for the paths.
  if (seen.odd) look(item, [], found);
  return { value, ...found };
}

const snakeCase = (key: string): string => (key.includes("-") ? key.replaceAll("-", "_") : key);

const isNoNumber = (value: unknown): boolean => typeof value === "number" && !Number.isFinite(value);

/** Whether a leaf has become null because it is no number or nested too deep. */
interface Seen {
  odd: boolean;
}

interface Found {
  readonly notFinite: Steps[];
  readonly tooDeep: Steps[];
}

function look(value: unknown, at: Steps, found: Found): void {
  if (isNoNumber(value)) found.notFinite.push(at);
  if (typeof value !== "object" || value === null) return;
  if (at.length === deepest) found.tooDeep.push(at);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) look(item, [...at, index], found);
  else for (const [key, field] of Object.entries(value)) look(field, [...at, snakeCase(key)], found);
}

/**
 * The one place that knows Polar spells keys both ways: the documentation says `sample-type`, devices send
 * `sample_type`, and `training_load_pro` holds kebab-case keys inside a snake_case object (POLAR-API §2).
 * A text that says nothing is null, wherever it is, and so are a number that is none and what is nested too deep.
 */
export function snakeKeys(value: unknown, seen: Seen = { odd: false }, depth = 0): unknown {
  const isObject = typeof value === "object" && value !== null;
  if (isNoNumber(value) || (isObject && depth === deepest)) {
    seen.odd = true;
    return null;
  }
  if (!isObject) return unlessEmptyText(value);
  return Array.isArray(value) ? snakeItems(value, seen, depth + 1) : snakeFields(value, seen, depth + 1);
}

/** Parts without a kebab-case key are returned as they are: most bodies have none, and some are long. */
function snakeItems(items: readonly unknown[], seen: Seen, depth: number): readonly unknown[] {
  let changed = false;
  const result = items.map((item) => {
    const renamed = snakeKeys(item, seen, depth);
    changed ||= renamed !== item;
    return renamed;
  });
  return changed ? result : items;
}

function snakeFields(fields: object, seen: Seen, depth: number): object {
  let changed = false;
  const result = Object.entries(fields).map(([key, item]): [string, unknown] => {
    const name = snakeCase(key);
    const renamed = snakeKeys(item, seen, depth);
    changed ||= name !== key || renamed !== item;
    return [name, renamed];
  });
  return changed ? Object.fromEntries(result) : fields;
}
