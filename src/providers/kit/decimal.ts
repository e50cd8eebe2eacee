/** A number as people and serialisers write it: no hexadecimal, no infinity, no empty text. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** The number that a text writes in decimal; null where it writes none, or one too large to be held. */
export function decimalNumber(text: string): number | null {
  if (!decimal.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
