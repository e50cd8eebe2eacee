/** Figures about an installation as a whole. Counts end at a limit, so that a long backlog costs no more than a short one. */
import { sql } from "kysely";
import { isDistributed } from "./citus/dialect.ts";
import { lowestIdAt } from "./identifiers.ts";
import { retentionDays } from "./partitions.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

export const mostCounted = 100_000;

export interface SetupFacts {
  readonly keys: number;
  readonly destinations: number;
  readonly hasPeople: boolean;
  readonly hasDelivered: boolean;
}

/** Returns how far an environment is on the way to its first payload. */
export async function readSetup(db: DatabaseOrTransaction, environmentId: string): Promise<SetupFacts> {
  const own = sql`environment_id = ${environmentId}`;
  const { rows } = await sql<SetupFacts>`SELECT
    (SELECT count(*)::int FROM api_keys WHERE ${own} AND revoked_at IS NULL) AS keys,
    (SELECT count(*)::int FROM destinations WHERE ${own} AND active) AS destinations,
    EXISTS (SELECT FROM connections WHERE ${own}) AS "hasPeople",
    EXISTS (SELECT FROM attempts WHERE ${own} AND outcome = 'delivered') AS "hasDelivered"`.execute(db);
  return rows[0] ?? { keys: 0, destinations: 0, hasPeople: false, hasDelivered: false };
}

export interface Throughput {
  readonly events: number;
  readonly delivered: number;
  readonly failed: number;
}

/** Counts the events and the attempts of an environment since a time. */
export async function readThroughput(
  db: DatabaseOrTransaction,
  environmentId: string,
  since: Date,
): Promise<Throughput> {
  const from = lowestIdAt(since);
  const { rows } = await sql<Throughput>`SELECT
    (SELECT count(*)::int FROM (SELECT FROM events
      WHERE environment_id = ${environmentId} AND event_id >= ${from} LIMIT ${mostCounted}) e) AS events,
    count(*) FILTER (WHERE outcome = 'delivered')::int AS delivered,
    count(*) FILTER (WHERE outcome <> 'delivered')::int AS failed
    FROM (SELECT outcome FROM attempts
      WHERE environment_id = ${environmentId} AND attempt_id >= ${from} LIMIT ${mostCounted}) a`.execute(db);
  return rows[0] ?? { events: 0, delivered: 0, failed: 0 };
}

export interface ProviderTrouble {
  readonly provider: string;
  readonly code: string;
  readonly people: number;
  readonly since: Date | null;
}

/** Groups the people whose provider refuses or fails, by provider and error. */
export async function listProviderTroubles(
  db: DatabaseOrTransaction,
  environmentId: string,
): Promise<ProviderTrouble[]> {
  const { rows } = await sql<ProviderTrouble>`
    SELECT provider, error_code AS code, count(*)::int AS people, min(error_since) AS since
    FROM connections WHERE environment_id = ${environmentId} AND error_code IS NOT NULL AND state = 'active'
    GROUP BY provider, error_code ORDER BY count(*) DESC LIMIT 50`.execute(db);
  return rows;
}

export interface StoredSize {
  readonly bytes: number;
  /** The largest first; a partitioned table counts with all its partitions and indexes. */
  readonly tables: readonly {
    readonly table: string;
    readonly bytes: number;
    readonly keptDays: number | null;
  }[];
}

const mostTables = 12;

export async function readSize(db: DatabaseOrTransaction): Promise<StoredSize> {
  const { rows } = await sql<{ table: string; bytes: number }>`
    SELECT coalesce(parent.relname, c.relname) AS table, sum(pg_total_relation_size(c.oid))::float8 AS bytes
    FROM pg_class c
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE c.relkind = 'r' AND c.relnamespace IN (current_schema()::regnamespace, to_regnamespace('pgboss'))
    GROUP BY 1 ORDER BY 2 DESC LIMIT ${mostTables}`.execute(db);
  const whole = await sql<{ bytes: number }>`
    SELECT pg_database_size(current_database())::float8 AS bytes`.execute(db);
  const elsewhere = isDistributed(db) ? await sizesOnNodes(db) : [];
  const tables = [...rows.filter(({ table }) => !elsewhere.some((one) => one.table === table)), ...elsewhere]
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, mostTables)
    .map((row) => ({ ...row, keptDays: keptDaysOf(row.table) }));
  const here = whole.rows[0]?.bytes ?? 0;
  return { bytes: elsewhere.reduce((sum, { bytes }) => sum + bytes, here), tables };
}

/** Returns the tables whose rows are on other nodes, with all their partitions and indexes there; 0 while a node is away. */
async function sizesOnNodes(db: DatabaseOrTransaction): Promise<{ table: string; bytes: number }[]> {
  const { rows } = await sql<{ table: string; bytes: number }>`
    SELECT coalesce(inhparent::regclass, logicalrelid)::text AS table,
      coalesce(sum(citus_total_relation_size(logicalrelid, fail_on_error => false)), 0)::float8 AS bytes
    FROM pg_dist_partition LEFT JOIN pg_inherits ON inhrelid = logicalrelid
    WHERE partmethod = 'h' GROUP BY 1`.execute(db);
  return rows;
}

const keptDaysOf = (table: string): number | null =>
  Object.entries(retentionDays).find(([name]) => name === table)?.[1] ?? null;
