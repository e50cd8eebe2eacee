/**
 * Reads records. A record is stored twice: as `summary` (JSON text, sample arrays empty) and as `detailed`
 * (zstd of the whole JSON text). Both are returned as they are, without parsing.
 */
import { type ExpressionBuilder, sql } from "kysely";
import type { DataType } from "../models/index.ts";
import { packedOf } from "./bodies/outside.ts";
import type { BodySource } from "./bodies/source.ts";
import type { DatabaseOrTransaction, Tables } from "./tables.ts";

/** The records of one type of one connection. */
export interface RecordSet {
  readonly environmentId: string;
  readonly userId: string;
  readonly type: DataType;
}

/** Both ends included; compared with the first ten characters of a record's own start. */
export interface DateSpan {
  readonly from: string;
  readonly to: string;
}

/** One record, and the length of its JSON text. */
export interface RecordEntry {
  readonly naturalKey: string;
  readonly bytes: number;
}

/** A record as stored, with its samples. */
export interface RecordFrame extends RecordEntry {
  readonly revision: number;
  readonly zstd: Buffer;
}

export interface RecordSummary {
  readonly naturalKey: string;
  readonly revision: number;
  readonly json: string;
}

const belongsTo =
  ({ environmentId, userId, type }: RecordSet) =>
  (where: ExpressionBuilder<Tables, "records">) =>
    where.and([
      where("environment_id", "=", environmentId),
      where("user_id", "=", userId),
      where("type", "=", type),
    ]);

/**
 * Selects records by their start on the wearer's own clock. A profile has no start: without a span all
 * records are selected.
 */
function ordered(db: DatabaseOrTransaction, set: RecordSet, span: DateSpan | null) {
  const all = db.selectFrom("records").where(belongsTo(set));
  const meant =
    span === null ? all : all.where("start_date", ">=", span.from).where("start_date", "<=", span.to);
  return meant.orderBy("start_date").orderBy("start_time").orderBy("natural_key");
}

/** The driver would parse a json column; we want the text itself. */
const summaryText = sql<string>`summary::text`;

/** Returns the records' JSON texts without samples. */
export async function readSummaries(
  db: DatabaseOrTransaction,
  set: RecordSet,
  span: DateSpan | null,
): Promise<string[]> {
  const rows = await ordered(db, set, span).select(summaryText.as("json")).execute();
  return rows.map((row) => row.json);
}

/** Returns the existing records and their sizes without reading them, to plan a long answer. */
export async function listEntries(
  db: DatabaseOrTransaction,
  set: RecordSet,
  span: DateSpan | null,
  { withSamples }: { withSamples: boolean },
): Promise<RecordEntry[]> {
  const bytes = withSamples ? sql<number>`detailed_bytes` : sql<number>`octet_length(summary::text)`;
  const rows = await ordered(db, set, span)
    .select(["natural_key", bytes.as("bytes")])
    .execute();
  return rows.map((row) => ({ naturalKey: row.natural_key, bytes: row.bytes }));
}

const named = (db: DatabaseOrTransaction, set: RecordSet, naturalKeys: readonly string[]) =>
  db
    .selectFrom("records")
    .where(belongsTo(set))
    // One array parameter: a list of parameters would end at 65,535 of them.
    .where(sql<boolean>`natural_key = ANY(${[...naturalKeys]}::text[])`)
    .orderBy(sql`array_position(${[...naturalKeys]}::text[], natural_key)`);

/**
 * Returns the named records with their samples, in the order named; records deleted since are left out.
 * @throws SystoleError BODY_MISSING, BODY_STORE_UNAVAILABLE
 */
export async function readFrames(
  { db, bodies }: BodySource,
  set: RecordSet,
  naturalKeys: readonly string[],
): Promise<RecordFrame[]> {
  const rows = await named(db, set, naturalKeys)
    .select(["natural_key", "revision", "detailed", "detailed_bytes", "body_key"])
    .execute();
  return Promise.all(
    rows.map(async (row) => ({
      naturalKey: row.natural_key,
      revision: row.revision,
      bytes: row.detailed_bytes,
      zstd: await packedOf(bodies, row.detailed, row.body_key),
    })),
  );
}

/** Returns the named records without samples, in the order named; records deleted since are left out. */
export async function readNamedSummaries(
  db: DatabaseOrTransaction,
  set: RecordSet,
  naturalKeys: readonly string[],
): Promise<RecordSummary[]> {
  const rows = await named(db, set, naturalKeys)
    .select(["natural_key", "revision", summaryText.as("json")])
    .execute();
  return rows.map((row) => ({ naturalKey: row.natural_key, revision: row.revision, json: row.json }));
}

/** Where a record stands in the order of all records of its connection: by type, then by natural key. */
export interface RecordPlace {
  readonly type: DataType;
  readonly naturalKey: string;
}

