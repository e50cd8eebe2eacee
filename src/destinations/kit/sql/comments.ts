/** A comment for each column, for readers who have only the tables. Units are read off the names. */
import type { Column, Table } from "./tables.ts";

const known: Readonly<Record<string, string>> = {
  record_id: "The record: made of person, data type and natural_key, and never changed",
  user_id: "The person's connection",
  reference_id: "Your own id of the person",
  natural_key: "The provider's key of the record",
  revision: "Higher is newer; the row is of the newest",
  event_id: "The event that brought the row",
  event_time: "When that event came to be",
  position: "Place in the list, from 0",
  series: "The list that the sample is from",
  unmapped_count: "Number of fields that have no column, or a value that their column cannot hold",
  unmapped_fields: "Names of those fields, with commas between",
  provider_data:
    "What the provider says and the data model has no field for; the provider's guide names the keys",
  is_nap: "Whether it was a nap; null where the provider does not say, which is not false",
  start_time:
    "Instant of the start; null where the provider gave no offset, as for days: use start_time_local",
};

/** The first ending that fits decides; longer ones come first. */
const units: readonly (readonly [ending: string, unit: string])[] = [
  ["utc_offset_seconds", "Offset from UTC in seconds; null where the provider gave none"],
  ["meters_per_second", "Meters per second"],
  ["minutes_per_kilometer", "Minutes per kilometer"],
  ["ml_per_min_per_kg", "Milliliters per minute and kilogram"],
  ["ml_per_min", "Milliliters per minute"],
  ["mg_per_dl", "Milligrams per deciliter"],
  ["kg_per_m2", "Kilograms per square meter"],
  ["sdnn", "Milliseconds, by SDNN"],
  ["rmssd", "Milliseconds, by RMSSD"],
  ["seconds", "Seconds"],
  ["minutes", "Minutes"],
  ["ms", "Milliseconds"],
  ["meters", "Meters"],
  ["cm", "Centimeters"],
  ["mm", "Millimeters"],
  ["kg", "Kilograms"],
  ["g", "Grams"],
  ["mg", "Milligrams"],
  ["ml", "Milliliters"],
  ["bpm", "Beats per minute"],
  ["rpm", "Revolutions per minute"],
  ["watts", "Watts"],
  ["kilojoules", "Kilojoules"],
  ["calories", "Kilocalories"],
  ["percentage", "Percent"],
  ["celsius", "Degrees Celsius"],
  ["deg", "Degrees"],
  ["mmhg", "Millimeters of mercury"],
  ["bp", "Millimeters of mercury"],
  ["steps", "Number of steps"],
  ["count", "Count"],
];

/** Comments for columns whose name has no unit. */
const byType: Readonly<Record<Column["type"], string>> = {
  key: "Text",
  uuid: "UUID",
  text: "Text",
  json: "JSON as it was sent",
  jsonb: "JSON",
  integer: "Whole number, or one of Terra's enumerations",
  number: "Number without unit",
  boolean: "True or false; null where the provider does not say",
  instant: "Instant; null where the provider gave no offset",
  local: "Time as a clock on the person's wall shows it",
};

export function commentOn({ name, type }: Column): string {
  const unit = units.find(([ending]) => name === ending || name.endsWith(`_${ending}`));
  const isQuantity = type === "number" || type === "integer";
  return known[name] ?? (isQuantity ? unit?.[1] : undefined) ?? byType[type];
}

/** Whether the table's columns get comments: the typed tables do. Terra's are as Terra made them. */
export const isCommented = ({ name }: Table): boolean => name.startsWith("systole_");
