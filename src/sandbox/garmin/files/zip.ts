/** Writes a ZIP file with one packed file, as Garmin's downloads are (PKWARE's APPNOTE, 4.3). */
import { crc32, deflateRawSync } from "node:zlib";

const [localHead, centralHead, endOfCentral] = [0x04034b50, 0x02014b50, 0x06054b50];
const deflated = 8;
/** 1980-01-01, so that the same file always has the same bytes. */
const firstDate = 33;

export function zipWith(name: string, bytes: Buffer): Buffer {
  const packed = deflateRawSync(bytes);
  const both = Buffer.concat([
    ...[20, 0, deflated, 0, firstDate].map(uint16),
    ...[crc32(bytes), packed.length, bytes.length].map(uint32),
    uint16(name.length),
    uint16(0),
  ]);
  const local = Buffer.concat([uint32(localHead), both, Buffer.from(name), packed]);
  // No comment, first disk, no attributes, at the beginning.
  const rest = Buffer.alloc(14);
  const central = Buffer.concat([uint32(centralHead), uint16(20), both, rest, Buffer.from(name)]);
  const end = Buffer.concat([
    uint32(endOfCentral),
    ...[0, 0, 1, 1].map(uint16),
    uint32(central.length),
    uint32(local.length),
    uint16(0),
  ]);
  return Buffer.concat([local, central, end]);
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
