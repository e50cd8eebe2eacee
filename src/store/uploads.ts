/** Uploaded files: their state, and how far reading them has come. */
import { type Selectable, sql } from "kysely";
import type { ErrorCode, ErrorDetails } from "../errors.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseOrTransaction, UploadsTable } from "./tables.ts";

export interface UploadId {
  readonly environmentId: string;
  readonly uploadId: string;
}

export type Upload = Selectable<UploadsTable>;

export interface NewUpload extends UploadId, ConnectionId {
  readonly provider: string;
  readonly format: string;
  readonly fileBytes: number | null;
}

export async function createUpload(db: DatabaseOrTransaction, upload: NewUpload): Promise<void> {
  await db
    .insertInto("uploads")
    .values({
      environment_id: upload.environmentId,
      upload_id: upload.uploadId,
      user_id: upload.userId,
      provider: upload.provider,
      format: upload.format,
      file_bytes: upload.fileBytes,
      state: "receiving",
    })
    .execute();
}

export const findUpload = async (
  db: DatabaseOrTransaction,
  { environmentId, uploadId }: UploadId,
): Promise<Upload | null> =>
  (await db
    .selectFrom("uploads")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("upload_id", "=", uploadId)
    .executeTakeFirst()) ?? null;

/** Writes down progress; an upload that is over stays as it is. Returns whether it was not over. */
export async function moveUpload(
  db: DatabaseOrTransaction,
  { environmentId, uploadId }: UploadId,
  change: Partial<
    Pick<
      Upload,
      | "state"
      | "read_bytes"
      | "unpacked_bytes"
      | "records"
      | "stored_batches"
      | "stored_from"
      | "raw_payload_id"
    >
  > & { readonly file_bytes?: string; readonly moreRecords?: number },
): Promise<boolean> {
  const { moreRecords = 0, ...columns } = change;
  const { numUpdatedRows } = await db
    .updateTable("uploads")
    .set({
      ...columns,
      updated_at: new Date(),
      ...(moreRecords > 0 && { changed_records: sql<number>`changed_records + ${moreRecords}` }),
    })
    .where("environment_id", "=", environmentId)
    .where("upload_id", "=", uploadId)
    .where("state", "not in", ["done", "failed"])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Counts an import before it begins. Returns how many there were, this one included. */
export async function beginImport(db: DatabaseOrTransaction, id: UploadId): Promise<number> {
  const row = await changeTries(db, id, 1);
  return row?.tries ?? 1;
}

/** Uncounts an import that ended without killing its process. */
export async function endImport(db: DatabaseOrTransaction, id: UploadId): Promise<void> {
  await changeTries(db, id, -1);
}

const changeTries = (db: DatabaseOrTransaction, { environmentId, uploadId }: UploadId, by: 1 | -1) =>
  db
    .updateTable("uploads")
    .set({ tries: sql<number>`greatest(least(tries + ${by}, 100), 0)` })
    .where("environment_id", "=", environmentId)
    .where("upload_id", "=", uploadId)
    .returning("tries")
    .executeTakeFirst();

export interface UploadEnd {
  /** Null when all of the file was read. */
  readonly failure: { readonly code: ErrorCode; readonly details: ErrorDetails } | null;
}

export async function endUpload(
  db: DatabaseOrTransaction,
  { environmentId, uploadId }: UploadId,
  { failure }: UploadEnd,
): Promise<void> {
  const now = new Date();
  await db
    .updateTable("uploads")
    .set({
      state: failure === null ? "done" : "failed",
      code: failure?.code ?? null,
      details: failure === null ? null : JSON.stringify(failure.details),
      updated_at: now,
      finished_at: now,
    })
    .where("environment_id", "=", environmentId)
    .where("upload_id", "=", uploadId)
    .execute();
}

/** Notes what a file has that was not understood. */
export async function noteUnread(
  db: DatabaseOrTransaction,
  { environmentId, uploadId }: UploadId,
  unread: unknown,
): Promise<void> {
  await db
    .updateTable("uploads")
    .set({ unread: JSON.stringify(unread) })
    .where("environment_id", "=", environmentId)
    .where("upload_id", "=", uploadId)
    .execute();
}

/** An unfinished upload is kept this long after its last piece began to arrive. */
const unfinishedMs = 24 * 3_600_000;

/** Notes that another piece of a file arrives. */
export async function noteArrival(
  db: DatabaseOrTransaction,
  { environmentId, uploadId }: UploadId,
): Promise<void> {
  await db
    .updateTable("uploads")
    .set({ updated_at: new Date() })
    .where("environment_id", "=", environmentId)
    .where("upload_id", "=", uploadId)
    .where("state", "=", "receiving")
    .execute();
}

export async function countUnfinished(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<number> {
  const { count } = await db
    .selectFrom("uploads")
    .select(({ fn }) => fn.countAll<string>().as("count"))
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("state", "=", "receiving")
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function deleteUpload(
  db: DatabaseOrTransaction,
  { environmentId, uploadId }: UploadId,
): Promise<void> {
  await db
    .deleteFrom("uploads")
    .where("environment_id", "=", environmentId)
    .where("upload_id", "=", uploadId)
    .where("state", "=", "receiving")
    .execute();
}

/** Deletes uploads that nobody finished in time. */
export async function dropUnfinished(db: DatabaseOrTransaction, now: Date): Promise<void> {
  await db
    .deleteFrom("uploads")
    .where("state", "=", "receiving")
    .where("updated_at", "<", new Date(now.getTime() - unfinishedMs))
    .execute();
}

/** Returns which of these uploads, of whatever environment, still have to be received or read. */
export async function openUploads(
  db: DatabaseOrTransaction,
  uploadIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (uploadIds.length === 0) return new Set();
  const rows = await db
    .selectFrom("uploads")
    .select("upload_id")
    .where("upload_id", "in", [...uploadIds])
    .where("state", "not in", ["done", "failed"])
    .execute();
  return new Set(rows.map(({ upload_id }) => upload_id));
}

/** Whether a person's body was read to its end before. The person is named for the index. */
export async function wasRead(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  rawPayloadId: string,
): Promise<boolean> {
  const row = await db
    .selectFrom("uploads")
    .select("upload_id")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("raw_payload_id", "=", rawPayloadId)
    .where("state", "=", "done")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
