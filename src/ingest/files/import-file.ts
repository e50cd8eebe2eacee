/**
 * Imports an uploaded file: reads it in a thread, folds its parts batch by batch, and makes the records of each batch
 * before the next. What a batch says is folded once, however often it is told, so after a stop the import goes on with
 * the batch that was not written down as stored.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { type FileProgress, isFile, type Provider } from "../../providers/provider.ts";
import { connectionIdOf, findConnection } from "../../store/connections.ts";
import { openRawPayload } from "../../store/raw-payloads.ts";
import type { Store } from "../../store/store.ts";
import {
  beginImport,
  endImport,
  endUpload,
  findUpload,
  moveUpload,
  noteUnread,
  type Upload,
  type UploadId,
} from "../../store/uploads.ts";
import { ConnectionGone } from "../../sync/run.ts";
import type { Logger } from "../../telemetry/log.ts";
import { newTraceId } from "../../telemetry/trace.ts";
import type { IngestDeps } from "../deps.ts";
import { growParts } from "../growing/grow-parts.ts";
import { makeStaleRecords } from "../growing/stale-records.ts";
import type { SentError } from "../parsing/messages.ts";
import { ParserDiedError } from "../parsing/pool.ts";
import type { RecordRun } from "../records.ts";
import type { ReadBatch } from "./messages.ts";
import { spoolsIn } from "./places.ts";
import { readFileInThread } from "./read-file.ts";

export interface ImportDeps extends Pick<IngestDeps, "parsing" | "unknownLeaves"> {
  readonly store: Store;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  /** The uploads of which the database could not be told that their import had ended without killing the process. */
  readonly miscounted: Set<string>;
  providerOf(slug: string): Provider;
}

/** Processes that may die over one file before it is given up. */
const maxDeaths = 5;

/** @throws StoppedError when this process is told to stop; an error of our own database */
export async function importFile(deps: ImportDeps, id: UploadId): Promise<void> {
  const upload = await findUpload(deps.store.db, id);
  if (upload === null || upload.raw_payload_id === null || isOver(upload)) return;
  const directory = path.join(spoolsIn(deps.store.bodies), id.uploadId);
  try {
    await counted(deps, id, () => readAndStore({ ...deps, id, upload, directory }));
  } catch (error) {
    // A connection that was replaced has given its uploads to the new one: once more, for that one.
    if (!(error instanceof ConnectionGone) || (await findUpload(deps.store.db, id)) !== null) throw error;
  }
  await rm(directory, { recursive: true, force: true });
}

const isOver = ({ state }: Upload): boolean => state === "done" || state === "failed";

async function counted(
  { store: { db }, log, miscounted }: ImportDeps,
  id: UploadId,
  work: () => Promise<SentError | null>,
): Promise<void> {
  if (miscounted.has(id.uploadId)) await endImport(db, id);
  miscounted.delete(id.uploadId);
  const tries = await beginImport(db, id);
  try {
    const failure = tries > maxDeaths ? givenUp("given up") : await work();
    await endUpload(db, id, { failure });
    await endImport(db, id);
    log.info({ upload_id: id.uploadId, code: failure?.code ?? null }, "an uploaded file was read");
  } catch (error) {
    miscounted.add(id.uploadId);
    await endImport(db, id);
    miscounted.delete(id.uploadId);
    throw error;
  }
}

const givenUp = (reason: string): SentError => ({
  code: "PROVIDER_BODY_UNPARSABLE",
  retry: "never",
  details: { reason },
});

interface Import extends ImportDeps {
  readonly id: UploadId;
  readonly upload: Upload;
  readonly directory: string;
}

async function readAndStore(work: Import): Promise<SentError | null> {
  const { store, id, upload, stopping } = work;
  const run = await runOf(work);
  const body = await openRawPayload(store, connectionIdOf(upload), upload.raw_payload_id ?? "");
  if (body === null || Buffer.isBuffer(body)) return givenUp("the file is gone");
  await using file = body;
  await moveUpload(store.db, id, { state: upload.stored_batches > 0 ? "storing" : "reading" });
  const order = {
    provider: upload.provider,
    resource: resourceOf(run.provider, upload.format),
    key: id.uploadId,
    file: file.file,
    directory: work.directory,
    skip: upload.stored_batches,
  };
  try {
    return await readFileInThread(order, sinkOf(work, run), stopping);
  } catch (error) {
    if (error instanceof ParserDiedError) return givenUp(error.reason);
    throw error;
  }
}

async function runOf({ store, parsing, providerOf, upload }: Import): Promise<RecordRun> {
  const id = { environmentId: upload.environment_id, userId: upload.user_id };
  if ((await findConnection(store.db, id)) === null) throw new ConnectionGone();
  return {
    deps: { store, parsing },
    provider: providerOf(upload.provider),
    id,
    task: { trace_id: newTraceId() },
  };
}

function resourceOf({ uploads = {} }: Provider, name: string): string {
  const format = uploads[name];
  if (format === undefined || !isFile(format)) throw new ConnectionGone();
  return format.fileOf;
}

function sinkOf({ store: { db }, id, upload, unknownLeaves }: Import, run: RecordRun) {
  const rawPayloadId = upload.raw_payload_id ?? "";
  return {
    async progress({ bytes, ofBytes, records }: FileProgress) {
      await moveUpload(db, id, {
        read_bytes: String(bytes),
        unpacked_bytes: ofBytes === null ? null : String(ofBytes),
        records: String(records),
      });
    },
    async store({ upTo, statements, others, examples, from }: ReadBatch) {
      const origin = { ...connectionIdOf(upload), provider: run.provider, rawPayloadId };
      unknownLeaves?.look(origin, [...examples, ...others]);
      for (const { value } of others) await noteUnread(db, id, value);
      await growParts(run, rawPayloadId, statements);
      const moreRecords = await makeStaleRecords(run);
      const stored = { stored_batches: upTo, ...(from !== null && { stored_from: from }) };
      await moveUpload(db, id, { state: "storing", ...stored, moreRecords });
    },
  };
}
