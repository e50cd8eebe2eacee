/** The tables of a data type, and the column of each field of a record. */
import type { Table } from "../tables.ts";

/** The destination of a field, by its name in the record. */
export type Fields = ReadonlyMap<string, Field>;

export type Field =
  | { readonly kind: "section"; readonly fields: Fields }
  | { readonly kind: "value"; readonly type: ValueType; readonly column: number }
  /** Three columns: instant, local time, seconds of offset. */
  | { readonly kind: "time"; readonly column: number }
  /** Two columns: latitude, longitude. */
  | { readonly kind: "position"; readonly column: number }
  /** A list of words in one column, separated by commas. */
  | { readonly kind: "words"; readonly column: number }
  /** A row of another table for each element; `series` where that table has several lists. */
  | { readonly kind: "list"; readonly part: Part; readonly series: string | null }
  /** Names and numbers: a row of another table for each. */
  | { readonly kind: "shares"; readonly table: Table; readonly series: string };

export type ValueType = "text" | "integer" | "number" | "boolean";

export interface Part {
  readonly table: Table;
  readonly fields: Fields;
}

export interface RecordPlan {
  readonly table: Table;
  readonly fields: Fields;
  /** Samples, laps and other lists, each with a table. */
  readonly parts: readonly Table[];
}
