/** Rows that are written by SQL: records of a known shape. */
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
