/** Writing records: the same content changes nothing, another content is the next revision. */
import { createHash } from "node:crypto";
import type { RecordRef } from "../providers/provider.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseTransaction } from "./tables.ts";
import { compress } from "./zstd.ts";

export interface RecordContent extends RecordRef {
  readonly mapperVersion: number;
  /** The whole record as JSON text, the bytes every reader will get. */
  readonly json: string;
  /** The same with its sample arrays empty. */
  readonly summaryJson: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  /** The raw payloads it was made of, sorted. */
  readonly rawPayloadIds: readonly string[];
}

/** Whether a record is there that was made of just these payloads by this version of the mapping. */
export async function isRecordMadeOf(
  tx: DatabaseTransaction,
  id: ConnectionId,
  ref: RecordRef,
  made: Pick<RecordContent, "mapperVersion" | "rawPayloadIds">,
): Promise<boolean> {
  const row = await tx
    .selectFrom("records")
    .select(["mapper_version", "raw_payload_ids"])
    .where((where) => where.and(keyOf(id, ref)))
    .executeTakeFirst();
  return (
    row !== undefined &&
    row.mapper_version === made.mapperVersion &&
    row.raw_payload_ids.join() === made.rawPayloadIds.join()
  );
}

const keyOf = (id: ConnectionId, ref: RecordRef) => ({
  environment_id: id.environmentId,
  user_id: id.userId,
  type: ref.type,
  natural_key: ref.naturalKey,
});

export interface WrittenRecord {
  readonly revision: number;
  /** zstd of `json`, for those who send it on. */
  readonly detailed: Buffer;
}

/**
 * Answers the new revision, or null when the record already has this content. The caller holds the
 * connection's lock.
 */
export async function writeRecord(
  tx: DatabaseTransaction,
  id: ConnectionId,
  content: RecordContent,
): Promise<WrittenRecord | null> {
  const hash = createHash("sha256").update(content.json).digest();
  const key = keyOf(id, content);
  const origin = { mapper_version: content.mapperVersion, raw_payload_ids: [...content.rawPayloadIds] };
  const known = await tx
    .selectFrom("records")
    .select(["revision", "content_hash"])
    .where((where) => where.and(key))
    .executeTakeFirst();
  if (known?.content_hash.equals(hash)) {
    await tx
      .updateTable("records")
      .set(origin)
      .where((where) => where.and(key))
      .execute();
    return null;
  }
  const detailed = await compress(content.json);
  const row = {
    revision: (known?.revision ?? 0) + 1,
    ...origin,
    start_date: content.startTime?.slice(0, 10) ?? null,
    start_time: content.startTime,
    end_time: content.endTime,
    summary: content.summaryJson,
    detailed,
    detailed_bytes: Buffer.byteLength(content.json),
    content_hash: hash,
    updated_at: new Date(),
  };
  await tx
    .insertInto("records")
    .values({ ...key, ...row })
    .onConflict((conflict) =>
      conflict.columns(["environment_id", "user_id", "type", "natural_key"]).doUpdateSet(row),
    )
    .execute();
  return { revision: row.revision, detailed };
}
