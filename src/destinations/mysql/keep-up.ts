/** Updates tables and views of a former version. MySQL cannot roll these back: each step can be repeated. */
import type mysql from "mysql2/promise";
import { commentOn, isCommented } from "../kit/sql/comments.ts";
import type { Layout } from "../kit/sql/layout.ts";
import type { Column, Table } from "../kit/sql/tables.ts";
import { changedViews, contentsText, type View } from "../kit/sql/views.ts";
import { ensure } from "./ensure.ts";
import { addComment, contents, quoted } from "./statements.ts";
import { createView } from "./views.ts";

interface ThereColumn {
  readonly relation: string;
  readonly name: string;
  readonly comment: string;
  readonly type: string;
  readonly nullable: "YES" | "NO";
  readonly collation: string | null;
}

export async function keepUp(driver: mysql.Connection, { tables, views, viewTable }: Layout): Promise<void> {
  const there = await describe(driver);
  await ensure(
    driver,
    tables.filter(({ name }) => !there.has(name)),
  );
  for (const table of tables.filter(isCommented)) await comment(driver, table, there.get(table.name) ?? []);
  for (const table of tables) if (table !== viewTable) await fill(driver, table);
  if (viewTable === null) return;
  const changed = changedViews(views, viewTable.contents ?? [], await contentsThere(driver, viewTable));
  const made = await viewsThere(driver);
  // A table has that name: making the view fails with that error.
  const isThere = ({ name }: View): boolean => made.has(name);
  for (const view of views.filter((one) => !isThere(one))) await driver.query(createView(view, "CREATE"));
  for (const view of views.filter((one) => isThere(one) && changed.has(one.name))) {
    await driver.query(createView(view, "CREATE OR REPLACE"));
  }
  // Last: where a view could not be replaced, it is tried again.
  await fill(driver, viewTable);
}

async function describe(driver: mysql.Connection): Promise<Map<string, ThereColumn[]>> {
  const [rows] = await driver.query<mysql.RowDataPacket[]>(
    `SELECT table_name AS relation, column_name AS name, column_comment AS comment, column_type AS type,
            is_nullable AS nullable, collation_name AS collation
     FROM information_schema.columns WHERE table_schema = DATABASE()`,
  );
  return Map.groupBy(rows as unknown as ThereColumn[], ({ relation }) => relation);
}

async function viewsThere(driver: mysql.Connection): Promise<ReadonlySet<string>> {
  const [rows] = await driver.query<mysql.RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.views WHERE table_schema = DATABASE()",
  );
  return new Set(rows.map(({ name }) => String(name)));
}

async function comment(driver: mysql.Connection, table: Table, there: readonly ThereColumn[]): Promise<void> {
  const silent = table.columns.flatMap((column) => {
    const found = there.find(({ name }) => name.toLowerCase() === column.name);
    const isSaid = found === undefined || found.comment === commentOn(column);
    return isSaid ? [] : [{ column, definition: definitionOf(found, column) }];
  });
  if (silent.length > 0) await driver.query(addComment(table, silent));
}

/** MariaDB's JSON is text with a check, which a change of the column keeps only where it is named JSON again. */
function definitionOf({ type, nullable, collation }: ThereColumn, column: Column): string {
  if (column.type === "jsonb") return "JSON";
  const characters =
    collation === null ? "" : ` CHARACTER SET ${collation.split("_")[0]} COLLATE ${collation}`;
  return `${type}${characters}${nullable === "NO" ? " NOT NULL" : ""}`;
}

async function contentsThere(driver: mysql.Connection, table: Table): Promise<unknown[][]> {
  const columns = table.columns.map(({ name }) => quoted(name)).join(", ");
  const sql = `SELECT ${columns} FROM ${quoted(table.name)}`;
  return (await driver.query<mysql.RowDataPacket[][]>({ sql, rowsAsArray: true }))[0];
}

async function fill(driver: mysql.Connection, table: Table): Promise<void> {
  if (table.contents === undefined) return;
  const there = await contentsThere(driver, table);
  if (contentsText(there) === contentsText(table.contents)) return;
  await driver.query(`DELETE FROM ${quoted(table.name)}`);
  for (const statement of contents(table)) await driver.query(statement);
}
