/** Writes zip files for tests, also those that no program should write. */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer | string;
  /** A wrong checksum, size or flag, in both headers. */
  readonly crc32?: number;
  readonly size?: number;
  readonly flags?: number;
}

const encrypted = 1;
export const flags = { encrypted } as const;

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = Buffer.from(entry.content);
    const packed = deflateRawSync(content);
    const common = headerOf(entry, content, packed.length, name.length);
    const local = Buffer.concat([Buffer.from("504b0304", "hex"), common, Buffer.alloc(2), name, packed]);
    pieces.push(local);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("504b01021400", "hex"), common, Buffer.alloc(2), central, name);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 4);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...pieces, listed, Buffer.from("504b0506", "hex"), end]);
}

/** The part that both headers of an entry have: from the version needed to the length of the name. */
function headerOf(entry: ZipEntry, content: Buffer, packed: number, nameLength: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(entry.flags ?? 0, 2);
  header.writeUInt16LE(8, 4);
  header.writeUInt32LE(entry.crc32 ?? crc32(content), 10);
  header.writeUInt32LE(packed, 14);
  header.writeUInt32LE(entry.size ?? content.length, 18);
  header.writeUInt16LE(nameLength, 22);
  return header;
}
