/**
 * Signed addresses, from which one object can be read for a limited time: V4 signatures with the service account's key
 * (https://cloud.google.com/storage/docs/access-control/signing-urls-manually). They are made without a request.
 */
import { createHash, sign } from "node:crypto";
import { failure } from "../kit/failure.ts";
import type { ServiceAccount } from "../kit/google/service-account.ts";

const algorithm = "GOOG4-RSA-SHA256";
const longestSeconds = 7 * 24 * 3_600;

export interface Readable {
  readonly endpoint: URL;
  readonly bucket: string;
  readonly key: string;
}

/** @throws DeliveryError for longer than the seven days that Google allows */
export function signedUrl(
  { email, privateKey }: ServiceAccount,
  { endpoint, bucket, key }: Readable,
  expiresInSeconds: number,
  now: Date,
): string {
  if (expiresInSeconds > longestSeconds) {
    throw failure("DELIVERY_FAILED", "a signed address is good for seven days at most");
  }
  // 20260312T060000Z
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/auto/storage/goog4_request`;
  const path = `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const query = Object.entries({
    "X-Goog-Algorithm": algorithm,
    "X-Goog-Credential": `${email}/${scope}`,
    "X-Goog-Date": time,
    "X-Goog-Expires": String(expiresInSeconds),
    "X-Goog-SignedHeaders": "host",
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  const request = ["GET", path, query, `host:${endpoint.hostname}\n`, "host", "UNSIGNED-PAYLOAD"].join("\n");
  const toSign = [algorithm, time, scope, createHash("sha256").update(request).digest("hex")].join("\n");
  const signature = sign("RSA-SHA256", Buffer.from(toSign), privateKey).toString("hex");
  return `${endpoint.origin}${path}?${query}&X-Goog-Signature=${signature}`;
}
