/** A row that cannot be mistaken for a person's data; check() writes it and rolls it back. */
import type { Column, Row, Table, Value } from "./tables.ts";

/** `id` is one UUID for all tables: a developer may have connected them by foreign keys. */
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
