/**
 * A backup's file: one line that names the format, one of JSON that can be read without any tool (`head -2`), then
 * zstd with a checksum. In it are entries: a line of JSON after its length, then chunks, each after its length; a
 * length of 0 ends an entry. The last entry says so, so a file that was cut short is recognised.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { SystoleError } from "../../errors.ts";

const format = "systole-backup 1";
const lengthBytes = 4;
const chunkBytes = 256 * 1_024;
const longestHeader = 16 * 1_024 * 1_024;

export interface Header {
  /** The number of the last migration. */
  readonly schema: number;
  /** The version of the queue's own schema. */
  readonly queue: number;
  /** The id of the secret key that seals, as in every sealed value. It reveals nothing about the key. */
  readonly key: string;
  readonly version: string;
  readonly createdAt: string;
}

/** What an entry holds: the rows of a table in COPY's binary format, or a large body. */
export type About =
  | { readonly kind: "layout"; readonly layout: unknown }
  | {
      readonly kind: "table";
      readonly schema: string;
      readonly table: string;
      readonly columns: readonly string[];
    }
  | { readonly kind: "body"; readonly key: string }
  | { readonly kind: "end" };

export interface Entry {
  readonly about: About;
  readonly chunks: AsyncIterable<Buffer>;
}

const nothing: AsyncIterable<Buffer> = Readable.from([]);

/** Writes the file, with mode 0600. @throws Error EEXIST: no file is written over */
export async function writeArchive(
  file: string,
  header: Header,
  entries: AsyncIterable<Entry>,
  signal: AbortSignal,
): Promise<void> {
  const target = createWriteStream(file, { flags: "wx", mode: 0o600, flush: true });
  const head = Buffer.from(`${format}\n${JSON.stringify(header)}\n`);
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  let isFirst = true;
  const withHead = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (isFirst) this.push(head);
      isFirst = false;
      done(null, chunk);
    },
  });
  await pipeline(Readable.from(framed(entries)), compress, withHead, target, { signal });
}

async function* framed(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  for await (const { about, chunks } of entries) {
    yield withLength(Buffer.from(JSON.stringify(about)));
    yield* gathered(chunks);
    yield Buffer.alloc(lengthBytes);
  }
  yield withLength(Buffer.from(JSON.stringify({ kind: "end" } satisfies About)));
  yield Buffer.alloc(lengthBytes);
}

/** Rows are small: several share a chunk. */
async function* gathered(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    bytes += chunk.length;
    if (bytes < chunkBytes) continue;
    yield withLength(Buffer.concat(kept));
    [kept, bytes] = [[], 0];
  }
  if (bytes > 0) yield withLength(Buffer.concat(kept));
}

function withLength(content: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

export const withoutChunks = (about: About): Entry => ({ about, chunks: nothing });

/** Opens a file. @throws SystoleError BACKUP_UNREADABLE */
export async function openArchive(file: string): Promise<{ header: Header; entries: AsyncGenerator<Entry> }> {
  const { header, bytes } = await readHeader(file);
  const content = createReadStream(file, { start: bytes });
  const decompress = createZstdDecompress();
  content.once("error", (error) => decompress.destroy(error));
  return { header, entries: entriesIn(new ByteReader(content.pipe(decompress), file), file) };
}

async function readHeader(file: string): Promise<{ header: Header; bytes: number }> {
  let text = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file, { end: longestHeader })) {
      text = Buffer.concat([text, chunk as Buffer]);
      const [first, second] = [text.indexOf(10), text.indexOf(10, text.indexOf(10) + 1)];
      if (first > 0 && text.subarray(0, first).toString() !== format) break;
      if (first > 0 && second > 0) {
        return { header: JSON.parse(text.subarray(first + 1, second).toString()), bytes: second + 1 };
      }
    }
  } catch (cause) {
    throw unreadable(file, String((cause as Error).message), cause);
  }
  throw unreadable(file, `it does not begin with "${format}"`);
}

/** Yields the entries; the chunks of one are read to their end before the next. */
async function* entriesIn(reader: ByteReader, file: string): AsyncGenerator<Entry> {
  for (;;) {
    const about = JSON.parse((await reader.chunk()).toString()) as About;
    const chunks = chunksOf(reader);
    yield { about, chunks };
    for await (const _ of chunks);
    if (about.kind === "end") return;
    if (!["layout", "table", "body"].includes(about.kind))
      throw unreadable(file, `unknown part ${about.kind}`);
  }
}

async function* chunksOf(reader: ByteReader): AsyncGenerator<Buffer> {
  for (let chunk = await reader.chunk(); chunk.length > 0; chunk = await reader.chunk()) yield chunk;
}

/** Reads exact numbers of bytes from a stream. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #file: string;
  #kept: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>, file: string) {
    this.#source = source[Symbol.asyncIterator]();
    this.#file = file;
  }

  /** A length and so many bytes. @throws SystoleError BACKUP_UNREADABLE */
  async chunk(): Promise<Buffer> {
    const length = (await this.#read(lengthBytes)).readUInt32BE();
    if (length > longestHeader) throw unreadable(this.#file, "a part is too long");
    return this.#read(length);
  }

  async #read(bytes: number): Promise<Buffer> {
    const parts = [this.#kept];
    let have = this.#kept.length;
    while (have < bytes) {
      const next = await this.#source.next().catch((cause: Error) => {
        throw unreadable(this.#file, cause.message, cause);
      });
      if (next.done === true) throw unreadable(this.#file, "it ends early");
      parts.push(next.value);
      have += next.value.length;
    }
    const all = parts.length === 1 ? this.#kept : Buffer.concat(parts);
    this.#kept = all.subarray(bytes);
    return all.subarray(0, bytes);
  }
}

const unreadable = (file: string, reason: string, cause?: unknown): SystoleError =>
  new SystoleError("BACKUP_UNREADABLE", { file, reason }, { cause });
