/** The keys of a Supabase project: JSON web tokens that name a role, signed with the project's secret. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The secret of every project here. */
export const jwtSecret = "a-secret-of-at-least-32-characters-for-tests";

const issuedAt = 1_700_000_000;
const expiresAt = 2_000_000_000;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export interface KeyOptions {
  readonly secret?: string;
  /** Unix seconds. */
  readonly exp?: number;
  /** The signed-in user. */
  readonly sub?: string;
}

/** Returns a token for the role, like a project's `anon` and `service_role` keys. `ref` is the project's name. */
export function signKey(ref: string, role: string, options: KeyOptions = {}): string {
  const { secret = jwtSecret, exp = expiresAt, sub } = options;
  const claims = { iss: "supabase", ref, role, iat: issuedAt, exp, sub };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, secret)}`;
}

/** Returns the newer kind of key: no token, the gateway replaces it by one. */
export const secretKey = (ref: string): string => `sb_secret_${ref}`;

const signatureOf = (signed: string, secret: string): string =>
  createHmac("sha256", secret).update(signed).digest("base64url");

export interface Claims {
  readonly ref?: string;
  readonly role?: string;
  readonly exp?: number;
  readonly sub?: string;
}

/** Returns the claims of a key, whoever signed it; null for a text that is no token. */
export function claimsOf(key: string): Claims | null {
  try {
    return JSON.parse(Buffer.from(key.split(".")[1] ?? "", "base64url").toString("utf8")) as Claims;
  } catch {
    return null;
  }
}

/** Returns why a token is refused, in the words of Supabase's storage server; null when it is valid. */
export function refusalOf(token: string): string | null {
  const [header, payload, signature = "", ...rest] = token.split(".");
  const claims = claimsOf(token);
  if (claims === null || rest.length > 0 || signature === "") return "Invalid Compact JWS";
  const [given, expected] = [signature, signatureOf(`${header}.${payload}`, jwtSecret)].map((text) =>
    Buffer.from(text),
  ) as [Buffer, Buffer];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return "signature verification failed";
  }
  return claims.exp !== undefined && claims.exp * 1_000 < Date.now()
    ? '"exp" claim timestamp check failed'
    : null;
}
