/**
 * Returns a number with its decimal point moved: 0.07 by 2 is exactly 7, where × 100 gives 7.000000000000001. Units that
 * differ by a power of ten keep their digits.
 */
export function shifted(value: number, places: number): number {
  const [digits = "", exponent = "0"] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** Returns a sum without the noise of binary fractions in its last digits. */
export const withoutNoise = (value: number): number => Number(value.toPrecision(13));
