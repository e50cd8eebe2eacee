/**
 * Reads small ZIP files in memory, by their central directory (PKWARE's APPNOTE, 4.3). A file may come from anybody, so
 * the number of its entries, their sizes and their ratios are judged before anything is unpacked, and an entry that is
 * longer than stated, or has another checksum, is refused. Names are never used as paths.
 */
import { crc32, inflateRawSync } from "node:zlib";

export interface ZipLimits {
  readonly entries: number;
  /** Of all entries together. */
  readonly unpackedBytes: number;
  /** How many times its packed length an entry may have; for entries from a megabyte on. */
  readonly ratio: number;
}

export interface ZippedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The reason why a ZIP file is refused: a static text. */
export class ZipError extends Error {}

const localHead = 0x04034b50;
const centralHead = 0x02014b50;
const endOfCentral = 0x06054b50;
const [localBytes, centralBytes, endBytes, longestComment] = [30, 46, 22, 0xffff];
const ratioFromBytes = 1024 * 1024;
const stored = 0;
const deflated = 8;

/** Whether a body is a ZIP file, by its first bytes: an entry, or the end of one without entries. */
export const isZip = (body: Buffer): boolean =>
  body.length >= endBytes && [localHead, endOfCentral].includes(body.readUInt32LE(0));

interface Entry {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where the entry's own head begins. */
  readonly at: number;
}

/** Returns the files of a ZIP file, without its folders, in the order of its directory. @throws ZipError */
export function unzip(zip: Buffer, limits: ZipLimits): ZippedFile[] {
  try {
    const entries = entriesOf(zip, limits);
    return entries.filter(({ name }) => !name.endsWith("/")).map((entry) => unpacked(zip, entry));
  } catch (error) {
    if (error instanceof ZipError) throw error;
    // A read beyond the end, or a damaged stream.
    throw new ZipError("the ZIP file is damaged", { cause: error });
  }
}

function entriesOf(zip: Buffer, limits: ZipLimits): Entry[] {
  const end = zip.subarray(-endBytes - longestComment).lastIndexOf(signature(endOfCentral));
  if (end === -1) throw new ZipError("the ZIP file is cut off");
  const endAt = Math.max(0, zip.length - endBytes - longestComment) + end;
  const count = zip.readUInt16LE(endAt + 10);
  if (count > limits.entries) throw new ZipError("too many entries in the ZIP file");
  const entries: Entry[] = [];
  let [at, together] = [zip.readUInt32LE(endAt + 16), 0];
  for (let index = 0; index < count; index += 1) {
    const entry = entryAt(zip, at);
    judge(entry, limits);
    together += entry.bytes;
    if (together > limits.unpackedBytes) throw new ZipError("the ZIP file is too large");
    entries.push(entry);
    at += centralBytes + [28, 30, 32].reduce((sum, field) => sum + zip.readUInt16LE(at + field), 0);
  }
  return entries;
}

function entryAt(zip: Buffer, at: number): Entry {
  if (zip.readUInt32LE(at) !== centralHead) throw new ZipError("the ZIP file is damaged");
  const nameAt = at + centralBytes;
  return {
    isEncrypted: (zip.readUInt16LE(at + 8) & 1) === 1,
    method: zip.readUInt16LE(at + 10),
    crc32: zip.readUInt32LE(at + 16),
    packedBytes: zip.readUInt32LE(at + 20),
    bytes: zip.readUInt32LE(at + 24),
    name: zip.toString("utf8", nameAt, nameAt + zip.readUInt16LE(at + 28)),
    at: zip.readUInt32LE(at + 42),
  };
}

function judge({ isEncrypted, method, bytes, packedBytes }: Entry, { ratio }: ZipLimits): void {
  if (isEncrypted) throw new ZipError("the ZIP file is encrypted");
  if (method !== stored && method !== deflated)
    throw new ZipError("the ZIP file is packed in an unknown way");
  if (bytes >= ratioFromBytes && bytes > packedBytes * ratio) throw new ZipError("the ZIP file is too large");
}

function unpacked(zip: Buffer, entry: Entry): ZippedFile {
  const { name, at, method, packedBytes, bytes: length } = entry;
  if (zip.readUInt32LE(at) !== localHead) throw new ZipError("the ZIP file is damaged");
  const from = at + localBytes + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  const packed = zip.subarray(from, from + packedBytes);
  // One more than stated, so that a longer one is noticed; an empty entry cannot have a limit of zero.
  const bytes = method === stored ? packed : inflateRawSync(packed, { maxOutputLength: length + 1 });
  if (bytes.length !== length || crc32(bytes) !== entry.crc32) throw new ZipError("the ZIP file is damaged");
  return { name, bytes };
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
