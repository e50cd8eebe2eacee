/** Receives bodies as files and has them checked in worker threads; a limited number at the same time. */
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SystoleError } from "../../errors.ts";
import { newId } from "../../store/identifiers.ts";
import { ParserDiedError, ParserPool } from "../parsing/pool.ts";
import type { CheckedBody, RefusedBody } from "./check-file.ts";

/** A body as it arrives. */
export type IncomingBody = Uint8Array | AsyncIterable<Uint8Array>;

/** A checked body, packed in a file that is removed when it is disposed of. */
export interface ReceivedBody extends CheckedBody, AsyncDisposable {
  readonly packed: string;
}

/** Bodies of all people, and of one: a phone sends a few at the same time. */
const usual = { mostAtOnce: 16, mostOfOne: 4 };

export class Receiving {
  readonly #directory: string;
  readonly #limits: typeof usual;
  readonly #pool = new ParserPool({ workers: 1, memoryMb: 256, timeMs: 120_000 });
  /** The person of each receipt that runs. */
  readonly #senders: string[] = [];

  /** @param directory for the files while they are received */
  constructor(directory: string, limits: Partial<typeof usual> = {}) {
    this.#directory = directory;
    this.#limits = { ...usual, ...limits };
  }

  /**
   * Runs one receipt of a body; there are limits on how many run at the same time.
   * @param sender the user_id of the person who sends it
   * @throws SystoleError UPLOADS_BUSY
   */
  async during<Answer>(sender: string, work: () => Promise<Answer>): Promise<Answer> {
    const ofOne = this.#senders.filter((one) => one === sender).length;
    const { mostAtOnce, mostOfOne } = this.#limits;
    if (this.#senders.length >= mostAtOnce || ofOne >= mostOfOne) throw new SystoleError("UPLOADS_BUSY");
    this.#senders.push(sender);
    try {
      return await work();
    } finally {
      this.#senders.splice(this.#senders.indexOf(sender), 1);
    }
  }

  /**
   * Receives a JSON body, perhaps gzipped.
   * @param maxBytes the largest length, packed or not
   * @throws SystoleError UPLOAD_TOO_LARGE, UPLOAD_NOT_JSON, UPLOAD_CUT_OFF, UPLOAD_COMPRESSED_TWICE
   */
  async receive(body: IncomingBody, maxBytes: number): Promise<ReceivedBody> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = path.join(this.#directory, newId());
    const packed = `${file}.zst`;
    const remove = () => rm(packed, { force: true });
    try {
      await pipeline(pieces(body), limit(maxBytes), createWriteStream(file, { mode: 0o600 }));
      const checked = await this.#check({ file, packed, maxBytes });
      if ("code" in checked) throw new SystoleError(checked.code, checked.details);
      return { ...checked, packed, [Symbol.asyncDispose]: remove };
    } catch (error) {
      await remove();
      throw error;
    } finally {
      await rm(file, { force: true });
    }
  }

  async #check(given: {
    file: string;
    packed: string;
    maxBytes: number;
  }): Promise<CheckedBody | RefusedBody> {
    try {
      return (await this.#pool.run({ kind: "check", ...given })) as CheckedBody | RefusedBody;
    } catch (error) {
      // Not the body's fault as far as we know: the client may send it again.
      if (error instanceof ParserDiedError) throw new SystoleError("UPLOADS_BUSY", {}, { cause: error });
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

const pieces = (body: IncomingBody): Readable => Readable.from(body instanceof Uint8Array ? [body] : body);

/** Ends the receipt of a body that is longer. */
function limit(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _, done) {
      bytes += piece.length;
      if (bytes <= maxBytes) done(null, piece);
      else done(new SystoleError("UPLOAD_TOO_LARGE", { limit_bytes: maxBytes }));
    },
  });
}
