/**
 * Reads a zip file by its central directory. Every name, size and ratio is judged before the first byte is unpacked;
 * while unpacking, more bytes than stated are an error, and so is a wrong checksum at the end. Nothing is written to a
 * path of the archive.
 */
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { ProviderError } from "../../../../provider.ts";
import { limits } from "../limits.ts";
import { stoppedReading } from "../stopped.ts";

/** A file in an archive. */
export interface Archived {
  readonly name: string;
  readonly bytes: number;
  readonly crc32: number;
  readonly entry: Entry;
}

export class Archive {
  readonly #zip: ZipFile;
  readonly files: readonly Archived[];

  private constructor(zip: ZipFile, files: readonly Archived[]) {
    this.#zip = zip;
    this.files = files;
  }

  /** @throws ProviderError UPLOAD_ZIP_… */
  static async open(path: string): Promise<Archive> {
    const zip = await openZip(path);
    try {
      return new Archive(zip, await listFiles(zip));
    } catch (error) {
      zip.close();
      throw zipError(error);
    }
  }

  /** Yields the bytes of a file. @throws ProviderError UPLOAD_ZIP_DAMAGED, UPLOAD_ZIP_CHECKSUM_WRONG after the last byte */
  async *read({ name, crc32: stated, entry }: Archived): AsyncGenerator<Buffer> {
    let sum = 0;
    try {
      for await (const chunk of await this.#stream(entry)) {
        sum = crc32(chunk as Buffer, sum);
        yield chunk as Buffer;
      }
    } catch (error) {
      throw zipError(error);
    }
    if (sum !== stated) throw stoppedReading("UPLOAD_ZIP_CHECKSUM_WRONG", { file: name });
  }

  /** Returns the first bytes of a file, and the reason why there are no more, if there is one. */
  async head({ entry }: Archived): Promise<{ readonly head: Buffer; readonly fault: ProviderError | null }> {
    const pieces: Buffer[] = [];
    let [length, fault]: [number, ProviderError | null] = [0, null];
    try {
      for await (const chunk of await this.#stream(entry)) {
        pieces.push(chunk as Buffer);
        length += (chunk as Buffer).length;
        if (length >= limits.headBytes) break;
      }
    } catch (error) {
      fault = zipError(error);
    }
    return { head: Buffer.concat(pieces).subarray(0, limits.headBytes), fault };
  }

  close(): void {
    this.#zip.close();
  }

  #stream(entry: Entry): Promise<Readable> {
    return this.#zip.openReadStreamPromise(entry);
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(path, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw zipError(error);
  }
}

async function listFiles(zip: ZipFile): Promise<Archived[]> {
  if (zip.entryCount > limits.zipEntries) throw tooMany();
  const files: Archived[] = [];
  let [entries, unpacked] = [0, 0];
  for await (const entry of zip.eachEntry()) {
    entries += 1;
    if (entries > limits.zipEntries) throw tooMany();
    const file = judged(entry);
    unpacked += file.bytes;
    if (unpacked > limits.unpackedBytes) throw tooLarge({ limit_bytes: limits.unpackedBytes });
    if (!file.name.endsWith("/")) files.push(file);
  }
  return files;
}

function judged(entry: Entry): Archived {
  const { uncompressedSize: bytes, compressedSize: packed } = entry;
  const name = entry.fileNameRaw.toString("utf8");
  if (yauzl.validateFileName(name) !== null) throw stoppedReading("UPLOAD_ZIP_PATH_UNSAFE", {});
  if (entry.isEncrypted()) throw stoppedReading("UPLOAD_ZIP_ENCRYPTED", {});
  if (bytes >= limits.ratioFromBytes && bytes > packed * limits.ratio) {
    throw tooLarge({ limit_ratio: limits.ratio });
  }
  return { name, bytes, crc32: entry.crc32, entry };
}

const tooMany = () => stoppedReading("UPLOAD_ZIP_TOO_MANY_FILES", { limit: limits.zipEntries });
const tooLarge = (limit: object) => stoppedReading("UPLOAD_ZIP_TOO_LARGE", { ...limit });

/** The library's errors have texts alone. */
function zipError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (/encrypt/.test(reason)) return stoppedReading("UPLOAD_ZIP_ENCRYPTED", {}, error);
  if (/too many bytes/.test(reason)) return stoppedReading("UPLOAD_ZIP_TOO_LARGE", { reason }, error);
  return stoppedReading("UPLOAD_ZIP_DAMAGED", { reason }, error);
}
