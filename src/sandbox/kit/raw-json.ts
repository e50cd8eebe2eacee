/**
 * Cuts JSON texts into pieces without rewriting them, so that a body is served exactly as it was put: `9465.0` stays
 * `9465.0`, and keys keep their order even when they look like numbers. The scanner relies on `JSON.parse` having
 * accepted the text before.
 */

export interface Member {
  key: string;
  /** `"key": value`, as written. */
  text: string;
  /** The value alone, as written. */
  value: string;
}

const SPACE = /\s/;

function skipSpace(text: string, at: number): number {
  let index = at;
  while (index < text.length && SPACE.test(text.charAt(index))) index++;
  return index;
}

function skipString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

/** Tells whether a quote belongs to the string: an odd number of backslashes stands before it. */
function isEscaped(text: string, quote: number): boolean {
  let index = quote;
  while (text[index - 1] === "\\") index--;
  return (quote - index) % 2 === 1;
}

/** Returns the position behind the value that begins here. */
function skipValue(text: string, at: number): number {
  if (text[at] === '"') return skipString(text, at);
  if (text[at] !== "{" && text[at] !== "[") {
    let index = at;
    while (index < text.length && !/[\s,\]}]/.test(text.charAt(index))) index++;
    return index;
  }
  return skipNested(text, at);
}

function skipNested(text: string, at: number): number {
  let depth = 0;
  let index = at;
  do {
    const char = text[index];
    if (char === '"') {
      index = skipString(text, index);
      continue;
    }
    if (char === "{" || char === "[") depth++;
    if (char === "}" || char === "]") depth--;
    index++;
  } while (depth > 0);
  return index;
}

/** Returns the texts of an array's elements. */
export function elements(array: string): string[] {
  const found: string[] = [];
  let index = skipSpace(array, array.indexOf("[") + 1);
  while (array[index] !== "]") {
    const end = skipValue(array, index);
    found.push(array.slice(index, end));
    index = skipSpace(array, end);
    if (array[index] === ",") index = skipSpace(array, index + 1);
  }
  return found;
}

/** Returns the members of an object, in the order they were written. */
export function members(object: string): Member[] {
  const found: Member[] = [];
  let index = skipSpace(object, object.indexOf("{") + 1);
  while (object[index] !== "}") {
    const keyEnd = skipString(object, index);
    const start = skipSpace(object, skipSpace(object, keyEnd) + 1);
    const end = skipValue(object, start);
    const key = JSON.parse(object.slice(index, keyEnd)) as string;
    found.push({ key, text: object.slice(index, end), value: object.slice(start, end) });
    index = skipSpace(object, end);
    if (object[index] === ",") index = skipSpace(object, index + 1);
  }
  return found;
}

/**
 * Returns one member's value as written, or undefined. Of a key that occurs twice the last counts, as in JSON.parse.
 */
export function memberValue(object: string, key: string): string | undefined {
  return members(object).findLast((member) => member.key === key)?.value;
}

/** Returns the object without some of its keys; unchanged, byte for byte, when it has none of them. */
export function withoutKeys(object: string, keys: ReadonlySet<string>): string {
  const all = members(object);
  const kept = all.filter((member) => !keys.has(member.key));
  if (kept.length === all.length) return object;
  return `{${kept.map((member) => member.text).join(",")}}`;
}

/** Returns the object with one member's value replaced, the rest as written. */
export function withValue(object: string, key: string, value: string): string {
  const parts = members(object).map((member) =>
    member.key === key ? `${JSON.stringify(key)}:${value}` : member.text,
  );
  return `{${parts.join(",")}}`;
}

export const listOf = (items: readonly string[]): string => `[${items.join(",")}]`;
