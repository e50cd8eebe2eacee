/**
 * Updates tables and views of a former version. The statements of one request are one transaction, so that no reader
 * finds a view or a table's contents missing meanwhile.
 */
import type pg from "pg";
import { commentOn, isCommented } from "../kit/sql/comments.ts";
import type { Layout } from "../kit/sql/layout.ts";
import type { Table } from "../kit/sql/tables.ts";
import { changedViews, contentsText, type View } from "../kit/sql/views.ts";
import { missing } from "./ensure.ts";
import { comments, contents, qualified, quoted, type Schema } from "./statements.ts";
import { createView } from "./views.ts";

export async function keepUp(
  client: pg.ClientBase,
  schema: Schema,
  { tables, views, viewTable }: Layout,
): Promise<void> {
  const there = await describe(client, schema, [...tables, ...views]);
  for (const table of tables.filter(({ name }) => !there.has(name))) {
    for (const statement of await missing(client, schema, table)) await client.query(statement);
  }
  for (const table of tables.filter(isCommented)) {
    const said = there.get(table.name);
    const unsaid = table.columns.filter(
      (column) => said?.has(column.name) && said.get(column.name) !== commentOn(column),
    );
    if (unsaid.length > 0) await client.query(comments(schema, table, unsaid).join("; "));
  }
  for (const table of tables) if (table !== viewTable) await fill(client, schema, table);
  if (viewTable === null) return;
  const listed = await contentsThere(client, schema, viewTable);
  const changed = changedViews(views, viewTable.contents ?? [], listed);
  for (const view of views) {
    const isOther = changed.has(view.name) || !isAsDeclared(view, there.get(view.name));
    if (isOther) await client.query(createView(schema, view));
  }
  // Last: where a view could not be replaced, it is tried again.
  await fill(client, schema, viewTable);
}

type Comments = ReadonlyMap<string, string | null>;

function isAsDeclared({ columns }: View, there: Comments | undefined): boolean {
  return columns.every(({ name, comment }) => there?.get(name) === comment);
}

/** The comments on the columns of existing tables and views. */
async function describe(
  client: pg.ClientBase,
  schema: Schema,
  all: readonly Pick<Table, "name">[],
): Promise<Map<string, Map<string, string | null>>> {
  const { rows } = await client.query<{ relation: string; name: string; comment: string | null }>(
    `SELECT given.name AS relation, attname AS name, col_description(attrelid, attnum) AS comment
     FROM unnest($1::text[], $2::text[]) AS given (name, qualified)
     JOIN pg_attribute ON attrelid = to_regclass(given.qualified) AND attnum > 0 AND NOT attisdropped`,
    [all.map(({ name }) => name), all.map((one) => qualified(schema, one))],
  );
  const byRelation = Map.groupBy(rows, ({ relation }) => relation);
  return new Map(
    [...byRelation].map(([relation, some]) => [
      relation,
      new Map(some.map(({ name, comment }) => [name, comment])),
    ]),
  );
}

async function contentsThere(client: pg.ClientBase, schema: Schema, table: Table): Promise<unknown[][]> {
  const columns = table.columns.map(({ name }) => quoted(name)).join(", ");
  const text = `SELECT ${columns} FROM ${qualified(schema, table)}`;
  return (await client.query<unknown[]>({ text, rowMode: "array" })).rows;
}

async function fill(client: pg.ClientBase, schema: Schema, table: Table): Promise<void> {
  if (table.contents === undefined) return;
  const there = await contentsThere(client, schema, table);
  if (contentsText(there) === contentsText(table.contents)) return;
  await client.query([`DELETE FROM ${qualified(schema, table)}`, ...contents(schema, table)].join("; "));
}
