/** Writes many rows in one statement: each column is passed as one array, so the statement's text never grows. */
import { type RawBuilder, sql } from "kysely";

/** A column's SQL type and its values, one for each row. */
export type Column = readonly [
  type: "uuid" | "text" | "integer" | "bigint" | "boolean" | "json" | "timestamptz" | "bytea",
  values: readonly unknown[],
];

/** Returns `unnest(…)` over the columns, to be named and selected from. */
export function unnest(columns: readonly Column[]): RawBuilder<unknown> {
  const arrays = columns.map(([type, values]) => sql`${values}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(arrays)})`;
}

/** A page of a listing, newest first; `before` is the last id of the page before. */
export interface Page {
  readonly limit: number;
  readonly before?: string | undefined;
}
