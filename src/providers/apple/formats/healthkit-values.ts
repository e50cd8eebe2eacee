/** Values and metadata as apps read them from HealthKit: the same in the formats that name HealthKit's own types. */

import { isZone } from "../../kit/zone-offset.ts";
import { categoryNumber, isCategory } from "../healthkit/category-cases.ts";
import { quantityTypes } from "../healthkit/quantity-types.ts";
import type { Metadata } from "../healthkit/sample.ts";
import { convert } from "../healthkit/units.ts";

/**
 * Returns a value in the unit of its type's dimension, or the number of a category's case; null when it cannot be read,
 * or the type is not known.
 */
export function valueInBase(type: string, value: number | string | null, unit: string | null): number | null {
  if (value === null) return null;
  if (isCategory(type)) return typeof value === "number" ? caseOf(value) : categoryNumber(value);
  const dimension = quantityTypes.get(type)?.dimension;
  if (typeof value === "string" || dimension === undefined || unit === null) return null;
  const converted = convert(value, unit, dimension);
  return converted !== null && dimension === "fraction" ? fraction(converted) : converted;
}

const caseOf = (value: number): number | null => (Number.isInteger(value) && value >= 0 ? value : null);

/** HealthKit's percentages are fractions. Some apps multiply some of them by 100; no fraction here exceeds 1.5. */
const fraction = (value: number): number => (value > 1.5 ? value / 100 : value);

export interface ReadMetadata {
  readonly zone: string | null;
  readonly isUserEntered: boolean;
  readonly rest: Metadata;
}

/** Takes the zone and the entry by hand out of HealthKit's metadata. Values that are no text and no number are left out. */
export function readMetadata(metadata: Readonly<Record<string, unknown>> | null | undefined): ReadMetadata {
  const { HKTimeZone: zone, HKWasUserEntered: entered, ...others } = metadata ?? {};
  const rest = Object.entries(others).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === "string" || typeof entry[1] === "number",
  );
  return {
    zone: typeof zone === "string" && isZone(zone) ? zone : null,
    isUserEntered: entered === true || ["1", "true", "YES"].includes(String(entered)),
    rest: Object.fromEntries(rest),
  };
}
