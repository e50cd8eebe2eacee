/** Reads and writes which things of several APIs are one, and which record they belong to. */
import { sql } from "kysely";
import type { RecordRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseTransaction } from "./tables.ts";

/** A thing that an API tells of: the part that gives its start. */
export interface StoredThing {
  readonly resource: string;
  /** Its own id: the key of its part. */
  readonly key: string;
  readonly startMs: number | null;
  /** The natural key of the record that it belongs to, where it is not its own id. */
  readonly recordKey: string | null;
  /** Whether the API still has it. */
  readonly exists: boolean;
}

export interface ThingsWanted {
  readonly resources: readonly string[];
  readonly withinMs: number;
  readonly limit: number;
}

/**
 * Returns the things that a record or thing with this key has to do with: those that name each other as their record,
 * those that start close to each other, and so on from each of them.
 */
export async function findThingsAround(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  key: string,
  { resources, withinMs, limit }: ThingsWanted,
): Promise<StoredThing[]> {
  const theirs = sql`q.environment_id = ${environmentId} AND q.user_id = ${userId}
    AND q.resource = ANY(${[...resources]}::text[])`;
  const columns = sql`q.resource, q.part_key, q.record_key, q.starts_at, q.raw_payload_id IS NOT NULL AS is_there`;
  const within = sql`make_interval(secs => ${withinMs / 1_000}::double precision)`;
  const { rows } = await sql<StoredThing>`
    WITH RECURSIVE around AS (
      SELECT ${columns} FROM raw_parts q WHERE ${theirs} AND (q.part_key = ${key} OR q.record_key = ${key})
      UNION
      SELECT ${columns} FROM around a JOIN raw_parts q ON ${theirs} AND (
        q.part_key = a.record_key OR q.record_key IN (a.part_key, a.record_key)
        OR (a.is_there AND q.raw_payload_id IS NOT NULL
          AND q.starts_at BETWEEN a.starts_at - ${within} AND a.starts_at + ${within}))
    )
    SELECT resource, part_key AS key, record_key AS "recordKey", is_there AS "exists",
      (extract(epoch FROM starts_at) * 1000)::float8 AS "startMs"
    FROM around LIMIT ${limit}`.execute(tx);
  return rows;
}

/** A record's start with its offset, and so an instant. */
const isInstant = sql`r.start_time ~ '[+-][0-9]{2}:[0-9]{2}$'`;

/**
 * Takes the starts of things that were stored before starts were: from the records that were made of each alone. Only
 * those around the thing or record with this key are needed now, which an index finds.
 */
export async function takeStartsAround(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  type: string,
  key: string,
  resources: readonly string[],
): Promise<void> {
  const ofPerson = (table: "q" | "r") =>
    sql`${sql.ref(`${table}.environment_id`)} = ${environmentId} AND ${sql.ref(`${table}.user_id`)} = ${userId}`;
  const theirs = sql`${ofPerson("q")} AND q.resource = ANY(${[...resources]}::text[])`;
  const records = sql`${ofPerson("r")} AND r.type = ${type}`;
  const { rows } = await sql<{ resource: string; key: string; start: string }>`WITH moments AS (
      SELECT q.starts_at AS at FROM raw_parts q WHERE ${theirs} AND q.part_key = ${key}
      UNION ALL
      SELECT r.start_time::timestamptz FROM records r WHERE ${records} AND r.natural_key = ${key} AND ${isInstant}
    ), days AS (
      SELECT to_char(min(at) AT TIME ZONE 'UTC' - interval '1 day', 'YYYY-MM-DD') AS first,
        to_char(max(at) AT TIME ZONE 'UTC' + interval '1 day', 'YYYY-MM-DD') AS last FROM moments
    )
    SELECT q.resource, q.part_key AS key, r.start_time AS start
    FROM raw_parts q, records r, days
    WHERE ${theirs} AND q.starts_at IS NULL AND q.raw_payload_id IS NOT NULL AND q.record_key IS NULL
      AND ${records} AND r.start_date BETWEEN days.first AND days.last
      AND r.natural_key = q.part_key AND ${isInstant}`.execute(tx);
  if (rows.length === 0) return;
  // By itself: Citus refuses an UPDATE that reads a column as a time, which depends on the session's time zone.
  await sql`UPDATE raw_parts q SET starts_at = found.start
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS found(resource text, key text, start timestamptz)
    WHERE ${ofPerson("q")} AND q.resource = found.resource AND q.part_key = found.key`.execute(tx);
}

/** Writes the record of each thing; null for its own. */
export async function assignThings(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  assigned: readonly Pick<StoredThing, "resource" | "key" | "recordKey">[],
): Promise<void> {
  if (assigned.length === 0) return;
  await sql`UPDATE raw_parts q SET record_key = a."recordKey"
    FROM json_to_recordset(${JSON.stringify(assigned)}::json) AS a(resource text, key text, "recordKey" text)
    WHERE q.environment_id = ${environmentId} AND q.user_id = ${userId}
      AND q.resource = a.resource AND q.part_key = a.key`.execute(tx);
}

/** Returns those of the keys that are records, the one made first first. */
export async function findMadeFirst(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  type: RecordRef["type"],
  keys: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    SELECT r.natural_key AS key FROM records r
    WHERE r.environment_id = ${environmentId} AND r.user_id = ${userId} AND r.type = ${type}
      AND r.natural_key = ANY(${[...keys]}::text[])
    ORDER BY r.created_at, r.natural_key`.execute(tx);
  return rows.map(({ key }) => key);
}
