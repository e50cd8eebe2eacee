/** Ids that stay: the same record gives the same ids on every machine and in every revision. */
import { createHash } from "node:crypto";

/** The namespace of the ids (RFC 9562 §5.5). It must never change, or every server would hold each resource twice. */
const namespace = Buffer.from("2f7f3c5a9c0b4b7e8a6df1c4f0a7e613", "hex");

/** Returns the UUIDv5 of the parts. */
export function uuidOf(...parts: readonly (string | null)[]): string {
  const bytes = createHash("sha1").update(namespace).update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
