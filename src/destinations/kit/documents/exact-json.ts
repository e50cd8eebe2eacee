/**
 * Parses JSON without losing what JavaScript's numbers cannot hold: a whole number that needs more than 32 bits
 * becomes a bigint. Ordinary texts have none, which a quick search tells, and are parsed at full speed.
 */
import { Unfit } from "./unfit.ts";

/** Whole numbers of ten digits and more; a fraction's digits do not count. */
const longNumber = /(?<![\d.])\d{10}/;
/** Escapes of characters that not every store takes: NUL, and halves of a pair. */
const delicate = /\\u(?:0000|[dD][89a-fA-F])/;

const whole = /^-?\d+$/;
const largest32 = 2 ** 31 - 1;
const largest64 = 2n ** 63n - 1n;

export type Value = string | number | bigint | boolean | null | readonly Value[] | Fields;
export interface Fields {
  readonly [name: string]: Value;
}

/** @throws Unfit for a whole number of more than 64 bits, and for text that not every store takes */
export function parseExact(text: string): Value {
  const value: Value = longNumber.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
  if (delicate.test(text)) assertText(value);
  return value;
}

/** Stores take UTF-8, which has no half of a pair, and end a field's name at a NUL. */
function assertText(value: Value): void {
  if (typeof value === "string" && !value.isWellFormed()) throw new Unfit("shape", "half of a character");
  if (typeof value !== "object" || value === null) return;
  // The names of a list's items are its positions.
  for (const [name, item] of Object.entries(value)) {
    assertText(name);
    if (name.includes("\0")) throw new Unfit("shape", "a NUL in the name of a field");
    assertText(item);
  }
}

function exactNumber(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined || !whole.test(source)) return value;
  if (Math.abs(value) <= largest32) return value;
  const exact = BigInt(source);
  if (exact > largest64 || exact < -largest64 - 1n) throw new Unfit("shape", "a number of more than 64 bits");
  return exact;
}
