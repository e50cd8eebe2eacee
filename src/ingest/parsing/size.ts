/** Decides whether a body is small enough to be read in this process, which is faster than a worker thread. */
import { gunzipSync } from "node:zlib";
import { isZip } from "../../zip/unzip.ts";

const maxBytes = 256 * 1024;
/** A body with this many values, each of them wrong, takes a tenth of a second. */
const maxValues = 5_000;

/**
 * Whether a body is small. A packed body counts as its unpacked length: the length that it claims may be a lie. A ZIP
 * file counts as large, whatever is in it.
 */
export function isSmall(body: Buffer): boolean {
  if (body.length > maxBytes || isZip(body)) return false;
  if (body[0] !== 0x1f || body[1] !== 0x8b) return hasFewValues(body);
  try {
    return hasFewValues(gunzipSync(body, { maxOutputLength: maxBytes }));
  } catch (error) {
    // A body that is not gzip at all is refused at once by its reader.
    return !(error instanceof RangeError);
  }
}

const [quote, backslash, comma, angle] = [...'"\\,<'].map((sign) => sign.charCodeAt(0));

/** Counts XML elements by `<`. */
function hasFewValues(bytes: Buffer): boolean {
  if (!bytes.subarray(0, 16).includes("<")) return hasFewCommas(bytes);
  let count = 0;
  for (const byte of bytes) count += byte === angle ? 1 : 0;
  return count <= maxValues;
}

/** Counts JSON values by the commas between them; texts may contain any number of commas. */
function hasFewCommas(bytes: Buffer): boolean {
  let count = 0;
  let isText = false;
  for (let at = 0; at < bytes.length && count <= maxValues; at += 1) {
    const byte = bytes[at];
    if (byte === quote) isText = !isText;
    else if (isText) at += byte === backslash ? 1 : 0;
    else if (byte === comma) count += 1;
  }
  return count <= maxValues;
}
