/** Verifies a webhook's `terra-signature` as a receiver does: `t=<unix seconds>,v1=<HMAC-SHA256 of "t.body">`. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The outcome: `verified`, or the reason why not. */
export const verdicts = ["verified", "missing", "malformed", "wrong", "stale"] as const;
export type Verdict = (typeof verdicts)[number];

export interface SignedRequest {
  /** The header's value; null where there is none. */
  readonly signature: string | null;
  /** The body as it was signed: before compression. */
  readonly body: Buffer;
}

/** The age that a signature may have, and the time that its clock may be ahead. */
const toleranceSeconds = 300;

/** During a rotation the header has one `v1` for each secret that is valid. */
const form = /^t=(\d{1,15})((?:,v1=[0-9a-f]{64})+)$/;

/** Compares in constant time, and each of the signatures with each of the secrets. */
export function verifyTerraSignature(
  { signature, body }: SignedRequest,
  secrets: readonly string[],
  now: Date,
): Verdict {
  if (signature === null) return "missing";
  const [, time, list] = form.exec(signature) ?? [];
  if (time === undefined || list === undefined) return "malformed";
  const given = list.split(",v1=").slice(1);
  const isGenuine = secrets.some((secret) => {
    const expected = createHmac("sha256", secret).update(`${time}.`).update(body).digest();
    return given.some((hex) => timingSafeEqual(expected, Buffer.from(hex, "hex")));
  });
  if (!isGenuine) return "wrong";
  return Math.abs(now.getTime() / 1_000 - Number(time)) <= toleranceSeconds ? "verified" : "stale";
}
