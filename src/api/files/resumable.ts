/** Receives a file in pieces, by the tus protocol (version 1.0.0), into a directory. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { FileStore } from "@tus/file-store";
import { type Upload as LibraryUpload, Server } from "@tus/server";
import { SystoleError } from "../../errors.ts";
import { newId } from "../../store/identifiers.ts";
import { asSystoleError, problemOf } from "../errors.ts";

export interface ResumableHandlers {
  /** Returns the upload that a request is about; undefined where its address names none. */
  idOf(request: IncomingMessage): string | undefined;
  /** Called before an upload begins. @throws SystoleError when it may not */
  begin(request: IncomingMessage, uploadId: string, bytes: number | null): Promise<void>;
  /** Called when all pieces are there, before the last one is answered. The file is moved away. */
  finish(request: IncomingMessage, uploadId: string, file: string): Promise<void>;
  /** Called when the client gives an upload up. */
  giveUp(request: IncomingMessage, uploadId: string): Promise<void>;
}

export interface ResumableOptions {
  readonly path: string;
  readonly directory: string;
  readonly maxBytes: number;
}

export class Resumable {
  readonly #store: FileStore;
  readonly #server: Server;
  readonly #handlers: ResumableHandlers;
  readonly #finishing = new Map<string, Promise<void>>();

  constructor({ path, directory, maxBytes }: ResumableOptions, handlers: ResumableHandlers) {
    this.#handlers = handlers;
    // Without an expiry of the library's own, which counts from the first piece: the row of the upload decides.
    this.#store = new FileStore({ directory });
    this.#server = new Server({
      path,
      datastore: this.#store,
      maxSize: maxBytes,
      relativeLocation: true,
      namingFunction: newId,
      // The library would take it from the end of the query, which nobody has checked.
      getFileIdFromRequest: (request) => handlers.idOf(messageOf(request)),
      onUploadCreate: async (request, { id, size }) => {
        await told(handlers.begin(messageOf(request), id, size ?? null));
        return {};
      },
      onUploadFinish: async (request, upload) => {
        await told(this.#finish(messageOf(request), upload));
        return {};
      },
    });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#server.handle(request, response);
  }

  /** Finishes an upload whose pieces are all there: a process that was killed may have left it so. */
  async finishLeft(request: IncomingMessage, uploadId: string): Promise<void> {
    const upload = await this.#store.getUpload(uploadId).catch(() => null);
    // While it is being finished, its file may have been moved away.
    const finishing = this.#finishing.get(uploadId);
    if (finishing !== undefined) return finishing;
    if (upload !== null && upload.offset === upload.size) await this.#finish(request, upload);
  }

  /** A client that waits for the answer to its last piece may ask meanwhile. */
  async #finish(request: IncomingMessage, { id, storage }: LibraryUpload): Promise<void> {
    const known = this.#finishing.get(id);
    if (known !== undefined) return known;
    const finishing = this.#handlers.finish(request, id, storage?.path ?? "").then(() =>
      // Its description would only keep the name that the file had on the person's device.
      Promise.resolve(this.#store.configstore.delete(id)).catch(() => {}),
    );
    this.#finishing.set(id, finishing);
    try {
      await finishing;
    } finally {
      this.#finishing.delete(id);
    }
  }

  /** Removes an unfinished upload. */
  async remove(request: IncomingMessage, uploadId: string): Promise<void> {
    await this.#store.remove(uploadId).catch(() => {});
    await this.#handlers.giveUp(request, uploadId);
  }
}

/** Returns Node's own message, which the routes know. */
function messageOf(request: { readonly runtime?: { node?: { req?: unknown } } }): IncomingMessage {
  const message = request.runtime?.node?.req;
  if (message === undefined) throw new SystoleError("INTERNAL", { reason: "a request without its message" });
  return message as IncomingMessage;
}

/** Turns our errors into those of the library. */
async function told(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    const error = asSystoleError(thrown);
    throw Object.assign(new Error(error.message, { cause: thrown }), {
      status_code: error.status,
      body: JSON.stringify(problemOf(error, "")),
    });
  }
}
