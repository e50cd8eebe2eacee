/** A number as people and serialisers write it. Not hexadecimal, infinite or empty. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** Whole numbers beyond 2^53 become another number when they are read. */
const whole = /^\s*[+-]?\d+\s*$/;

/**
 * Returns the number that a text writes in decimal; null when it writes none, one that is too large, or a whole number
 * that a double cannot hold exactly.
 */
export function decimalNumber(text: string): number | null {
  if (!decimal.test(text)) return null;
  const value = Number(text);
  if (whole.test(text) && !Number.isSafeInteger(value)) return null;
  return Number.isFinite(value) ? value : null;
}
