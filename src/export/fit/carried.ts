/**
 * Says which field of a record becomes which field of a message. The writers follow these declarations, and the field
 * table of the README is made from them.
 */
import type { Message, Values } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import type { MessageSpec } from "./profile.ts";
import type { FitValue } from "./wire.ts";

export interface Carried<Field extends string = string> {
  /** In the model, e.g. `lap_data.laps[].calories`. */
  readonly path: string;
  readonly message: MessageSpec<Field>;
  /** Several where old readers know only the second, or where one field has the whole part and one the fraction. */
  readonly fields: readonly Field[];
  readonly unit: string | null;
  readonly how: "exact" | "derived";
  readonly note?: string;
  /**
   * Returns the values of the fields; without it, each field has the record's value. Null for a value that says
   * nothing ("unknown"), which is not noted.
   */
  readonly convert?: (value: never) => Values<Field> | null;
}

type Further<Field extends string> = Pick<Carried<Field>, "note" | "convert">;

/** Returns a function that declares fields of one message. */
export const into =
  <Field extends string>(message: MessageSpec<Field>) =>
  (
    path: string,
    fields: Field | readonly Field[],
    unit: string | null,
    how: Carried["how"] = "exact",
    further: Further<Field> = {},
  ): Carried<Field> => ({
    path,
    message,
    fields: typeof fields === "string" ? [fields] : fields,
    unit,
    how,
    ...further,
  });

type Fields = Readonly<Record<string, unknown>>;

/** Returns what is at the path; undefined where a section on the way is missing. */
export function valueAt(record: unknown, path: string): unknown {
  let value = record;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Fields)[name];
  }
  return value;
}

/** Splits `lap_data.laps[].calories` into the list's path and the item's. */
export function splitPath(path: string): { readonly list: string; readonly item: string } {
  const at = path.lastIndexOf("[].");
  return { list: path.slice(0, at), item: path.slice(at + "[].".length) };
}

/**
 * Adds the value to the message. The first field decides: when it cannot hold the value, none is added, and this is
 * noted. Returns whether it was added.
 */
export function carry<Field extends string>(
  message: Message<Field>,
  carried: Carried<Field>,
  value: unknown,
  omissions: Omissions,
): boolean {
  if (value === null || value === undefined) return false;
  const converted = carried.convert ? carried.convert(value as never) : undefined;
  if (converted === null) return false;
  const fields = converted ? (Object.keys(converted) as Field[]) : carried.fields;
  // A workout has tens of thousands of samples, so nothing is made here for each of them.
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as Field;
    const isAdded = message.put(field, (converted ? converted[field] : value) as FitValue);
    if (index === 0 && !isAdded) break;
    if (index === fields.length - 1) return true;
  }
  omissions.add(carried.path, "the field in FIT cannot hold the value");
  return false;
}

/** Adds all declared fields of a record, or of the item of a list that their paths lead into. */
export function carryAll<Field extends string>(
  message: Message<Field>,
  declared: readonly Carried<Field>[],
  source: unknown,
  omissions: Omissions,
): void {
  for (const carried of declared) {
    const path = carried.path.includes("[].") ? splitPath(carried.path).item : carried.path;
    carry(message, carried, valueAt(source, path), omissions);
  }
}
