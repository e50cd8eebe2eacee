/** The key that signs SMART's client assertions. SMART wants ES384 or RS384 of every server. */
import { createPrivateKey, type KeyObject, type webcrypto } from "node:crypto";

const smallestRsaBits = 2_048;

const algorithms = {
  ec: { name: "ECDSA", namedCurve: "P-384" },
  rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
} as const;

/** Returns why the text is no key for ES384 or RS384, without any of it; null where it is one. */
export function signingKeyProblem(pem: string): string | null {
  const key = read(pem);
  if (key === null) return "must be a private key in PEM, not encrypted";
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "ec") return namedCurve === "secp384r1" ? null : "must be on the curve P-384";
  if (key.asymmetricKeyType !== "rsa") return "must be a P-384 or an RSA key";
  return modulusLength >= smallestRsaBits ? null : `must have at least ${smallestRsaBits} bits`;
}

/** The key decides the algorithm. @throws for a text that `signingKeyProblem` refuses */
export function signingKey(pem: string): webcrypto.CryptoKey {
  const key = createPrivateKey(pem);
  const algorithm = key.asymmetricKeyType === "ec" ? algorithms.ec : algorithms.rsa;
  return key.toCryptoKey(algorithm, false, ["sign"]);
}

function read(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
