/**
 * The columns of the views, with unit and meaning: MySQL has no comments on columns of views. Rows that
 * differ from the declared ones show that a server has the views of another version.
 */
import type { Table } from "../tables.ts";
import type { View } from "../views.ts";

export function providerKeyTable(views: readonly View[]): Table {
  return {
    name: "systole_provider_keys",
    columns: [
      { name: "view_name", type: "key" },
      { name: "column_name", type: "key" },
      { name: "path", type: "text" },
      { name: "kind", type: "text" },
      { name: "comment", type: "text" },
    ],
    key: ["view_name", "column_name"],
    contents: views.flatMap(({ name, list, columns }) =>
      columns.map((column) => [
        name,
        column.name,
        [...(list === null ? [] : [...list, "[]"]), ...column.path].join("."),
        column.kind,
        column.comment,
      ]),
    ),
  };
}
