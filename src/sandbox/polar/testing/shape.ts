import { elements, members } from "../../kit/raw-json.ts";

/**
 * The shape of a JSON text: every path with the kinds of values found there. A number with a decimal point is another
 * kind than one without, and keys that are times of day count as one.
 */
export type Shape = Map<string, Set<string>>;

export function shapeOf(texts: readonly string[]): Shape {
  const shape: Shape = new Map();
  for (const text of texts) describe(text.trim(), "$", shape);
  return shape;
}

function describe(text: string, path: string, shape: Shape): void {
  const kinds = shape.get(path) ?? new Set<string>();
  shape.set(path, kinds.add(kindOf(text)));
  if (text.startsWith("[")) for (const element of elements(text)) describe(element, `${path}[]`, shape);
  if (!text.startsWith("{")) return;
  for (const { key, value } of members(text)) {
    describe(value, `${path}.${/^\d\d:\d\d$/.test(key) ? "HH:MM" : key}`, shape);
  }
}

function kindOf(text: string): string {
  if (text.startsWith("{")) return "object";
  if (text.startsWith("[")) return "array";
  if (text.startsWith('"')) return "text";
  if (/^[-\d]/.test(text)) return /[.eE]/.test(text) ? "decimal" : "integer";
  return text === "null" ? "null" : "boolean";
}

/** Returns `path: kinds` for every path, for comparing and reading. */
export function lines(shape: Shape): string[] {
  return [...shape].map(([path, kinds]) => `${path}: ${[...kinds].sort().join("|")}`).sort();
}
