/**
 * Writes a ZIP file (PKWARE's APPNOTE, 4.3). The same entries give the same bytes:
 * every entry has the format's first date. Its limits without ZIP64: 65,535 entries and 4 GB.
 */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
  /** Whether it is deflated; otherwise it is stored as it is. */
  readonly isDeflated?: boolean;
}

const localHead = 0x04034b50;
const centralHead = 0x02014b50;
const endOfCentral = 0x06054b50;
const [stored, deflated] = [0, 8];
/** 2.0, the first version with folders in names. */
const version = 20;
/** Names are UTF-8. */
const utf8Names = 1 << 11;
/** 1980-01-01. */
const firstDate = (1 << 5) | 1;

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = entry.isDeflated ? deflateRawSync(entry.bytes) : entry.bytes;
    const [name, shared] = [Buffer.from(entry.name), sharedFields(entry, packed.length)];
    const local = Buffer.concat([uint32(localHead), uint16(version), shared, uint16(0), name, packed]);
    // No comment, first disk, no attributes.
    const rest = [uint16(0), uint16(0), uint16(0), uint16(0), uint32(0), uint32(offset), name];
    const versions = [uint32(centralHead), uint16(version), uint16(version)];
    centrals.push(Buffer.concat([...versions, shared, ...rest]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const counts = [uint16(entries.length), uint16(entries.length), uint32(central.length), uint32(offset)];
  const end = Buffer.concat([uint32(endOfCentral), uint16(0), uint16(0), ...counts, uint16(0)]);
  return Buffer.concat([...locals, central, end]);
}

/** The fields from the flags to the length of the name, which both heads of an entry have. */
function sharedFields({ name, bytes, isDeflated }: ZipEntry, packedBytes: number): Buffer {
  const method = uint16(isDeflated ? deflated : stored);
  const [sum, packedSize, size] = [uint32(crc32(bytes)), uint32(packedBytes), uint32(bytes.length)];
  const nameLength = uint16(Buffer.byteLength(name));
  return Buffer.concat([
    uint16(utf8Names),
    method,
    uint16(0),
    uint16(firstDate),
    sum,
    packedSize,
    size,
    nameLength,
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
