/** The FIT files among the bodies that a record came from, as their provider sent them. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { isFit } from "../export/fit/mark.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { readRawPayload } from "../store/raw-payloads.ts";
import type { RecordOrigin } from "../store/record-origins.ts";
import type { Store } from "../store/store.ts";
import { isZip, unzip } from "../zip/unzip.ts";

const gzipMagic = Buffer.from([0x1f, 0x8b]);
/** A day at several values a second stays far below it. */
const largestFile = 64 * 1_024 * 1_024;

/** Returns the files in the order of the bodies, without what packs them. */
export async function originalFits(
  store: Pick<Store, "db" | "bodies">,
  connection: Pick<Connection, "environment_id" | "user_id">,
  { rawPayloadIds }: Pick<RecordOrigin, "rawPayloadIds">,
): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for (const id of rawPayloadIds) {
    const body = await readRawPayload(store, connectionIdOf(connection), id);
    if (body !== null) files.push(...(await filesIn(body)).filter(isFit));
  }
  return files;
}

/** Returns nothing for what only looks packed. */
async function filesIn(body: Buffer): Promise<Buffer[]> {
  if (isZip(body)) return zippedIn(body);
  if (!body.subarray(0, 2).equals(gzipMagic)) return [body];
  return promisify(gunzip)(body, { maxOutputLength: largestFile }).then(
    (plain) => [plain],
    () => [],
  );
}

/** A provider's ZIP has one file, which shrank to a third. */
const zipLimits = { entries: 16, unpackedBytes: largestFile, ratio: 200 };

function zippedIn(body: Buffer): Buffer[] {
  try {
    return unzip(body, zipLimits).map(({ bytes }) => bytes);
  } catch {
    return [];
  }
}
