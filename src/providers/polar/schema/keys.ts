import type { Steps } from "../../kit/edits.ts";
import { unlessEmptyText } from "../../kit/empty-text.ts";

/** Polar nests five deep; thousands of levels would exhaust the stack of whoever walks them. */
const deepest = 64;

/**
 * One item of a body with its keys in snake_case. A field that is nested too deep is null, and named.
 */
export function snakeItem(item: unknown): { readonly value: unknown; readonly tooDeep: readonly Steps[] } {
  try {
    return { value: snakeKeys(item), tooDeep: [] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return withoutTooDeep(item);
  }
}

function withoutTooDeep(item: unknown): ReturnType<typeof snakeItem> {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return { value: null, tooDeep: [] };
  const tooDeep: Steps[] = [];
  const fields = Object.entries(item).map(([key, field]): [string, unknown] => {
    try {
      return [snakeCase(key), snakeKeys(field, 1)];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      tooDeep.push([snakeCase(key)]);
      return [snakeCase(key), null];
    }
  });
  return { value: Object.fromEntries(fields), tooDeep };
}

const snakeCase = (key: string): string => (key.includes("-") ? key.replaceAll("-", "_") : key);

/**
 * The one place that knows Polar spells keys both ways: the documentation says `sample-type`, devices send
 * `sample_type`, and `training_load_pro` holds kebab-case keys inside a snake_case object (POLAR-API §2).
 * A text that says nothing is null, wherever it is.
 *
 * @throws RangeError when it is nested deeper than any body of Polar's
 */
export function snakeKeys(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return unlessEmptyText(value);
  if (depth === deepest) throw new RangeError("Nested too deep");
  return Array.isArray(value) ? snakeItems(value, depth + 1) : snakeFields(value, depth + 1);
}

/** Parts without a kebab-case key are returned as they are: most bodies have none, and some are long. */
function snakeItems(items: readonly unknown[], depth: number): readonly unknown[] {
  let changed = false;
  const result = items.map((item) => {
    const renamed = snakeKeys(item, depth);
    changed ||= renamed !== item;
    return renamed;
  });
  return changed ? result : items;
}

function snakeFields(fields: object, depth: number): object {
  let changed = false;
  const result = Object.entries(fields).map(([key, item]): [string, unknown] => {
    const name = snakeCase(key);
    const renamed = snakeKeys(item, depth);
    changed ||= name !== key || renamed !== item;
    return [name, renamed];
  });
  return changed ? Object.fromEntries(result) : fields;
}
