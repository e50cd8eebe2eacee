/**
 * Reading records. A record is kept twice: as `summary` (JSON text, sample arrays empty) and as `detailed`
 * (zstd of the whole JSON text). Both leave here as the bytes they are; nobody parses them on the way out.
 */
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { type ExpressionBuilder, sql } from "kysely";
import type { DataType } from "../models/index.ts";
import type { DatabaseOrTransaction, Tables } from "./tables.ts";

const decompress = promisify(zstdDecompress);

/** The records of one type of one connection. */
export interface RecordSet {
  readonly environmentId: string;
  readonly userId: string;
  readonly type: DataType;
}

/** Both ends belong to it; compared with the first ten characters of a record's own start. */
export interface DateSpan {
  readonly from: string;
  readonly to: string;
}

/** One record in the order of starts, and how large its JSON text is. */
export interface RecordEntry {
  readonly naturalKey: string;
  readonly bytes: number;
}

const belongsTo =
  ({ environmentId, userId, type }: RecordSet) =>
  (where: ExpressionBuilder<Tables, "records">) =>
    where.and([
      where("environment_id", "=", environmentId),
      where("user_id", "=", userId),
      where("type", "=", type),
    ]);

const ordered = (db: DatabaseOrTransaction, set: RecordSet, { from, to }: DateSpan) =>
  db
    .selectFrom("records")
    .where(belongsTo(set))
    .where("start_date", ">=", from)
    .where("start_date", "<=", to)
    .orderBy("start_date")
    .orderBy("start_time")
    .orderBy("natural_key");

/** The records' JSON texts without samples, by start (on the wearer's own clock). */
export async function readSummaries(
  db: DatabaseOrTransaction,
  set: RecordSet,
  span: DateSpan,
): Promise<string[]> {
  const rows = await ordered(db, set, span).select(sql<string>`summary::text`.as("text")).execute();
  return rows.map((row) => row.text);
}

/** Which records there are and how large, without reading them: what a long answer is planned with. */
export async function listEntries(
  db: DatabaseOrTransaction,
  set: RecordSet,
  span: DateSpan,
  { withSamples }: { withSamples: boolean },
): Promise<RecordEntry[]> {
  const bytes = withSamples ? sql<number>`detailed_bytes` : sql<number>`octet_length(summary::text)`;
  const rows = await ordered(db, set, span)
    .select(["natural_key", bytes.as("bytes")])
    .execute();
  return rows.map((row) => ({ naturalKey: row.natural_key, bytes: row.bytes }));
}

/** JSON texts of the named records in the order named; records gone since are left out. */
export async function readByKeys(
  db: DatabaseOrTransaction,
  set: RecordSet,
  naturalKeys: readonly string[],
  { withSamples }: { withSamples: boolean },
): Promise<Buffer[]> {
  if (naturalKeys.length === 0) return [];
  const rows = await db
    .selectFrom("records")
    .where(belongsTo(set))
    // One array parameter: a list of parameters would end at 65,535 of them.
    .where(sql<boolean>`natural_key = ANY(${[...naturalKeys]}::text[])`)
    .select(["natural_key", withSamples ? "detailed as content" : sql<string>`summary::text`.as("content")])
    .execute();
  const contents = new Map(rows.map((row) => [row.natural_key, row.content]));
  const found = naturalKeys.flatMap((key) => contents.get(key) ?? []);
  return Promise.all(
    found.map((content) => (typeof content === "string" ? Buffer.from(content) : decompress(content))),
  );
}
