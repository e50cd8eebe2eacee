/**
 * Compresses stored data: raw payloads, records, event bodies.
 *
 * The content of consecutive zstd frames is the joined content of each. So a body can be put together from
 * parts that are already compressed; `decompress` reads all frames (Node's own function stops after the
 * first).
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

/** A smaller input is done sooner than a thread could be asked. */
const smallBytes = 64 * 1_024;
/** Compressed texts are several times smaller. */
const smallCompressedBytes = smallBytes / 8;

const compressAside = promisify(zstdCompress);

interface Decompressed {
  readonly buffer: Buffer;
  /** `bytesWritten` counts the compressed bytes that were read: the start of the next frame. */
  readonly engine: ZstdDecompress;
}

/** Node returns its output in pieces; one piece that fits spares thousands of calls. */
const largestPiece = 16 * 1_024 * 1_024;
const options = (bytes: number) => ({
  info: true,
  // One byte more, since a full piece asks for another.
  chunkSize: Math.min(Math.max(bytes + 1, 64), largestPiece),
});

export type Effort = "fast" | "small";
const levels: Record<Effort, number> = { fast: 1, small: 3 };

/** Compresses into one frame. "fast" for what is read a few times, "small" for what is kept for ever. */
export async function compress(content: Buffer | string, effort: Effort = "fast"): Promise<Buffer> {
  const settings = { params: { [constants.ZSTD_c_compressionLevel]: levels[effort] } };
  return content.length <= smallBytes
    ? zstdCompressSync(content, settings)
    : compressAside(content, settings);
}

/** @param bytes the expected length, if known: it only makes it faster */
export async function decompress(frames: Buffer, bytes = smallBytes): Promise<Buffer> {
  const contents: Buffer[] = [];
  for (let offset = 0; offset < frames.length; ) {
    const { buffer, engine } = await decompressFirst(frames.subarray(offset), bytes);
    contents.push(buffer);
    offset += engine.bytesWritten;
  }
  const [only] = contents;
  return contents.length === 1 && only !== undefined ? only : Buffer.concat(contents);
}

function decompressFirst(frames: Buffer, bytes: number): Promise<Decompressed> {
  if (frames.length <= smallCompressedBytes) {
    return Promise.resolve(zstdDecompressSync(frames, options(bytes)) as unknown as Decompressed);
  }
  return new Promise((resolve, reject) => {
    zstdDecompress(frames, options(bytes), (error, result) => {
      if (error) reject(error);
      else resolve(result as unknown as Decompressed);
    });
  });
}
