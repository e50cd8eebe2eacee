/** Rows that are written by SQL: records of a known shape, and more of them than a person would wait for. */
import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import type { System } from "../../support/system.ts";

export interface Timed {
  readonly metadata: { readonly start_time: string; readonly end_time: string };
}

/** Writes a record as it is, and returns its screen's address. */
export async function seedRecord(
  { query }: System,
  userId: string,
  type: string,
  record: Timed,
): Promise<string> {
  const { start_time: start, end_time: end } = record.metadata;
  const key = `seeded ${start}`;
  const text = JSON.stringify(record);
  await query(
    `INSERT INTO records (environment_id, user_id, type, natural_key, revision, mapper_version, start_date, start_time,
       end_time, summary, detailed, detailed_bytes, content_hash, raw_payload_ids)
     SELECT environment_id, user_id, $2, $3, 1, 1, left($4, 10), $4, $5, $6, $7, $8, $9, '{}'
     FROM connections WHERE user_id = $1`,
    [userId, type, key, start, end, text, zstdCompressSync(text), text.length, sha256(text)],
  );
  return `people/${userId}/${type}/${encodeURIComponent(key)}`;
}

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Connects so many people; `person-1` is the newest. */
export async function seedPeople({ query }: System, count: number): Promise<void> {
  await query(
    `INSERT INTO connections (environment_id, user_id, provider, provider_user_id, reference_id, state,
       grant_sealed, created_at)
     SELECT environment_id, gen_random_uuid(), 'polar', 'seeded ' || n, 'person-' || n, 'active', '',
       now() - n * interval '1 second'
     FROM environments, generate_series(1, $1::int) n`,
    [count],
  );
}

/** Writes the same record for so many days, from 2015-01-01 on. */
export async function seedRecords(
  { query }: System,
  userId: string,
  count: number,
  record: Timed,
): Promise<void> {
  const text = JSON.stringify(record);
  await query(
    `INSERT INTO records (environment_id, user_id, type, natural_key, revision, mapper_version, start_date, start_time,
       end_time, summary, detailed, detailed_bytes, content_hash, raw_payload_ids)
     SELECT environment_id, user_id, 'body', day, 1, 1, day, day || 'T00:00:00.000000', day || 'T23:59:00.000000', $2, $3,
       $4, $5, '{}'
     FROM connections, LATERAL (SELECT to_char(date '2015-01-01' + n, 'YYYY-MM-DD') AS day
       FROM generate_series(0, $6::int - 1) n) days
     WHERE user_id = $1`,
    [userId, text, zstdCompressSync(text), text.length, sha256(text), count],
  );
}
