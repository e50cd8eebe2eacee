/**
 * Merges the weekly partitions of raw payloads that former releases made into the one before them, the oldest first, until
 * one is left. A week is copied with its table locked, so only weeks of few bytes are taken: those whose bodies are outside
 * of the database, or that never had many. Others stay as they are until `systole move-bodies` has run.
 */
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "./tables.ts";

/** Copied in about a second. */
export const mostWeekBytes = 64 * 1024 * 1024;

interface Week {
  readonly name: string;
  /** Its upper bound. */
  readonly high: string;
  readonly bytes: number;
}

/** Merges weeks until one is too large, or reads are under way that it would hold up; returns the names of those merged. */
export async function mergeWeeks(db: Database, mostBytes = mostWeekBytes): Promise<string[]> {
  const merged: string[] = [];
  for (;;) {
    const week = await db
      .transaction()
      .execute((tx) => mergeOldest(tx, mostBytes))
      .catch(nullIfHeld);
    if (week === null) return merged;
    merged.push(week);
  }
}

/** Readers hold the table: next time. */
function nullIfHeld(error: unknown): null {
  if ((error as { code?: unknown }).code !== lockNotAvailable) throw error;
  return null;
}

const lockNotAvailable = "55P03";

async function mergeOldest(tx: DatabaseTransaction, mostBytes: number): Promise<string | null> {
  // Another process does it otherwise.
  const { rows } = await sql<{ mine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('systole weeks of raw payloads')) AS mine`.execute(tx);
  if (rows[0]?.mine !== true) return null;
  const week = await oldestWeek(tx);
  if (week === null || week.bytes > mostBytes) return null;
  await sql`SET LOCAL lock_timeout = '2s'`.execute(tx);
  await sql`LOCK TABLE raw_payloads IN ACCESS EXCLUSIVE MODE`.execute(tx);
  const [name, before] = [sql.table(week.name), sql.table("raw_payloads_before")];
  await sql`ALTER TABLE raw_payloads DETACH PARTITION ${name}`.execute(tx);
  await sql`ALTER TABLE raw_payloads DETACH PARTITION ${before}`.execute(tx);
  await sql`INSERT INTO ${before} SELECT * FROM ${name}`.execute(tx);
  await sql`DROP TABLE ${name}`.execute(tx);
  await sql`ALTER TABLE raw_payloads ATTACH PARTITION ${before}
    FOR VALUES FROM (MINVALUE) TO (${sql.lit(week.high)})`.execute(tx);
  return week.name;
}

/** Returns the oldest weekly partition; null when there is none. */
async function oldestWeek(tx: DatabaseTransaction): Promise<Week | null> {
  const { rows } = await sql<Week>`
    SELECT child.relname AS name, pg_total_relation_size(child.oid)::float8 AS bytes,
      (regexp_match(pg_get_expr(child.relpartbound, child.oid), 'TO [(]''([^'']+)''[)]'))[1] AS high
    FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = 'raw_payloads'::regclass AND child.relname ~ '^raw_payloads_[0-9]{8}$'
    ORDER BY child.relname LIMIT 1`.execute(tx);
  return rows[0] ?? null;
}
