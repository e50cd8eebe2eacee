/** The progress of one uploaded file as server-sent events, until it is over. */
import { PassThrough, type Readable } from "node:stream";
import { SystoleError } from "../../errors.ts";
import type { Database } from "../../store/tables.ts";
import { findUpload, type UploadId } from "../../store/uploads.ts";
import { uploadView } from "./upload-view.ts";

const lookMs = 500;
const quietMs = 15_000;
const mostStreams = 100;

export class UploadEvents {
  readonly #db: Database;
  readonly #open = new Set<PassThrough>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Ends all streams: the server stops. */
  close(): void {
    for (const stream of this.#open) stream.end();
  }

  /** @throws SystoleError STREAMS_TOO_MANY */
  open(id: UploadId): Readable {
    if (this.#open.size >= mostStreams) throw new SystoleError("STREAMS_TOO_MANY");
    const stream = new PassThrough();
    this.#open.add(stream);
    stream.once("close", () => this.#open.delete(stream));
    void this.#follow(stream, id);
    return stream;
  }

  async #follow(stream: PassThrough, id: UploadId): Promise<void> {
    let [sent, sentAt] = ["", performance.now()];
    while (!stream.writableEnded && !stream.destroyed) {
      const upload = await findUpload(this.#db, id).catch(() => null);
      const data = upload === null ? "" : JSON.stringify(uploadView(upload));
      const isQuiet = performance.now() - sentAt > quietMs;
      if (data !== sent) stream.write(`event: upload\ndata: ${data}\n\n`);
      else if (isQuiet) stream.write(": still here\n\n");
      if (data !== sent || isQuiet) sentAt = performance.now();
      sent = data;
      if (upload === null || upload.finished_at !== null) stream.end("event: end\ndata: {}\n\n");
      else await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }
}
