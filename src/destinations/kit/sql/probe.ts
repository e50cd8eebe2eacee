/** A row for a table that nobody's data can be mistaken for; check() writes it and takes it back. */
import type { Column, Row, Table, Value } from "./tables.ts";

/** One id, a UUID, for all tables: a developer may have tied them to each other by foreign keys. */
export function probeRow(table: Table, id: string): Row {
  return table.columns.map((column) => probeValue(column, id));
}

function probeValue({ type }: Column, id: string): Value {
  switch (type) {
    case "json":
    case "jsonb":
      return "{}";
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "instant":
    case "local":
      return "2000-01-01 00:00:00.000000";
    default:
      return id;
  }
}
