/** An export's XML that was gzipped: unpacked as a stream, with the limits of a zip file. */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { ProviderError } from "../../../provider.ts";
import { limits } from "./limits.ts";
import { stoppedReading } from "./stopped.ts";

export const isGzip = (head: Buffer): boolean => head.toString("hex", 0, 2) === "1f8b";

/** @throws ProviderError UPLOAD_ZIP_DAMAGED, UPLOAD_ZIP_TOO_LARGE */
export async function* unpackGzip(path: string): AsyncGenerator<Buffer> {
  const packed = createReadStream(path);
  const unpacked = createGunzip();
  pipeline(packed, unpacked, () => {});
  let bytes = 0;
  try {
    for await (const chunk of unpacked) {
      bytes += (chunk as Buffer).length;
      assertSize(bytes, packed.bytesRead);
      yield chunk as Buffer;
    }
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw stoppedReading("UPLOAD_ZIP_DAMAGED", { reason }, error);
  }
}

function assertSize(bytes: number, packed: number): void {
  if (bytes > limits.unpackedBytes) {
    throw stoppedReading("UPLOAD_ZIP_TOO_LARGE", { limit_bytes: limits.unpackedBytes });
  }
  if (bytes >= limits.ratioFromBytes && bytes > packed * limits.ratio) {
    throw stoppedReading("UPLOAD_ZIP_TOO_LARGE", { limit_ratio: limits.ratio });
  }
}

/** Returns the first bytes of what is packed. @throws ProviderError UPLOAD_ZIP_DAMAGED */
export async function headOfGzip(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of unpackGzip(path)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= limits.headBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, limits.headBytes);
}
