/** Whether a body is small enough to be read in the process itself, which is faster than handing it over. */
import { gunzipSync } from "node:zlib";

const mostBytes = 256 * 1024;

/** Packed bodies count as what they unpack to: the length that they claim to have may be a lie. */
export function isSmall(body: Buffer): boolean {
  if (body.length > mostBytes) return false;
  if (body[0] !== 0x1f || body[1] !== 0x8b) return true;
  try {
    gunzipSync(body, { maxOutputLength: mostBytes });
    return true;
  } catch (error) {
    // What is no gzip at all is refused at once by whoever reads it.
    return !(error instanceof RangeError);
  }
}
