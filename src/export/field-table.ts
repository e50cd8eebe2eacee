/**
 * The field table of a format says what becomes of every leaf of every model, as a provider's ledger does for the
 * leaves of its bodies. The README's table and the check that no field was forgotten read this one declaration.
 */
import { type DataType, dataTypes } from "../models/index.ts";
import { fieldsOf } from "./model-fields.ts";

/** The field is written. */
export interface Written {
  /** Where: a message and its field, or a resource and its code. */
  readonly to: string;
  /** The unit in the format; null where the value has none. */
  readonly unit: string | null;
  /** "exact": the value itself, perhaps in another unit. "derived": computed from it, or rounded to a coarser step. */
  readonly how: "exact" | "derived";
  /** What a reader of the table needs to know besides. */
  readonly note?: string;
}

/** The field is written in no record. */
export interface NeverWritten {
  /** Why. */
  readonly leftOut: string;
}

export type FieldFate = Written | NeverWritten;
/**
 * The fate by the field's path. A path that is left out also stands for everything below it; a written one is always a
 * leaf, so that a field that is new in the model is noticed.
 */
export type ModelFields = Readonly<Record<string, FieldFate>>;
export type FieldTable = Readonly<Record<DataType, ModelFields>>;

export const written = (to: string, unit: string | null, how: Written["how"], note?: string): Written => ({
  to,
  unit,
  how,
  ...(note !== undefined && { note }),
});

export const leftOut = (reason: string): NeverWritten => ({ leftOut: reason });

/** Returns the fields with the path of their section before each: sections that several models have. */
export const below = (section: string, fields: ModelFields): ModelFields =>
  Object.fromEntries(Object.entries(fields).map(([path, fate]) => [`${section}.${path}`, fate]));

/**
 * Returns every fault of a table, empty when it is right: a field of a model that is in no line or in two, and a line
 * whose path is in no model.
 */
export const faultsOf = (table: FieldTable): readonly string[] =>
  dataTypes.flatMap((type) => {
    const fields = fieldsOf(type);
    const lines = Object.entries(table[type]);
    return [
      ...fields.flatMap((field) => countFault(`${type}.${field}`, linesFor(field, lines))),
      ...lines
        .filter(([path, fate]) => !fields.some((field) => covers(path, fate, field)))
        .map(([path]) => `${type}.${path}: not a field of the model`),
    ];
  });

const linesFor = (field: string, lines: readonly [string, FieldFate][]): string[] =>
  lines.filter(([path, fate]) => covers(path, fate, field)).map(([path]) => path);

function covers(path: string, fate: FieldFate, field: string): boolean {
  if (path === field) return true;
  return "leftOut" in fate && [".", "["].some((next) => field.startsWith(`${path}${next}`));
}

function countFault(field: string, lines: readonly string[]): string[] {
  if (lines.length === 1) return [];
  return [
    lines.length === 0 ? `${field}: in no line` : `${field}: in ${lines.length} lines, ${lines.join(", ")}`,
  ];
}

/** Returns how many lines are written and left out. */
export function fateCounts(fields: ModelFields): { readonly written: number; readonly leftOut: number } {
  const fates = Object.values(fields);
  const without = fates.filter((fate) => "leftOut" in fate).length;
  return { written: fates.length - without, leftOut: without };
}
