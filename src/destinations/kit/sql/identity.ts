/** One id for a record, whoever delivers it, whenever: what its rows are found by again. */
import { createHash } from "node:crypto";

/** In the form of a UUID (version 8); of the unabridged texts, whatever they hold. */
export function recordId(userId: string | null, type: string, naturalKey: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([userId, type, naturalKey]))
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
