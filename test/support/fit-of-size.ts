/** Makes a correct FIT file of a size that no watch makes: one timestamp after the other. */
import { FitEncoder } from "fit-file-parser";

const headerBytes = 14;
/** Messages of kind "record" with a timestamp of four bytes. */
const definition = Buffer.from([0x40, 0, 0, 20, 0, 1, 253, 4, 0x86]);
const message = Buffer.from([0x00, 0, 0, 0, 0]);

export function fitOfSize(bytes: number): Buffer {
  message.writeUInt32LE(FitEncoder.toFitTimestamp(new Date("2025-05-11T03:59:58Z")), 1);
  const count = Math.floor((bytes - headerBytes - definition.length - 2) / message.length);
  const data = Buffer.concat([definition, Buffer.alloc(count * message.length, message)]);
  const file = Buffer.concat([header(data.length), data, Buffer.alloc(2)]);
  file.writeUInt16LE(checksum(file.subarray(0, -2)), file.length - 2);
  return file;
}

function header(dataBytes: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.set([headerBytes, 0x20]);
  bytes.writeUInt32LE(dataBytes, 4);
  bytes.write(".FIT", 8, "ascii");
  bytes.writeUInt16LE(checksum(bytes.subarray(0, 12)), 12);
  return bytes;
}

/** CRC-16 as FIT has it: polynomial 0xA001. */
function checksum(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc >> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0xa001 : value >> 1;
  return value;
});
