/** Receives a file in one request: to the disk, within its format's limit, and on to its import. */
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SystoleError } from "../../errors.ts";
import { acceptFile } from "../../ingest/files/accept-file.ts";
import { receivedIn } from "../../ingest/files/places.ts";
import type { FileUpload } from "../../providers/provider.ts";
import { type Connection, connectionIdOf } from "../../store/connections.ts";
import { newId } from "../../store/identifiers.ts";
import type { Store } from "../../store/store.ts";
import { countUnfinished, createUpload, deleteUpload } from "../../store/uploads.ts";

/** Unfinished uploads of one connection: a person begins again on another device, a program may begin for ever. */
const mostUnfinished = 5;

/** Whose file it is, and of which format. */
export interface FileSender {
  readonly connection: Connection;
  /** The name of the format. */
  readonly name: string;
  readonly format: FileUpload;
}

export interface BegunUpload {
  readonly uploadId: string;
  /** Null when the client does not say it. */
  readonly fileBytes: number | null;
}

/** @throws SystoleError UPLOADS_UNFINISHED */
export async function beginUpload(
  { db }: Pick<Store, "db">,
  { connection, name }: Pick<FileSender, "connection" | "name">,
  begun: BegunUpload,
): Promise<void> {
  const id = connectionIdOf(connection);
  if ((await countUnfinished(db, id)) >= mostUnfinished) {
    throw new SystoleError("UPLOADS_UNFINISHED", { limit: mostUnfinished });
  }
  await createUpload(db, { ...id, ...begun, provider: connection.provider, format: name });
}

/**
 * Returns the upload's id. Nothing is left of a file that did not come whole.
 * @throws SystoleError UPLOADS_UNFINISHED, UPLOAD_TOO_LARGE, UPLOAD_CONNECTION_ENDED, and what the bytes throw
 */
export async function receiveFile(
  store: Store,
  sender: FileSender,
  bytes: AsyncIterable<Buffer>,
): Promise<string> {
  const uploadId = newId();
  await beginUpload(store, sender, { uploadId, fileBytes: null });
  const file = path.join(receivedIn(store.bodies), uploadId);
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await pipeline(bytes, limited(sender.format.maxBytes), createWriteStream(file, { mode: 0o600 }));
    await acceptFile(store, { ...sender, uploadId, file });
  } catch (error) {
    await rm(file, { force: true });
    await deleteUpload(store.db, { environmentId: sender.connection.environment_id, uploadId });
    throw error;
  }
  return uploadId;
}

function limited(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new SystoleError("UPLOAD_TOO_LARGE", { limit_bytes: maxBytes }));
      else done(null, chunk);
    },
  });
}
