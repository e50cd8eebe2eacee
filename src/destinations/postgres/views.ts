/** The text of statements for views; see statements.ts. */
import type { View, ViewColumn } from "../kit/sql/views.ts";
import { literal, qualified, quoted, type Schema } from "./statements.ts";

/** CREATE OR REPLACE could not change columns and their types: the view is dropped and made again. */
export function createView(schema: Schema, view: View): string {
  const name = qualified(schema, view);
  const { list, kept, table, json, columns } = view;
  const base = list === null ? `kept.${quoted(json)}` : "item.value";
  const shown = [
    ...kept.map((column) => `kept.${quoted(column)}`),
    ...(list === null ? [] : ['item.position - 1 AS "position"']),
    ...columns.map((column) => `${expression(base, column)} AS ${quoted(column.name)}`),
  ];
  const from = `${qualified(schema, table)} AS kept`;
  const rows = list === null ? from : `${from} CROSS JOIN LATERAL ${items(`kept.${quoted(json)}`, list)}`;
  const comments = columns.map(
    (column) => `COMMENT ON COLUMN ${name}.${quoted(column.name)} IS ${literal(column.comment)}`,
  );
  const create = `CREATE VIEW ${name} AS SELECT ${shown.join(", ")} FROM ${rows}`;
  return [`DROP VIEW IF EXISTS ${name}`, create, ...comments].join("; ");
}

const pathText = (path: readonly string[]): string => literal(`{${path.map((key) => `"${key}"`).join(",")}}`);

/** A value that is not a list gives no rows. */
function items(json: string, list: readonly string[]): string {
  const found = `${json} #> ${pathText(list)}`;
  const safe = `CASE jsonb_typeof(${found}) WHEN 'array' THEN ${found} END`;
  return `jsonb_array_elements(${safe}) WITH ORDINALITY AS item(value, position)`;
}

/** A value that is not a number becomes null, so that one odd value does not break a query over all. */
function expression(base: string, { path, kind }: ViewColumn): string {
  const [json, text] = [`${base} #> ${pathText(path)}`, `${base} #>> ${pathText(path)}`];
  if (kind === "json") return json;
  if (kind === "text") return text;
  return `CASE jsonb_typeof(${json}) WHEN 'number' THEN (${text})::double precision END`;
}
