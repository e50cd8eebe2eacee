/** The database itself: its version, clock, connections, tables, and how far it is migrated. Nothing is written. */
import { sql } from "kysely";
import { SystoleError } from "../errors.ts";
import type { KeyRing } from "../security/key-ring.ts";
import { keyCheck } from "../store/database-facts.ts";
import { migrations } from "../store/migrate.ts";
import type { Database } from "../store/tables.ts";
import { citusFindings } from "./citus.ts";
import { type Finding, failure, ok, warning } from "./finding.ts";

const skewMs = { warning: 2_000, error: 60_000 };
const fullConnections = 0.8;
/** Rows that a vacuum would remove, from this many and this part of a table on. */
const dead = { rows: 100_000, part: 0.5 };
const oldestVersion = 150_000;

/** Returns the findings, and whether the tables are those of this Systole, so that they can be asked. */
export async function databaseFindings(
  db: Database,
  keyRing: KeyRing | null,
): Promise<{ findings: Finding[]; isCurrent: boolean }> {
  const server = [await version(db), await clock(db), await connections(db)];
  const schema = await migrated(db);
  const isCurrent = schema.level === "ok";
  if (!isCurrent) return { findings: [...server, schema], isCurrent };
  const state = [await secretKey(db, keyRing), await bloat(db), ...(await citusFindings(db))];
  return { findings: [...server, schema, ...state], isCurrent };
}

async function version(db: Database): Promise<Finding> {
  const { rows } = await sql<{ number: number; name: string }>`
    SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name`.execute(
    db,
  );
  const { number = 0, name = "?" } = rows[0] ?? {};
  if (number >= oldestVersion) return ok("database version", `PostgreSQL ${name}`);
  return failure("database version", `PostgreSQL ${name} is too old`, "Use PostgreSQL 15 or newer.");
}

async function clock(db: Database): Promise<Finding> {
  const before = Date.now();
  const { rows } = await sql<{ now: number }>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`.execute(db);
  const after = Date.now();
  const theirs = Number(rows[0]?.now);
  const skew = theirs < before ? before - theirs : Math.max(0, theirs - after);
  const says = `the database's clock and this machine's are ${(skew / 1_000).toFixed(1)} s apart`;
  if (skew < skewMs.warning) return ok("clock", says);
  const remedy = "Run a time service (NTP) on both: leases, signatures and schedules compare the two clocks.";
  return skew < skewMs.error ? warning("clock", says, remedy) : failure("clock", says, remedy);
}

async function connections(db: Database): Promise<Finding> {
  const { rows } = await sql<{ used: number; most: number }>`
    SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS used,
      current_setting('max_connections')::int AS most`.execute(db);
  const { used = 0, most = 1 } = rows[0] ?? {};
  const says = `${used} of ${most} connections are in use`;
  if (used < most * fullConnections) return ok("connections", says);
  return warning(
    "connections",
    says,
    "Raise max_connections: one process of Systole uses about thirty. Or stop what else connects.",
  );
}

async function migrated(db: Database): Promise<Finding> {
  const known = Number(migrations.at(-1)?.number);
  const { rows } = await sql<{ made: boolean }>`SELECT to_regclass('migrations') IS NOT NULL AS made`.execute(
    db,
  );
  const check = "migrations";
  if (rows[0]?.made !== true)
    return warning(
      check,
      "the database is empty",
      "Start Systole, run `npm run systole -- migrate`, or restore a backup.",
    );
  const newest = await sql<{ number: number }>`SELECT max(number) AS number FROM migrations`.execute(db);
  const number = Number(newest.rows[0]?.number);
  if (number === known) return ok(check, `the database is at migration ${number}, as this Systole`);
  const says = `the database is at migration ${number}, this Systole at ${known}`;
  return number > known
    ? failure(check, says, "Migrations only go forward: run the newer version.")
    : warning(check, says, "Start this Systole, or run `npm run systole -- migrate`.");
}

async function secretKey(db: Database, keyRing: KeyRing | null): Promise<Finding> {
  const check = "secret key";
  const row = await db.selectFrom("house").select("value").where("key", "=", keyCheck).executeTakeFirst();
  if (row === undefined) return ok(check, "nothing is sealed yet");
  if (keyRing === null)
    return failure(
      check,
      "there is none",
      "Set SYSTOLE_SECRET_KEY to the key that was in use. Nothing opens without it.",
    );
  try {
    keyRing.open(row.value, keyCheck);
    return ok(check, "it opens what is sealed");
  } catch (error) {
    if (!(error instanceof SystoleError)) throw error;
    return failure(
      check,
      "it is not the key that this database was sealed with",
      "Set SYSTOLE_SECRET_KEY to that key.",
    );
  }
}

async function bloat(db: Database): Promise<Finding> {
  const { rows } = await sql<{ table: string; dead: number }>`
    SELECT relname AS table, n_dead_tup::float8 AS dead FROM pg_stat_user_tables
    WHERE n_dead_tup > ${dead.rows} AND n_dead_tup > ${dead.part}::float8 * (n_live_tup + n_dead_tup)
    ORDER BY 2 DESC LIMIT 5`.execute(db);
  const check = "bloat";
  if (rows.length === 0) return ok(check, "no table is mostly dead rows");
  const tables = rows.map((row) => `${row.table} (${row.dead})`).join(", ");
  return warning(
    check,
    `dead rows in ${tables}`,
    "Look for a transaction that has been open for long (pg_stat_activity), and whether autovacuum is on.",
  );
}
