/** The text of statements for views; see statements.ts. */
import type { View, ViewColumn } from "../kit/sql/views.ts";
import { literal, quoted } from "./statements.ts";

/** The view has the rights of its reader, so that it outlives the user who made it. */
export function createView(view: View, create: "CREATE" | "CREATE OR REPLACE"): string {
  const { name, list, kept, table, json, columns } = view;
  const document = `kept.${quoted(json)}`;
  const item = list === null ? document : itemOf(document, list);
  const shown = [
    ...kept.map((column) => `kept.${quoted(column)}`),
    ...(list === null ? [] : ["item.number - 1 AS `position`"]),
    ...columns.map((column) => `${expression(item, column)} AS ${quoted(column.name)}`),
  ];
  const from = `${quoted(table.name)} AS kept`;
  const rows = list === null ? from : `${from}, ${numbers(document, list)}`;
  return `${create} SQL SECURITY INVOKER VIEW ${quoted(name)} AS SELECT ${shown.join(", ")} FROM ${rows}`;
}

const pathText = (path: readonly string[]): string => `$${path.map((key) => `."${key}"`).join("")}`;
const extract = (json: string, path: string): string => `JSON_EXTRACT(${json}, ${path})`;

/** MariaDB has no JSON column in JSON_TABLE: it counts the items, and each is read by its number. */
const numbers = (json: string, list: readonly string[]): string =>
  `JSON_TABLE(${extract(json, literal(pathText(list)))}, '$[*]' COLUMNS (number FOR ORDINALITY)) AS item`;

const itemOf = (json: string, list: readonly string[]): string =>
  extract(json, `CONCAT(${literal(`${pathText(list)}[`)}, item.number - 1, ']')`);

/** JSON's null and a value that is not a number become null, so that one odd value does not break a query over all. */
function expression(item: string, { path, kind }: ViewColumn): string {
  const json = extract(item, literal(pathText(path)));
  const there = `CASE WHEN JSON_TYPE(${json}) <> 'NULL' THEN`;
  if (kind === "json") return `${there} ${json} END`;
  if (kind === "text") return `${there} JSON_UNQUOTE(${json}) END`;
  const numeric = "IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')";
  return `CASE WHEN JSON_TYPE(${json}) ${numeric} THEN ${json} + 0e0 END`;
}
