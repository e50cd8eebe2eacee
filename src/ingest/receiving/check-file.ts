/**
 * Checks a received body and packs it for keeping: unpacks gzip, limits the length, sees that it is JSON, hashes it.
 * Runs in a worker thread, piece by piece, so memory does not depend on the length.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createZstdCompress } from "node:zlib";
import { type ErrorCode, type ErrorDetails, SystoleError } from "../../errors.ts";
import { JsonCheck, NotJsonError } from "./json-check.ts";

export interface FileCheck {
  readonly file: string;
  /** The file to write the body to, as one frame of zstd. */
  readonly packed: string;
  /** The largest body, unpacked. */
  readonly maxBytes: number;
}

export interface CheckedBody {
  readonly sha256: Uint8Array;
  /** The length, unpacked. */
  readonly bytes: number;
}

export interface RefusedBody {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

const level = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

export async function checkFile({ file, packed, maxBytes }: FileCheck): Promise<CheckedBody | RefusedBody> {
  const check = new BodyCheck(maxBytes);
  try {
    const stored = createReadStream(file);
    const packing = [createZstdCompress(level), createWriteStream(packed, { mode: 0o600 })] as const;
    const pass = (pieces: AsyncIterable<Buffer>) => check.pass(pieces);
    if (await isGzip(file)) await pipeline(stored, createGunzip(), pass, ...packing);
    else await pipeline(stored, pass, ...packing);
    return check.result();
  } catch (error) {
    return refusalOf(error);
  }
}

/** By its content: clients name the packing in a header, or forget to. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && hasGzipMark(buffer);
  } finally {
    await handle.close();
  }
}

const hasGzipMark = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** @throws the error itself if it is not the body's fault */
function refusalOf(error: unknown): RefusedBody {
  if (error instanceof SystoleError) return { code: error.code, details: error.details };
  if (error instanceof NotJsonError) {
    return { code: error.isCut ? "UPLOAD_CUT_OFF" : "UPLOAD_NOT_JSON", details: { at_byte: error.at } };
  }
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") return { code: "UPLOAD_CUT_OFF", details: {} };
  if (code.startsWith("Z_")) return { code: "UPLOAD_NOT_JSON", details: { reason: "broken gzip" } };
  throw error;
}

class BodyCheck {
  readonly #json = new JsonCheck();
  readonly #hash = createHash("sha256");
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  async *pass(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.#take(piece);
      yield piece;
    }
    this.#json.end();
  }

  result(): CheckedBody {
    return { sha256: this.#hash.digest(), bytes: this.#bytes };
  }

  #take(bytes: Buffer): void {
    // Only after unpacking can it still begin so: what began so was unpacked.
    if (this.#bytes === 0 && hasGzipMark(bytes)) throw new SystoleError("UPLOAD_COMPRESSED_TWICE");
    this.#bytes += bytes.length;
    if (this.#bytes > this.#maxBytes)
      throw new SystoleError("UPLOAD_TOO_LARGE", { limit_bytes: this.#maxBytes });
    this.#json.write(bytes);
    this.#hash.update(bytes);
  }
}
