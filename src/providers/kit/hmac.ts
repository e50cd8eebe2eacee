/** Signatures that a sender makes with a secret it shares with us. */
import { createHmac, timingSafeEqual } from "node:crypto";

const digestBytes = 32;
const sha256Hex = /^[\da-f]{64}$/i;
const sha256Base64 = /^[A-Za-z\d+/]{43}=$/;

export interface SignedMessage {
  readonly message: string | Buffer;
  /** As the header has it; absent where there is none. */
  readonly signature: string | undefined;
  readonly encoding: "hex" | "base64";
}

/**
 * Whether the signature is the HMAC-SHA256 of the message by one of the secrets. Every secret is tried, whichever
 * fits, and each in constant time.
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

/** Decoding stops in silence at the first character that is none, so nothing else may be there. */
function decoded(signature: string | undefined, encoding: "hex" | "base64"): Buffer {
  const shape = encoding === "hex" ? sha256Hex : sha256Base64;
  return Buffer.from(signature !== undefined && shape.test(signature) ? signature : "", encoding);
}
