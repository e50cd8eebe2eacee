/** Views over JSON in a table's column, independent of the dialect. */
import type { Table } from "./tables.ts";

export interface ViewColumn {
  readonly name: string;
  /** The path within a list's item, or within the JSON as a whole. */
  readonly path: readonly string[];
  readonly kind: "number" | "text" | "json";
  /** Unit and meaning. */
  readonly comment: string;
}

export interface View {
  readonly name: string;
  readonly table: Table;
  /** Columns of the table that the view shows unchanged. */
  readonly kept: readonly string[];
  /** The column with the JSON. */
  readonly json: string;
  /** A row is an item of the list at this path, with its `position`; null: a row of the table. */
  readonly list: readonly string[] | null;
  readonly columns: readonly ViewColumn[];
}

/** A text that is equal for two tables with the same rows in any order. */
export const contentsText = (rows: readonly (readonly unknown[])[]): string =>
  JSON.stringify(rows.map((row) => JSON.stringify(row.map(String))).toSorted());

/**
 * Returns the names of views whose description in the database differs from the declared one. The first cell of a
 * row is the view's name.
 */
export function changedViews(
  views: readonly View[],
  declared: readonly (readonly unknown[])[],
  there: readonly (readonly unknown[])[],
): Set<string> {
  const about = (rows: readonly (readonly unknown[])[], view: string): string =>
    contentsText(rows.filter(([name]) => name === view));
  const names = views.map(({ name }) => name);
  return new Set(names.filter((name) => about(declared, name) !== about(there, name)));
}
