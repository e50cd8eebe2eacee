/** Seals values of former secret keys with the current one, in steps, while the system runs. */
import { type RawBuilder, sql } from "kysely";
import type { KeyRing } from "../security/key-ring.ts";
import { type SealedColumn, type SealedRowKey, sealedColumns } from "./sealed-columns.ts";
import type { Store } from "./store.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

/** The end of a step: a column of `sealedColumns` and its last row that was looked at. */
export interface ResealCursor {
  readonly column: number;
  readonly after: readonly string[] | null;
}

export interface ResealStep {
  readonly resealed: number;
  /** Values that no key of this process opens, with their column. */
  readonly failed: readonly { readonly table: string; readonly column: string }[];
  /** Null at the end of the last column. */
  readonly next: ResealCursor | null;
}

type SealedRow = SealedRowKey & { readonly sealed: Buffer };

/**
 * Reseals up to `limit` values. Values under the current key are skipped, so an interrupted run may simply
 * start again. A value changed by another transaction meanwhile is left as it is.
 */
export async function resealStep(
  { db, keyRing }: Pick<Store, "db" | "keyRing">,
  { column: index, after }: ResealCursor,
  limit: number,
): Promise<ResealStep> {
  const column = sealedColumns[index];
  if (column === undefined) return { resealed: 0, failed: [], next: null };
  const rows = await rowsUnderFormerKeys(db, keyRing, column, { after, limit });
  const last = rows.at(-1);
  const results = await Promise.all(rows.map((row) => resealRow(db, keyRing, column, row)));
  const failed = results.filter((result) => result === "failed");
  return {
    resealed: results.filter((result) => result === "resealed").length,
    failed: failed.map(() => ({ table: column.table, column: column.column })),
    next:
      last !== undefined && rows.length === limit
        ? { column: index, after: Object.keys(column.key).map((name) => last[name] ?? "") }
        : nextColumn(index),
  };
}

const nextColumn = (index: number): ResealCursor | null =>
  index + 1 < sealedColumns.length ? { column: index + 1, after: null } : null;

/** Returns how many values are not under the current key. */
export async function countUnderFormerKeys({ db, keyRing }: Pick<Store, "db" | "keyRing">): Promise<number> {
  const counts = await Promise.all(
    sealedColumns.map(async (column) => {
      const { rows } = await sql<{ count: number }>`SELECT count(*)::integer AS count
        FROM ${sql.table(column.table)} WHERE ${isUnderFormerKey(keyRing, column)}`.execute(db);
      return rows[0]?.count ?? 0;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** A sealed value is `version(1) | key id(4) | …`: see KeyRing. */
function isUnderFormerKey(keyRing: KeyRing, { column, where }: SealedColumn): RawBuilder<boolean> {
  const only = where === undefined ? sql`` : sql` AND ${sql.raw(where)}`;
  return sql`${sql.ref(column)} IS NOT NULL AND substring(${sql.ref(column)} FROM 2 FOR 4) <> ${keyRing.currentId}${only}`;
}

async function rowsUnderFormerKeys(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  column: SealedColumn,
  { after, limit }: { after: readonly string[] | null; limit: number },
): Promise<SealedRow[]> {
  const names = Object.keys(column.key);
  const keys = sql.join(names.map((name) => sql.ref(name)));
  const from = after === null ? sql`` : sql` AND (${keys}) > (${sql.join(keyValues(column, names, after))})`;
  const shown = [...names, ...(column.also ?? [])].map(
    (name) => sql`${readable(column, name)} AS ${sql.ref(name)}`,
  );
  const { rows } = await sql<SealedRow>`SELECT ${sql.join(shown)}, ${sql.ref(column.column)} AS sealed
    FROM ${sql.table(column.table)} WHERE ${isUnderFormerKey(keyRing, column)}${from}
    ORDER BY ${keys} LIMIT ${limit}`.execute(db);
  return rows;
}

const readable = (column: SealedColumn, name: string): RawBuilder<string> =>
  column.key[name] === "bytea" ? sql`encode(${sql.ref(name)}, 'hex')` : sql`${sql.ref(name)}::text`;

const keyValues = (column: SealedColumn, names: readonly string[], values: readonly string[]) =>
  names.map((name, index) => {
    const value = values[index] ?? "";
    return column.key[name] === "bytea"
      ? sql`decode(${value}, 'hex')`
      : sql`${value}::${sql.raw(column.key[name] ?? "text")}`;
  });

async function resealRow(
  db: DatabaseOrTransaction,
  keyRing: KeyRing,
  column: SealedColumn,
  row: SealedRow,
): Promise<"resealed" | "changed" | "failed"> {
  const resealed = resealedValue(keyRing, column, row);
  if (resealed === null) return "failed";
  const names = Object.keys(column.key);
  const values = keyValues(
    column,
    names,
    names.map((name) => row[name] ?? ""),
  );
  const { numAffectedRows = 0n } = await sql`UPDATE ${sql.table(column.table)}
    SET ${sql.ref(column.column)} = ${resealed}
    WHERE (${sql.join(names.map((name) => sql.ref(name)))}) = (${sql.join(values)})
      AND ${sql.ref(column.column)} = ${row.sealed}`.execute(db);
  return numAffectedRows > 0n ? "resealed" : "changed";
}

function resealedValue(keyRing: KeyRing, column: SealedColumn, row: SealedRow): Buffer | null {
  try {
    return keyRing.reseal(row.sealed, column.context(row));
  } catch {
    return null;
  }
}
