/**
 * Tables that grow with time are partitioned by week over their UUIDv7 keys. Partitions are created well
 * ahead, at every start and every hour, and dropped when their retention is over.
 */
import { type Kysely, sql } from "kysely";
import { namesBodies, releaseAllOf } from "./bodies/removals.ts";
import { lowestIdAt } from "./identifiers.ts";
import type { Tables } from "./tables.ts";

const weekMs = 7 * 24 * 3_600_000;
const weeksAhead = 8;
/** 1970-01-05, a Monday. */
const firstMonday = 4 * 24 * 3_600_000;

/** The days that each table is kept. Raw payloads, the only copy of a provider's answers, are no longer among them. */
export const retentionDays = {
  notifications: 90,
  fetch_tasks: 90,
  events: 42,
  deliveries: 42,
  attempts: 42,
} as const satisfies Partial<Record<keyof Tables, number>>;

type PartitionedTable = keyof typeof retentionDays;

const partitionedTables = Object.keys(retentionDays) as PartitionedTable[];

const weekStart = (instant: Date): Date =>
  new Date(Math.floor((instant.getTime() - firstMonday) / weekMs) * weekMs + firstMonday);

const partitionName = (table: string, start: Date): string =>
  `${table}_${start.toISOString().slice(0, 10).replaceAll("-", "")}`;

/**
 * Creates the missing partitions around `now`. Safe to run from many processes at once.
 * @param tables those of an older version, for a test that begins with its database
 */
export async function ensurePartitions(
  db: Kysely<Tables>,
  now: Date,
  tables: readonly (PartitionedTable | "raw_payloads")[] = partitionedTables,
): Promise<void> {
  const start = weekStart(now).getTime();
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('systole partitions'))`.execute(tx);
    const existing = await partitionNames(tx);
    for (const table of tables) {
      for (let week = -1; week <= weeksAhead; week++) {
        const from = new Date(start + week * weekMs);
        const name = partitionName(table, from);
        if (existing.has(name)) continue;
        const bounds = [from, new Date(from.getTime() + weekMs)].map((at) => sql.lit(lowestIdAt(at)));
        await sql`CREATE TABLE ${sql.table(name)} PARTITION OF ${sql.table(table)}
          FOR VALUES FROM (${bounds[0]}) TO (${bounds[1]})`.execute(tx);
      }
    }
  });
}

/** Drops the partitions whose whole week is older than the table's retention; returns their names. */
export async function dropExpiredPartitions(db: Kysely<Tables>, now: Date): Promise<string[]> {
  const dropped: string[] = [];
  for (const [table, days] of Object.entries(retentionDays)) {
    const keepFrom = partitionName(table, weekStart(new Date(now.getTime() - days * 24 * 3_600_000)));
    for (const name of await partitionNames(db)) {
      if (!name.startsWith(`${table}_`) || name >= keepFrom) continue;
      await dropPartition(db, table as PartitionedTable, name);
      dropped.push(name);
    }
  }
  return dropped;
}

/** Drops a partition, and writes down the bodies that its rows name. Locked, so that none is moved outside meanwhile. */
function dropPartition(db: Kysely<Tables>, table: PartitionedTable, name: string): Promise<void> {
  return db.transaction().execute(async (tx) => {
    if (namesBodies(table)) {
      await sql`LOCK TABLE ${sql.table(name)} IN ACCESS EXCLUSIVE MODE`.execute(tx);
      await releaseAllOf(tx, name);
    }
    await sql`DROP TABLE IF EXISTS ${sql.table(name)}`.execute(tx);
  });
}

async function partitionNames(db: Kysely<Tables>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    SELECT child.relname AS name FROM pg_inherits
    JOIN pg_class child ON child.oid = inhrelid
    JOIN pg_class parent ON parent.oid = inhparent
    WHERE parent.relname = ANY(${[...partitionedTables, "raw_payloads"]}) AND parent.relnamespace = current_schema()::regnamespace`.execute(
    db,
  );
  return new Set(rows.map((row) => row.name));
}
