/** Conversions of single values to what FIT counts. */
import type { Values } from "./message.ts";

const semicircles = 2 ** 31 / 180;

export interface Semicircles {
  readonly latitude: number;
  readonly longitude: number;
}

/** Returns a position in semicircles; null where a coordinate is missing or on no globe. 180° east is 180° west. */
export function semicirclesOf(position: unknown): Semicircles | null {
  if (!Array.isArray(position)) return null;
  const [latitude, longitude]: unknown[] = position;
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180)) return null;
  const east = Math.round(longitude * semicircles);
  return {
    latitude: Math.round(latitude * semicircles),
    // The greatest number of the base type means "invalid", so it is 2 cm further west.
    longitude: east === 2 ** 31 ? -east : Math.min(east, 2 ** 31 - 2),
  };
}

const isWithin = (degrees: unknown, limit: number): degrees is number =>
  typeof degrees === "number" && Math.abs(degrees) <= limit;

/** Splits a number between a field that holds whole ones and one that holds 128ths. */
export function wholeAndFraction<Whole extends string, Fraction extends string>(
  whole: Whole,
  fraction: Fraction,
): (value: number) => Values<Whole | Fraction> {
  return (value) => {
    const in128ths = Math.round(value * 128);
    const rest = in128ths % 128;
    const values = { [whole]: (in128ths - rest) / 128, ...(rest > 0 && { [fraction]: rest / 128 }) };
    return values as Values<Whole | Fraction>;
  };
}
