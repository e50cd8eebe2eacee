/**
 * Compression of what is kept: raw payloads, records, event bodies.
 *
 * zstd frames may follow one another, their contents then do too. So a body can be put together from parts
 * that are compressed already; `decompress` reads all frames (Node's own function stops after the first).
 */
import { promisify } from "node:util";
import {
  constants,
  type ZstdDecompress,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from "node:zlib";

/** What is smaller is done sooner than a thread could be asked. */
const smallBytes = 64 * 1_024;
/** Compressed texts are several times smaller. */
const smallCompressedBytes = smallBytes / 8;

const compressAside = promisify(zstdCompress);

interface Decompressed {
  readonly buffer: Buffer;
  /** `bytesWritten` counts the compressed bytes that were read: where the next frame begins. */
  readonly engine: ZstdDecompress;
}

const withInfo = { info: true };

export type Effort = "fast" | "small";
const levels: Record<Effort, number> = { fast: 1, small: 3 };

/** One frame. "fast" for what is read a few times, "small" for what is kept for ever. */
export async function compress(content: Buffer | string, effort: Effort = "fast"): Promise<Buffer> {
  const options = { params: { [constants.ZSTD_c_compressionLevel]: levels[effort] } };
  return content.length <= smallBytes ? zstdCompressSync(content, options) : compressAside(content, options);
}

export async function decompress(frames: Buffer): Promise<Buffer> {
  const contents: Buffer[] = [];
  for (let offset = 0; offset < frames.length; ) {
    const { buffer, engine } = await decompressFirst(frames.subarray(offset));
    contents.push(buffer);
    offset += engine.bytesWritten;
  }
  const [only] = contents;
  return contents.length === 1 && only !== undefined ? only : Buffer.concat(contents);
}

function decompressFirst(frames: Buffer): Promise<Decompressed> {
  if (frames.length <= smallCompressedBytes) {
    return Promise.resolve(zstdDecompressSync(frames, withInfo) as unknown as Decompressed);
  }
  return new Promise((resolve, reject) => {
    zstdDecompress(frames, withInfo, (error, result) => {
      if (error) reject(error);
      else resolve(result as unknown as Decompressed);
    });
  });
}
