/** The nesting of a JSON text, told without parsing it: what reads a deeply nested value by recursion ends the stack. */

/** Nothing that a request may say is nested deeper than a few levels. */
export const deepestJson = 32;

/** Whether the text opens more than `deepest` objects and arrays within each other. Text in quotes does not count. */
export function isNestedDeeper(text: string, deepest: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === "\\") index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}
