/** A number as people and serialisers write it. Not hexadecimal, infinite or empty. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** Returns the number that a text writes in decimal; null when it writes none, or one that is too large. */
export function decimalNumber(text: string): number | null {
  if (!decimal.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
