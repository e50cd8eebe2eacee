/** A zip file written as a stream: sizes follow each file, as phones write them. None of its files may exceed 4 GB. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";

interface Entry {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
  readonly offset: number;
}

/** Bit 3: sizes come after the data. Bit 11: names are UTF-8. */
const flags = 0x0808;
const deflate = 8;
const version = 20;

export class ZipWriter {
  readonly #out: Writable;
  readonly #entries: Entry[] = [];
  #offset = 0;

  constructor(out: Writable) {
    this.#out = out;
  }

  async add(path: string, text: Iterable<string>): Promise<void> {
    const [name, offset] = [Buffer.from(path), this.#offset];
    await this.#write(Buffer.concat([header(0x04034b50, [flags, deflate], 0, [0, 0, 0], name), name]));
    const packer = createDeflateRaw();
    const counted = { crc: 0, bytes: 0 };
    const feeding = feed(packer, text, counted);
    let packed = 0;
    for await (const chunk of packer) {
      packed += chunk.length;
      await this.#write(chunk);
    }
    await feeding;
    const entry = { name, offset, packed, ...counted };
    await this.#write(words([0x08074b50, entry.crc, entry.packed, entry.bytes]));
    this.#entries.push(entry);
  }

  /** Writes the directory and ends the stream. */
  async end(): Promise<void> {
    const from = this.#offset;
    for (const entry of this.#entries) await this.#write(directoryEntry(entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#offset - from, 12);
    end.writeUInt32LE(from, 16);
    await this.#write(end);
    this.#out.end();
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#offset += bytes.length;
    if (!this.#out.write(bytes)) await once(this.#out, "drain");
  }
}

async function feed(
  packer: NodeJS.WritableStream,
  text: Iterable<string>,
  counted: { crc: number; bytes: number },
): Promise<void> {
  for (const piece of text) {
    const bytes = Buffer.from(piece);
    counted.crc = crc32(bytes, counted.crc);
    counted.bytes += bytes.length;
    if (!packer.write(bytes)) await once(packer, "drain");
  }
  packer.end();
}

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number >>> 0, 4 * index);
  return bytes;
}

/** The fields that a local header and a directory entry have alike. */
function header(
  signature: number,
  [bits, method]: readonly [number, number],
  crc: number,
  sizes: readonly number[],
  name: Buffer,
): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(version, 4);
  bytes.writeUInt16LE(bits, 6);
  bytes.writeUInt16LE(method, 8);
  // 1980-01-01, the earliest day that a zip file knows: nothing here depends on the clock.
  bytes.writeUInt16LE(0x0021, 12);
  bytes.writeUInt32LE(crc, 14);
  bytes.writeUInt32LE(sizes[0] ?? 0, 18);
  bytes.writeUInt32LE(sizes[1] ?? 0, 22);
  bytes.writeUInt16LE(name.length, 26);
  return bytes;
}

/** A local header with the version before its fields, and attributes and the offset behind them. */
function directoryEntry({ name, crc, packed, bytes, offset }: Entry): Buffer {
  const local = header(0, [flags, deflate], crc, [packed, bytes], name);
  const before = Buffer.alloc(6);
  before.writeUInt32LE(0x02014b50, 0);
  before.writeUInt16LE(version, 4);
  const behind = Buffer.alloc(12);
  behind.writeUInt32LE(offset, 8);
  return Buffer.concat([before, local.subarray(4), Buffer.alloc(2), behind, name]);
}
