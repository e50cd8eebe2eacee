/** The nesting of a JSON text, told without parsing it: what reads a deeply nested value by recursion ends the stack. */

/** Nothing that a request may say is nested deeper than a few levels. */
export const deepestJson = 32;

const steps: Readonly<Record<string, number>> = { "{": 1, "[": 1, "}": -1, "]": -1 };

/** Whether the text opens more than `deepest` objects and arrays within each other. Text in quotes does not count. */
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

/** The position of the quote that ends the text which begins at `start`, or the end of it all. */
function endOfText(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') return index;
    if (character === "\\") index += 1;
  }
  return text.length;
}
