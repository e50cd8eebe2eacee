/** The existing records and their origins: versions, times, raw payloads. */
import { type SqlBool, sql } from "kysely";
import type { ConnectionId } from "./connections.ts";
import type { DateSpan } from "./records.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

export interface RecordOrigin {
  readonly type: string;
  readonly naturalKey: string;
  readonly revision: number;
  readonly mapperVersion: number;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly rawPayloadIds: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A position in the order of the listing; a record without a start has an empty time. */
export type OriginPlace = readonly [startTime: string, type: string, naturalKey: string];

const columns = sql`type, natural_key AS "naturalKey", revision, mapper_version AS "mapperVersion",
  start_time AS "startTime", end_time AS "endTime", raw_payload_ids AS "rawPayloadIds",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

/** Returns them by their own start, latest first. */
export async function listOrigins(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  wanted: {
    readonly type: string | undefined;
    readonly span: Partial<DateSpan>;
    readonly before: OriginPlace | undefined;
    readonly limit: number;
  },
): Promise<RecordOrigin[]> {
  const { type, span, before, limit } = wanted;
  const place = sql`(coalesce(start_time, ''), type, natural_key)`;
  const conditions = [
    sql<SqlBool>`environment_id = ${environmentId} AND user_id = ${userId}`,
    ...(type === undefined ? [] : [sql<SqlBool>`type = ${type}`]),
    ...(span.from === undefined ? [] : [sql<SqlBool>`start_date >= ${span.from}`]),
    ...(span.to === undefined ? [] : [sql<SqlBool>`start_date <= ${span.to}`]),
    ...(before === undefined ? [] : [sql<SqlBool>`${place} < (${sql.join([...before])})`]),
  ];
  const { rows } = await sql<RecordOrigin>`
    SELECT ${columns} FROM records WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY coalesce(start_time, '') DESC, type DESC, natural_key DESC LIMIT ${limit}`.execute(db);
  return rows;
}

export async function findOrigin(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  type: string,
  naturalKey: string,
): Promise<RecordOrigin | null> {
  const { rows } = await sql<RecordOrigin>`
    SELECT ${columns} FROM records WHERE environment_id = ${environmentId} AND user_id = ${userId}
      AND type = ${type} AND natural_key = ${naturalKey}`.execute(db);
  return rows[0] ?? null;
}
