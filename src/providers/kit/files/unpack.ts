/** Unpacks exercise files, and makes the error for those that cannot be read. */
import { gunzipSync } from "node:zlib";
import { ProviderError } from "../../provider.ts";

/** The size limit of an unpacked file, the same as for an answer. A file of an hour has about 100 kB, its XML 1 MB. */
const maxFileBytes = 64 * 1024 * 1024;

/**
 * Makes the error for a file that cannot be read. It is not tried again: fetching would bring the same file, and its
 * bytes are stored.
 */
export function unreadable(resource: string, reason: string, cause?: unknown): ProviderError {
  return new ProviderError("PROVIDER_BODY_INVALID", "never", { resource, reason }, { cause });
}

/** Returns the file, unpacked where it is compressed with gzip. Only its first bytes show that; no HTTP header does. */
export function unpack(resource: string, body: Buffer): Buffer {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: maxFileBytes });
  } catch (cause) {
    throw unreadable(resource, "not gzip, or too large", cause);
  }
}
