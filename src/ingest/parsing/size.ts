/** Whether a body is small enough to be read in the process itself, which is faster than handing it over. */
import { gunzipSync } from "node:zlib";

const mostBytes = 256 * 1024;
/** Of a body in which each of them is wrong, so many take a tenth of a second. */
const mostValues = 5_000;

/** Packed bodies count as what they unpack to: the length that they claim to have may be a lie. */
export function isSmall(body: Buffer): boolean {
  if (body.length > mostBytes) return false;
  if (body[0] !== 0x1f || body[1] !== 0x8b) return hasFewValues(body);
  try {
    return hasFewValues(gunzipSync(body, { maxOutputLength: mostBytes }));
  } catch (error) {
    // What is no gzip at all is refused at once by whoever reads it.
    return !(error instanceof RangeError);
  }
}

const [quote, backslash, comma, angle] = [...'"\\,<'].map((sign) => sign.charCodeAt(0));

/** Elements of XML begin with `<`. */
function hasFewValues(bytes: Buffer): boolean {
  if (!bytes.subarray(0, 16).includes("<")) return hasFewCommas(bytes);
  let count = 0;
  for (const byte of bytes) count += byte === angle ? 1 : 0;
  return count <= mostValues;
}

/** Values of JSON are apart by a comma; texts may have any number of them. */
function hasFewCommas(bytes: Buffer): boolean {
  let count = 0;
  let isText = false;
  for (let at = 0; at < bytes.length && count <= mostValues; at += 1) {
    const byte = bytes[at];
    if (byte === quote) isText = !isText;
    else if (isText) at += byte === backslash ? 1 : 0;
    else if (byte === comma) count += 1;
  }
  return count <= mostValues;
}
