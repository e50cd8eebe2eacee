/** Verifies signatures made with a secret that the sender shares with us. */
import { createHmac, timingSafeEqual } from "node:crypto";

const digestBytes = 32;
const sha256Hex = /^[\da-f]{64}$/i;
const sha256Base64 = /^[A-Za-z\d+/]{43}=$/;

export interface SignedMessage {
  readonly message: string | Buffer;
  /** The signature as the header has it; undefined where there is none. */
  readonly signature: string | undefined;
  readonly encoding: "hex" | "base64";
}

/**
 * Tells whether the signature is the HMAC-SHA256 of the message by one of the secrets. It always tries every secret,
 * each in constant time.
 */
export function isSignedBy(
  { message, signature, encoding }: SignedMessage,
  secrets: readonly string[],
): boolean {
  const given = decoded(signature, encoding);
  let valid = false;
  for (const secret of secrets) {
    const expected = createHmac("sha256", secret).update(message).digest();
    const fits = given.length === digestBytes && timingSafeEqual(given, expected);
    valid = fits || valid;
  }
  return valid;
}

/** Checks the characters first, because decoding stops silently at the first invalid one. */
function decoded(signature: string | undefined, encoding: "hex" | "base64"): Buffer {
  const shape = encoding === "hex" ? sha256Hex : sha256Base64;
  return Buffer.from(signature !== undefined && shape.test(signature) ? signature : "", encoding);
}
