/** The text of statements. Every name in it is a constant of ours or a checked setting; values are parameters. */
import { commentOn, isCommented } from "../kit/sql/comments.ts";
import type { Column, ColumnType, Rows, Table } from "../kit/sql/tables.ts";
import { binaryArray, type ElementType } from "./arrays.ts";

export interface Statement {
  readonly text: string;
  readonly values: Buffer[];
}

/** With `schema` null, the name is resolved by the user's search_path. */
export type Schema = string | null;

export const quoted = (name: string): string => `"${name}"`;
const list = (names: readonly string[]): string => names.map(quoted).join(", ");
const names = ({ columns }: Table): string[] => columns.map(({ name }) => name);

export const qualified = (schema: Schema, { name }: Pick<Table, "name">): string =>
  schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;

const types: Record<ColumnType, string> = {
  key: "text",
  uuid: "uuid",
  text: "text",
  json: "json",
  jsonb: "jsonb",
  integer: "bigint",
  number: "double precision",
  boolean: "boolean",
  instant: "timestamptz",
  local: "timestamp",
};

const elementType = ({ type }: Column): ElementType => (type === "json" ? "json" : "text");

/** Every value is sent as text. */
function fromText({ name, type }: Column): string {
  if (type === "instant") return `${quoted(name)}::timestamp AT TIME ZONE 'UTC'`;
  const isText = type === "text" || type === "key" || type === "json";
  return isText ? quoted(name) : `${quoted(name)}::${types[type]}`;
}

export function createTable(schema: Schema, table: Table): string[] {
  const columns = table.columns.map((column) => columnDefinition(column));
  const create = `CREATE TABLE IF NOT EXISTS ${qualified(schema, table)} (${columns.join(", ")}, PRIMARY KEY (${list(table.key)}))`;
  const index = table.index && quoted(`${table.name}_${table.index[0]}`);
  return [
    create,
    ...(index
      ? [`CREATE INDEX IF NOT EXISTS ${index} ON ${qualified(schema, table)} (${list(table.index ?? [])})`]
      : []),
    ...comments(schema, table, table.columns),
    ...contents(schema, table),
  ];
}

/** All comments of a table in one request. */
export function comments(schema: Schema, table: Table, columns: readonly Column[]): string[] {
  if (!isCommented(table)) return [];
  const of = (column: Column): string =>
    `COMMENT ON COLUMN ${qualified(schema, table)}.${quoted(column.name)} IS ${literal(commentOn(column))}`;
  return [columns.map(of).join("; ")];
}

export function contents(schema: Schema, table: Table): string[] {
  if (table.contents === undefined || table.contents.length === 0) return [];
  const rows = table.contents.map((row) => `(${row.map((value) => literal(String(value))).join(", ")})`);
  return [`INSERT INTO ${qualified(schema, table)} VALUES ${rows.join(", ")} ON CONFLICT DO NOTHING`];
}

/** Quotes a text that is written in this code. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const columnDefinition = ({ name, type }: Column): string => `${quoted(name)} ${types[type]}`;

export function addColumns(schema: Schema, table: Table, missing: readonly Column[]): string {
  const columns = missing.map((column) => `ADD COLUMN IF NOT EXISTS ${columnDefinition(column)}`);
  return `ALTER TABLE ${qualified(schema, table)} ${columns.join(", ")}`;
}

/** Adds the key to a table that was made without it: rows can only be updated in place by a unique key. */
export function addKey(schema: Schema, table: Table): string {
  const name = quoted(`${table.name}_${table.key.join("_")}`);
  return `CREATE UNIQUE INDEX IF NOT EXISTS ${name} ON ${qualified(schema, table)} (${list(table.key)})`;
}

/** `from`: how many parameters the statement has already. */
function insertText(schema: Schema, table: Table, from: number): string {
  const arrays = table.columns.map((column, index) => `$${from + index + 1}::${elementType(column)}[]`);
  const columns = list(names(table));
  const values = table.columns.map(fromText).join(", ");
  return `INSERT INTO ${qualified(schema, table)} AS kept (${columns}) SELECT ${values} FROM unnest(${arrays.join(", ")}) AS given (${columns})`;
}

/** A newer row stays; a row without a revision (not made by us) is replaced. */
function onConflict(table: Table): string {
  const changes = table.columns
    .filter(({ name }) => !table.key.includes(name))
    .map(({ name, keepsKnown }) => {
      const given = `excluded.${quoted(name)}`;
      return `${quoted(name)} = ${keepsKnown ? `coalesce(${given}, kept.${quoted(name)})` : given}`;
    });
  const update = `ON CONFLICT (${list(table.key)}) DO UPDATE SET ${changes.join(", ")}`;
  if (table.newestBy === undefined) return update;
  const by = quoted(table.newestBy);
  return `${update} WHERE (kept.${by} <= excluded.${by}) IS NOT FALSE`;
}

function parameters({ table, rows }: Rows): Buffer[] {
  return table.columns.map((column, index) =>
    binaryArray(
      elementType(column),
      rows.map((row) => row[index] ?? null),
    ),
  );
}

export function insert(schema: Schema, given: Rows): Statement {
  return { text: insertText(schema, given.table, 0), values: parameters(given) };
}

/** Upserts and returns the keys of the rows that were written. */
export function upsertTelling(schema: Schema, given: Rows): Statement {
  const { table } = given;
  const text = `${insertText(schema, table, 0)} ${onConflict(table)} RETURNING kept.${quoted(table.key[0] as string)} AS key`;
  return { text, values: parameters(given) };
}

/** Rows of several tables in one statement: all or nothing in one round trip. */
export function upsertAll(schema: Schema, all: readonly Rows[]): Statement {
  const values = all.flatMap(parameters);
  let from = 0;
  const texts = all.map(({ table }) => {
    const text = `${insertText(schema, table, from)} ${onConflict(table)}`;
    from += table.columns.length;
    return text;
  });
  const last = texts.pop() as string;
  if (texts.length === 0) return { text: last, values };
  return { text: `WITH ${texts.map((text, index) => `w${index} AS (${text})`).join(", ")} ${last}`, values };
}

export function clear(schema: Schema, tables: readonly Table[], recordIds: readonly string[]): Statement {
  const texts = tables.map(
    (table) => `DELETE FROM ${qualified(schema, table)} WHERE "record_id" = ANY ($1::text[]::uuid[])`,
  );
  const last = texts.pop() as string;
  const others = texts.map((text, index) => `d${index} AS (${text})`);
  const text = others.length === 0 ? last : `WITH ${others.join(", ")} ${last}`;
  return { text, values: [binaryArray("text", recordIds)] };
}
