/** Ids that are made of what they stand for, so that every process makes the same one, at any time. */
import { createHash, type Hash } from "node:crypto";

type Part = string | number | null;

/** JSON keeps the parts apart, whatever they hold. */
const hashOf = (parts: readonly Part[]): Hash => createHash("sha256").update(JSON.stringify(parts));

/** Returns 64 hexadecimal digits. */
export const digestOf = (...parts: readonly Part[]): string => hashOf(parts).digest("hex");

/** Returns an id in the form of a UUID (version 8). */
export function uuidOf(...parts: readonly Part[]): string {
  const hash = hashOf(parts).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The id of a record, in all its revisions. */
export const recordId = (userId: string | null, type: string, naturalKey: string): string =>
  uuidOf(userId, type, naturalKey);
