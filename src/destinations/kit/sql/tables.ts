/** Tables, columns and rows, independent of the dialect. */

/**
 * "key" is text short enough for an index. "instant" is a point in time and "local" a local time, both
 * written `2025-10-01 06:00:00.000000`, an instant in UTC. "json" is text that is stored unchanged, "jsonb" is for
 * queries.
 */
export type ColumnType =
  | "key"
  | "uuid"
  | "text"
  | "json"
  | "jsonb"
  | "integer"
  | "number"
  | "boolean"
  | "instant"
  | "local";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** A known value is not replaced by null. */
  readonly keepsKnown?: true;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The primary key. It has one column where rows are updated. */
  readonly key: readonly string[];
  /** The column that says which of two rows with one key stands: the one with the higher value. */
  readonly newestBy?: string;
  readonly index?: readonly string[];
  /** Its rows belong to a record: they are inserted and deleted with it, never updated. */
  readonly isPart?: true;
  /** Rows that are written when the table is made, and not by events. */
  readonly contents?: readonly (readonly (string | number)[])[];
}

export type Value = string | number | boolean | Buffer | null;
/** Values in the order of the table's columns. */
export type Row = readonly Value[];

export interface Rows {
  readonly table: Table;
  readonly rows: readonly Row[];
}

/** The position of a column in the rows of its table. */
export function columnIndex({ columns }: Table, name: string): number {
  return columns.findIndex((column) => column.name === name);
}

/** Reads a row's key, in a table whose rows are updated. */
export function keyReader(table: Table): (row: Row) => string {
  const index = columnIndex(table, table.key[0] as string);
  return (row) => String(row[index]);
}
