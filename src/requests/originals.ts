/** The FIT files among the bodies that a record came from, as their provider sent them. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { isFit } from "../export/fit/mark.ts";
import type { Connection } from "../store/connections.ts";
import { readRawPayload } from "../store/raw-payloads.ts";
import type { RecordOrigin } from "../store/record-origins.ts";
import type { Store } from "../store/store.ts";

const gzipMagic = Buffer.from([0x1f, 0x8b]);
/** A day at several values a second stays far below it. */
const largestFile = 64 * 1_024 * 1_024;

/** Returns the files in the order of the bodies, without a compression around them. */
export async function originalFits(
  store: Pick<Store, "db" | "bodies">,
  { environment_id }: Pick<Connection, "environment_id">,
  { rawPayloadIds }: Pick<RecordOrigin, "rawPayloadIds">,
): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for (const id of rawPayloadIds) {
    const body = await readRawPayload(store, environment_id, id);
    const plain = body === null ? null : await unpacked(body);
    if (plain !== null && isFit(plain)) files.push(plain);
  }
  return files;
}

/** Returns null for what only looks compressed. */
async function unpacked(body: Buffer): Promise<Buffer | null> {
  if (!body.subarray(0, 2).equals(gzipMagic)) return body;
  return promisify(gunzip)(body, { maxOutputLength: largestFile }).catch(() => null);
}
