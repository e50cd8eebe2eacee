/** Quantities in HealthKit's metadata: a number with its unit, `5900 cm`. */
import { decimalNumber } from "../../kit/decimal.ts";
import { convert, type Dimension } from "../healthkit/units.ts";

/** Returns the value in the unit of the dimension; null where the text is no such quantity. */
export function quantityIn(written: string | number | undefined, dimension: Dimension): number | null {
  if (typeof written !== "string") return null;
  const [number = "", ...unit] = written.trim().split(/\s+/);
  const value = decimalNumber(number);
  return value === null ? null : convert(value, unit.join(" "), dimension);
}
