/**
 * The text of statements, for both MySQL and MariaDB: `VALUES(column)` instead of MySQL's later `AS new`. Every name
 * in it is a constant of ours; values are parameters.
 */
import { commentOn, isCommented } from "../kit/sql/comments.ts";
import type { Column, ColumnType, Row, Table, Value } from "../kit/sql/tables.ts";

export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

export const quoted = (name: string): string => `\`${name}\``;
const list = (names: readonly string[]): string => names.map(quoted).join(", ");
const columnNames = ({ columns }: Table): string[] => columns.map(({ name }) => name);

const types: Record<ColumnType, string> = {
  key: "VARCHAR(255)",
  uuid: "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin",
  text: "LONGTEXT",
  json: "LONGTEXT",
  jsonb: "JSON",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  instant: "DATETIME(6)",
  local: "DATETIME(6)",
};

/** `definition` is the column's type on the server, which a new comment must not change. */
export function addComment(table: Table, given: readonly { column: Column; definition: string }[]): string {
  const changes = given.map(
    ({ column, definition }) =>
      `MODIFY COLUMN ${quoted(column.name)} ${definition} COMMENT ${literal(commentOn(column))}`,
  );
  return `ALTER TABLE ${quoted(table.name)} ${changes.join(", ")}`;
}

const columnDefinition =
  (table: Table) =>
  (column: Column): string => {
    const comment = isCommented(table) ? ` COMMENT ${literal(commentOn(column))}` : "";
    return `${quoted(column.name)} ${types[column.type]}${comment}`;
  };

/** Quotes a text that is written in this code. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The statements for a table that is filled when it is made. */
export function contents(table: Table): string[] {
  if (table.contents === undefined || table.contents.length === 0) return [];
  const rows = table.contents.map((row) => `(${row.map((value) => literal(String(value))).join(", ")})`);
  return [`INSERT IGNORE INTO ${quoted(table.name)} VALUES ${rows.join(", ")}`];
}

export function createTable(table: Table): string {
  const parts = [...table.columns.map(columnDefinition(table)), `PRIMARY KEY (${list(table.key)})`];
  if (table.index !== undefined) parts.push(`KEY (${list(table.index)})`);
  const options = "ENGINE = InnoDB ROW_FORMAT = DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
  return `CREATE TABLE IF NOT EXISTS ${quoted(table.name)} (${parts.join(", ")}) ${options}`;
}

export function addColumns(table: Table, missing: readonly Column[]): string {
  const columns = missing.map((column) => `ADD COLUMN ${columnDefinition(table)(column)}`);
  return `ALTER TABLE ${quoted(table.name)} ${columns.join(", ")}`;
}

/** Adds the key to a table that was made without it: rows can only be updated in place by a unique key. */
export const addKey = (table: Table): string =>
  `ALTER TABLE ${quoted(table.name)} ADD UNIQUE KEY (${list(table.key)})`;

const insertInto = (table: Table): string =>
  `INSERT INTO ${quoted(table.name)} (${list(columnNames(table))})`;

export function insert(table: Table, rows: readonly Row[]): Statement {
  const row = `(${table.columns.map(() => "?").join(", ")})`;
  return { sql: `${insertInto(table)} VALUES ${rows.map(() => row).join(", ")}`, values: rows.flat() };
}

export function upsert(table: Table, rows: readonly Row[]): Statement {
  const { sql, values } = insert(table, rows);
  return { sql: `${sql} ${onDuplicateKey(table)}`, values };
}

/**
 * Assignments are done from left to right, and each sees the earlier ones. "At least as new" stays true when the
 * newer revision has been assigned already. A row without a revision (not made by us) is older than any.
 */
function onDuplicateKey({ columns, key, newestBy }: Table): string {
  const isNewer =
    newestBy === undefined ? null : `VALUES(${quoted(newestBy)}) >= COALESCE(${quoted(newestBy)}, 0)`;
  const changed = columns.filter(({ name }) => !key.includes(name));
  const assignments = changed.map(({ name, keepsKnown }) => {
    const [given, before] = [`VALUES(${quoted(name)})`, quoted(name)];
    const after = keepsKnown ? `COALESCE(${given}, ${before})` : given;
    return `${before} = ${isNewer === null ? after : `IF(${isNewer}, ${after}, ${before})`}`;
  });
  return `ON DUPLICATE KEY UPDATE ${assignments.join(", ")}`;
}

/** Reads the revision and the event of the rows with these keys. */
export function standing(table: Table, keys: readonly Value[]): Statement {
  const [key, newestBy] = [table.key[0], table.newestBy].map((name) => quoted(name as string));
  const sql = `SELECT ${key} AS id, ${newestBy} AS newest, \`event_id\` AS event FROM ${quoted(table.name)} WHERE ${key} IN (${marks(keys)})`;
  return { sql, values: keys };
}

export function clear(table: Table, recordIds: readonly string[]): Statement {
  const sql = `DELETE FROM ${quoted(table.name)} WHERE \`record_id\` IN (${marks(recordIds)})`;
  return { sql, values: recordIds };
}

const marks = (values: readonly Value[]): string => values.map(() => "?").join(", ");

/** Statements that change nothing, and are refused where a privilege is missing. */
export const trials = {
  SELECT: ({ name, key }: Table): string => `SELECT ${list(key)} FROM ${quoted(name)} LIMIT 0`,
  INSERT: (table: Table): string =>
    `${insertInto(table)} SELECT ${list(columnNames(table))} FROM ${quoted(table.name)} AS source WHERE 1 = 0`,
  UPDATE: (table: Table): string => {
    const unchanged = columnNames(table).map((name) => `${quoted(name)} = ${quoted(name)}`);
    return `UPDATE ${quoted(table.name)} SET ${unchanged.join(", ")} WHERE 1 = 0`;
  },
  DELETE: ({ name }: Table): string => `DELETE FROM ${quoted(name)} WHERE 1 = 0`,
  // The server checks privileges first, then that the column exists.
  CREATE: ({ name }: Table): string => `CREATE TABLE ${quoted(name)} (\`a\` INT, \`a\` INT)`,
  ALTER: ({ name }: Table): string =>
    `ALTER TABLE ${quoted(name)} ADD COLUMN \`a\` INT, ADD COLUMN \`a\` INT`,
} as const;
