/** Values of records and statistics, in the unit of their type's dimension. */
import { categoryNumber, isCategory } from "../../../healthkit/category-cases.ts";
import { quantityTypes } from "../../../healthkit/quantity-types.ts";
import { type Conversion, conversionOf } from "../../../healthkit/units.ts";
import { limits } from "../limits.ts";
import type { Attributes } from "../xml/element.ts";

/** An export writes fractions with the unit "%": 0.97. Files made by hand write 97; no fraction is above 1.5. */
const fraction: Conversion = (value) => (value > 1.5 ? value / 100 : value);
const asWritten: Conversion = (value) => value;

const conversions = new Map<string, Conversion | null>();

/** Returns a decimal number; null for any other text. */
export function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

const pointNames = [
  ...(["latitude", "longitude", "altitude", "speed", "course"] as const),
  ...(["horizontalAccuracy", "verticalAccuracy"] as const),
];

/** Returns the numbers of a route's point, by their names in the export. */
export const pointNumbers = (read: (name: (typeof pointNames)[number]) => string | undefined) =>
  Object.fromEntries(pointNames.map((name) => [name, numberOf(read(name))]));

/** Returns the conversion of a type's unit; null when its type is known and its unit is not. */
function conversionFor(type: string, unit: string | undefined): Conversion | null {
  const key = `${type} ${unit ?? ""}`;
  const known = conversions.get(key);
  if (known !== undefined) return known;
  const made = makeConversion(type, unit);
  if (conversions.size < limits.interned) conversions.set(key, made);
  return made;
}

function makeConversion(type: string, unit: string | undefined): Conversion | null {
  const known = quantityTypes.get(type);
  // The unit of an unknown type is unknown too: its value stays as it was written.
  if (known === undefined) return asWritten;
  if (known.dimension === "fraction" && unit?.trim() === "%") return fraction;
  return unit === undefined ? null : conversionOf(unit, known.dimension);
}

/** Returns a quantity in the unit of its type's dimension; null when the number or its unit cannot be read. */
export function quantityOf(type: string, text: string | undefined, unit: string | undefined): number | null {
  const number = numberOf(text);
  return number === null ? null : (conversionFor(type, unit)?.(number) ?? null);
}

/** Returns the value of a record: a quantity, or HealthKit's number of a case. */
export function recordValue(type: string, { value, unit }: Attributes): number | null {
  if (!isCategory(type)) return quantityOf(type, value, unit);
  return value === undefined ? null : categoryNumber(value);
}
