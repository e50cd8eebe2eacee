/**
 * Measures the nesting of a JSON text without parsing it. Recursive code would exhaust the stack on deeply nested
 * values.
 */

/** The deepest nesting of a request. Requests need no more than a few levels. */
export const deepestJson = 32;

const steps: Readonly<Record<string, number>> = { "{": 1, "[": 1, "}": -1, "]": -1 };

/**
 * Tells whether the text has more than `deepest` objects and arrays within each other. Text in quotes does not count.
 */
export function isNestedDeeper(text: string, deepest: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') index = endOfText(text, index);
    else depth += steps[character] ?? 0;
    if (depth > deepest) return true;
  }
  return false;
}

/** Returns the position of the quote that ends the text beginning at `start`, or the end of the input. */
function endOfText(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') return index;
    if (character === "\\") index += 1;
  }
  return text.length;
}
