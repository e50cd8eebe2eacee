/** Describes a body by its keys and the kinds of its values, and never by a value. */

/** Kinds of texts, the first that fits. */
const textKinds: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^$/, "empty text"],
  [/^NaN$/, "NaN in a text"],
  [/^\d{4}-\d{2}-\d{2}$/, "date"],
  [/^\d{4}-\d{2}-\d{2}T[\d:.]+$/, "datetime without a zone"],
  [/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/, "datetime in UTC"],
  [/^\d{4}-\d{2}-\d{2}T[\d:.]+[+-]\d{2}:?\d{2}$/, "datetime with an offset"],
  [/^\d{2}:\d{2}(:\d{2})?(\.\d+)?$/, "time of day"],
  [/^-?\d+s$/, "duration in whole seconds"],
  [/^-?\d+\.\d+s$/, "duration in seconds with decimals"],
  [/^-?P[\dYMWDTHS.]+$/, "ISO 8601 duration"],
  [/^0$/, "zero in a text"],
  [/^-?\d+$/, "whole number in a text"],
  [/^-?\d*\.\d+$/, "decimal number in a text"],
  [/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, "UUID"],
  [/^[A-Z][A-Z\d]*(_[A-Z\d]+)+$/, "word in capitals with underscores"],
];

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number") return kindOfNumber(value);
  if (typeof value !== "string") return typeof value;
  return textKinds.find(([pattern]) => pattern.test(value))?.[1] ?? "text";
}

/** Zero stands apart: some of Polar's zeros mean "no value". */
function kindOfNumber(value: number): string {
  if (value === 0) return "zero";
  const sign = value < 0 ? "negative " : "";
  return `${sign}${Number.isInteger(value) ? "whole number" : "decimal number"}`;
}

/** A key that is no plain name could be a value itself, such as an id. */
const plainKey = /^[A-Za-z][A-Za-z_]{0,49}\d{0,2}$/;
export const shownKey = (key: string): string => (plainKey.test(key) ? key : "{key}");

type Tally = Map<string, Map<string, number>>;

function count(tally: Tally, path: string, kind: string): void {
  const kinds = tally.get(path) ?? new Map<string, number>();
  tally.set(path, kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
}

function look(value: unknown, path: string, tally: Tally): void {
  if (Array.isArray(value)) {
    if (value.length === 0) count(tally, path, "empty list");
    for (const one of value) look(one, `${path}[]`, tally);
  } else if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value);
    if (fields.length === 0) count(tally, path, "empty object");
    const within = path === "" ? "" : `${path}.`;
    for (const [key, field] of fields) look(field, `${within}${shownKey(key)}`, tally);
  } else {
    count(tally, path, kindOf(value));
  }
}

/** Returns one line for each path, with how often each kind of value stands there. */
export function shapeOf(body: unknown): string[] {
  const tally: Tally = new Map();
  look(body, "", tally);
  return [...tally]
    .map(([path, kinds]) => `${path === "" ? "(body)" : path}: ${kindsText(kinds)}`)
    .sort((one, other) => (one < other ? -1 : 1));
}

const kindsText = (kinds: ReadonlyMap<string, number>): string =>
  [...kinds].map(([kind, times]) => (times === 1 ? kind : `${kind} × ${times}`)).join(", ");
