/**
 * Accepts a file that was received completely: puts it into the body store, writes its raw payload, and orders its import,
 * before the last piece is answered. A file that is stored already is not stored again.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { SystoleError } from "../../errors.ts";
import type { FileUpload } from "../../providers/provider.ts";
import { bodyIsNamed, expectBody } from "../../store/bodies/removals.ts";
import {
  type Connection,
  type ConnectionId,
  connectionIdOf,
  lockConnection,
} from "../../store/connections.ts";
import { newId } from "../../store/identifiers.ts";
import { notePush } from "../../store/pushes.ts";
import { findEqual, insertRawPayload, nextFetchOrder } from "../../store/raw-payloads.ts";
import type { Store } from "../../store/store.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import { endUpload, findUpload, moveUpload, type UploadId, wasRead } from "../../store/uploads.ts";

export interface ReceivedFile {
  readonly connection: Connection;
  /** The name of the format. */
  readonly name: string;
  readonly format: FileUpload;
  readonly uploadId: string;
  /** The file; it is moved away. */
  readonly file: string;
}

/**
 * Does nothing for a file that was accepted before: two requests may find it complete.
 * @throws SystoleError UPLOAD_CONNECTION_ENDED, UPLOAD_UNKNOWN
 */
export async function acceptFile(store: Store, received: ReceivedFile): Promise<void> {
  const { connection, format, uploadId, file } = received;
  const id = connectionIdOf(connection);
  const upload = { environmentId: id.environmentId, uploadId };
  const begun = await findUpload(store.db, upload);
  if (begun === null) throw new SystoleError("UPLOAD_UNKNOWN");
  if (begun.state !== "receiving") return;
  const { size: bytes } = await stat(file);
  const sha256 = await hashOf(file);
  const ref = { resource: format.fileOf, key: "file", sha256 };
  const rawPayloadId = newId();
  const key = `${id.environmentId}/${rawPayloadId}`;
  const known = await findEqual(store.db, id, ref);
  if (known === null) {
    await expectBody(store.db, { environmentId: id.environmentId, key });
    await store.bodies.put(key, file);
  }
  await rm(file, { force: true });
  await store.db.transaction().execute(async (tx) => {
    if ((await lockConnection(tx, id)) === null) throw new SystoleError("UPLOAD_CONNECTION_ENDED");
    await notePush(tx, id, { format: received.name, isByHand: format.isSentByHand ?? false });
    const again = known === null ? null : await findEqual(tx, id, ref);
    if (again !== null)
      return queueAgain({ tx, store, upload }, id, { rawPayloadId: again.rawPayloadId, bytes });
    // The equal file was erased between two statements: the client sends it again.
    if (known !== null) throw new SystoleError("UPLOAD_UNKNOWN");
    await bodyIsNamed(tx, { environmentId: id.environmentId, key });
    await insertRawPayload(tx, {
      ...ref,
      rawPayloadId,
      connection: id,
      provider: connection.provider,
      method: "POST",
      path: `/v2/uploads/${connection.provider}/${received.name}`,
      status: 200,
      contentType: null,
      body: { key, bytes },
      taskId: null,
      fetchOrder: await nextFetchOrder(tx),
    });
    await queue({ tx, store, upload }, rawPayloadId, bytes);
  });
}

interface Queueing {
  readonly tx: DatabaseTransaction;
  readonly store: Store;
  readonly upload: UploadId;
}

async function queue({ tx, store, upload }: Queueing, rawPayloadId: string, bytes: number): Promise<void> {
  await moveUpload(tx, upload, {
    state: "queued",
    raw_payload_id: rawPayloadId,
    file_bytes: String(bytes),
  });
  await store.queue.enqueue(tx, "import", [{ data: upload }]);
}

/** A file that was read to its end has nothing to say a second time; one that failed is tried again. */
async function queueAgain(
  queueing: Queueing,
  id: ConnectionId,
  { rawPayloadId, bytes }: { readonly rawPayloadId: string; readonly bytes: number },
): Promise<void> {
  const { tx, upload } = queueing;
  await queue(queueing, rawPayloadId, bytes);
  if (await wasRead(tx, id, rawPayloadId)) await endUpload(tx, upload, { failure: null });
}

async function hashOf(file: string): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest();
}
