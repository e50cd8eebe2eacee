/** Writes records: equal content changes nothing, different content is the next revision. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { RecordRef } from "../providers/provider.ts";
import { type OutsideBodies, placeBody } from "./bodies/outside.ts";
import { releaseBodies } from "./bodies/removals.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseTransaction } from "./tables.ts";
import { compress } from "./zstd.ts";

export interface RecordContent extends RecordRef {
  /** The id in the text; null if the type has none. */
  readonly summaryId: string | null;
  /** The provider's own id, by which it is the same record under another natural key. */
  readonly ownId?: string | null;
  readonly mapperVersion: number;
  /** The whole record as JSON in UTF-8, the bytes that every reader gets. */
  readonly json: Buffer;
  /** The same with its sample arrays empty. */
  readonly summaryJson: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  /** The raw payloads it was made of, sorted. */
  readonly rawPayloadIds: readonly string[];
}

/** The sources of a record, and its public id. */
export type RecordSource = Pick<RecordContent, "mapperVersion" | "rawPayloadIds" | "summaryId">;

/** Returns null when there is no such record. */
export async function findRecordSource(
  tx: DatabaseTransaction,
  id: ConnectionId,
  ref: RecordRef,
): Promise<RecordSource | null> {
  const row = await tx
    .selectFrom("records")
    .select(["mapper_version", "raw_payload_ids", "summary_id"])
    .where((where) => where.and(keyOf(id, ref)))
    .executeTakeFirst();
  return row === undefined
    ? null
    : {
        mapperVersion: row.mapper_version,
        rawPayloadIds: row.raw_payload_ids,
        summaryId: row.summary_id,
      };
}

/** Whether both were made of the same payloads by the same version of the mapping. */
export const isSameMaking = (
  one: Omit<RecordSource, "summaryId">,
  other: Omit<RecordSource, "summaryId">,
): boolean =>
  one.mapperVersion === other.mapperVersion && one.rawPayloadIds.join() === other.rawPayloadIds.join();

const keyOf = (id: ConnectionId, ref: RecordRef) => ({
  environment_id: id.environmentId,
  user_id: id.userId,
  type: ref.type,
  natural_key: ref.naturalKey,
});

export interface WrittenRecord {
  readonly revision: number;
  /** The `json` as zstd, to be sent on. */
  readonly detailed: Buffer;
  /** The key under which that is in the body store; null where it is in the record's row. */
  readonly bodyKey: string | null;
}

/**
 * Returns the new revision, or null when the record already has this content. The caller holds the
 * connection's lock.
 */
export async function writeRecord(
  tx: DatabaseTransaction,
  id: ConnectionId,
  content: RecordContent,
  outside?: OutsideBodies,
): Promise<WrittenRecord | null> {
  const hash = createHash("sha256").update(content.json).digest();
  const key = keyOf(id, content);
  const origin = { mapper_version: content.mapperVersion, raw_payload_ids: [...content.rawPayloadIds] };
  const known = await tx
    .selectFrom("records")
    .select(["revision", "content_hash", "body_key"])
    .where((where) => where.and(key))
    // Its body may be moved outside at this moment.
    .forNoKeyUpdate()
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
  const placed = await placeBody(tx, outside, { ...id, sha256: hash }, detailed);
  const last = known?.revision ?? (await lastRevision(tx, id, content));
  const row = {
    revision: last + 1,
    ...origin,
    summary_id: content.summaryId,
    start_date: content.startTime?.slice(0, 10) ?? null,
    start_time: content.startTime,
    end_time: content.endTime,
    summary: content.summaryJson,
    detailed: placed.packed,
    body_key: placed.key,
    detailed_bytes: content.json.length,
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
  await releaseBodies(tx, id.environmentId, [known?.body_key ?? null]);
  return { revision: row.revision, detailed, bodyKey: placed.key };
}

/**
 * Returns the last revision of a deleted record; 0 when there never was one. A record that has moved, such as a night
 * that now counts for another day, was deleted under its former key: its receivers know it by its id.
 */
async function lastRevision(
  tx: DatabaseTransaction,
  id: ConnectionId,
  { type, naturalKey, ownId = null }: Pick<RecordContent, "type" | "naturalKey" | "ownId">,
): Promise<number> {
  const isIt = sql<boolean>`natural_key = ${naturalKey}
    OR substring(natural_key FROM '/([^/]*)$') = ${ownId}::text`;
  const deleted = await tx
    .selectFrom("deleted_records")
    .select(({ fn }) => fn.max("revision").as("revision"))
    .where((where) => where.and({ environment_id: id.environmentId, user_id: id.userId, type }))
    .where(isIt)
    .executeTakeFirst();
  return deleted?.revision ?? 0;
}

/**
 * Deletes a record and keeps its last revision: destinations that hold it would ignore a lower one. Returns
 * whether it existed. The caller holds the connection's lock.
 */
export async function deleteRecord(
  tx: DatabaseTransaction,
  id: ConnectionId,
  ref: RecordRef,
): Promise<boolean> {
  const deleted = await tx
    .deleteFrom("records")
    .where((where) => where.and(keyOf(id, ref)))
    .returning(["revision", "body_key"])
    .executeTakeFirst();
  if (deleted === undefined) return false;
  const { revision, body_key } = deleted;
  await releaseBodies(tx, id.environmentId, [body_key]);
  await tx
    .insertInto("deleted_records")
    .values({ ...keyOf(id, ref), revision })
    .onConflict((conflict) =>
      conflict
        .columns(["environment_id", "user_id", "type", "natural_key"])
        .doUpdateSet({ revision, deleted_at: new Date() }),
    )
    .execute();
  return true;
}
