/** What comes before an exercise file can be read. */
import { gunzipSync } from "node:zlib";
import { ProviderError } from "../../provider.ts";

/** As much as an answer may be: a file of an hour is some 100 kB, its XML 1 MB. */
const maxFileBytes = 64 * 1024 * 1024;

/** Fetching it again brings the same file, so there is no second try; its bytes have been kept. */
export function unreadable(resource: string, reason: string, cause?: unknown): ProviderError {
  return new ProviderError("PROVIDER_BODY_INVALID", "never", { resource, reason }, { cause });
}

/** Files come packed with gzip, and no header says so: only their first bytes tell. */
export function unpack(resource: string, body: Buffer): Buffer {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: maxFileBytes });
  } catch (cause) {
    throw unreadable(resource, "not gzip, or too large", cause);
  }
}