export interface PlacesWanted {
  /** Begins with this one, or with the one after it where it is gone; null for the first. */
  readonly from: RecordPlace | null;
  /**
   * Leaves out records of these types that are on other days: those that do not touch the span, or that do not start in
   * it. Records without a start stay.
   */
  readonly days: {
    readonly types: readonly DataType[];
    readonly span: DateSpan;
    readonly by: "touch" | "start";
  } | null;
  readonly limit: number;
}

/** Returns a connection's records of all types in the order of the primary key, so that a page costs the same anywhere. */
export async function listPlaces(
  db: DatabaseOrTransaction,
  { environmentId, userId }: Omit<RecordSet, "type">,
  { from, days, limit }: PlacesWanted,
): Promise<(RecordPlace & RecordEntry)[]> {
  let wanted = db
    .selectFrom("records")
    .select(["type", "natural_key", "detailed_bytes"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId);
  if (from !== null)
    wanted = wanted.where(sql<boolean>`(type, natural_key) >= (${from.type}, ${from.naturalKey})`);
  if (days !== null) wanted = wanted.where(isOnDays(days));
  const rows = await wanted.orderBy("type").orderBy("natural_key").limit(limit).execute();
  return rows.map((row) => ({ ...placeOf(row), bytes: row.detailed_bytes }));
}

function isOnDays({ types, span: { from, to }, by }: NonNullable<PlacesWanted["days"]>) {
  const last = by === "start" ? sql`start_date` : sql`greatest(start_date, left(end_time, 10))`;
  return sql<boolean>`(NOT type = ANY(${[...types]}::text[]) OR start_date IS NULL
    OR (start_date <= ${to} AND ${last} >= ${from}))`;
}

/**
 * Returns the records with a mark: the first hexadecimal digits of the SHA-256 of `type/naturalKey`. Only the keys of
 * this one connection are read, in the primary key's index. Two records may have the same mark.
 */
export async function findMarkedRecords(
  db: DatabaseOrTransaction,
  { environmentId, userId }: Omit<RecordSet, "type">,
  mark: string,
): Promise<RecordPlace[]> {
  const markOf = sql<string>`left(encode(sha256(convert_to(type || '/' || natural_key, 'UTF8')), 'hex'), ${mark.length})`;
  const rows = await db
    .selectFrom("records")
    .select(["type", "natural_key"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where(markOf, "=", mark)
    .execute();
  return rows.map(placeOf);
}

/**
 * Returns the `device_data` of each device that a connection's records name, once each. Two devices differ in one of
 * the fields that are given. All summaries of the connection are read.
 */
export async function listDevices(
  db: DatabaseOrTransaction,
  { environmentId, userId }: Omit<RecordSet, "type">,
  fields: readonly string[],
): Promise<unknown[]> {
  const words = sql.join(fields.map((field) => sql`device ->> ${field}`));
  // Materialized, or the long text would be parsed once for each of the words.
  const { rows } = await sql<{ device: unknown }>`
    WITH named AS MATERIALIZED (SELECT summary -> 'device_data' AS device FROM records
      WHERE environment_id = ${environmentId} AND user_id = ${userId})
    SELECT DISTINCT ON (words) device
    FROM (SELECT device, ARRAY[${words}] AS words FROM named WHERE json_typeof(device) = 'object') AS told
    ORDER BY words`.execute(db);
  return rows.map(({ device }) => device);
}

const placeOf = ({
  type,
  natural_key: naturalKey,
}: {
  readonly type: string;
  readonly natural_key: string;
}) => ({
  type: type as DataType,
  naturalKey,
});

/** The number of a connection's records of a type, and the days they span. */
export interface Holding {
  readonly type: string;
  readonly records: number;
  readonly from: string | null;
  readonly to: string | null;
}

export function countRecords(
  db: DatabaseOrTransaction,
  { environmentId, userId }: { readonly environmentId: string; readonly userId: string },
): Promise<Holding[]> {
  return db
    .selectFrom("records")
    .select(["type", sql<number>`count(*)::int`.as("records")])
    .select((select) => [select.fn.min("start_date").as("from"), select.fn.max("start_date").as("to")])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .groupBy("type")
    .orderBy("type")
    .execute();
}

/** The number of records of a type that start on a day. */
export interface DayCount {
  readonly type: string;
  readonly day: string;
  readonly records: number;
}

/** Counts records by their own local days, in order. Records without a start are in no day. */
export function countByDay(
  db: DatabaseOrTransaction,
  { environmentId, userId }: { readonly environmentId: string; readonly userId: string },
  { from, to }: DateSpan,
): Promise<DayCount[]> {
  return db
    .selectFrom("records")
    .select(["type", sql<string>`start_date`.as("day"), sql<number>`count(*)::int`.as("records")])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("start_date", ">=", from)
    .where("start_date", "<=", to)
    .groupBy(["type", "start_date"])
    .orderBy("start_date")
    .orderBy("type")
    .execute();
}
