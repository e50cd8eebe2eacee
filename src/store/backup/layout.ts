/** What a database has beside its rows: partitions, and where its sequences are. Read from the catalogue. */
import type pg from "pg";

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

export interface Table extends TableName {
  /** Without generated ones, which the database computes. */
  readonly columns: readonly string[];
}

export interface Layout {
  readonly partitions: readonly { readonly name: string; readonly parent: string; readonly bound: string }[];
  readonly sequences: readonly { readonly name: string; readonly value: string }[];
}

/** Ours, and the queue's. */
export const schemas = ["public", "pgboss"];
/** Written by whoever makes the tables; the anchor of commits over several nodes has no rows. */
const ofTheSchema = ["public.migrations", "public.commit_anchor", "pgboss.version"];

/** Returns the tables with rows of their own, and those that stand for their partitions. */
export async function readTables(client: pg.Client): Promise<readonly Table[]> {
  const { rows } = await client.query<{ schema: string; table: string; columns: string[] }>(
    `SELECT n.nspname AS schema, c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY($1)
       AND n.nspname || '.' || c.relname <> ALL($2)
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [schemas, ofTheSchema],
  );
  return rows;
}

export async function readLayout(client: pg.Client): Promise<Layout> {
  const partitions = await client.query(
    `SELECT c.oid::regclass::text AS name, i.inhparent::regclass::text AS parent,
       pg_get_expr(c.relpartbound, c.oid) AS bound
     FROM pg_inherits i
     JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p')
     JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
     ORDER BY 1`,
  );
  const sequences = await client.query(
    `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS value
     FROM pg_sequences WHERE schemaname = ANY($1) AND last_value IS NOT NULL ORDER BY 1`,
    [schemas],
  );
  return { partitions: partitions.rows, sequences: sequences.rows };
}

export async function readQueueVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query("SELECT version FROM pgboss.version");
  return Number(rows[0]?.version);
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const nameOf = ({ schema, table }: TableName): string => `${quoted(schema)}.${quoted(table)}`;
