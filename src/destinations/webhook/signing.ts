/**
 * The signatures of a webhook. Two schemes sign the same bytes with the same secret:
 *
 * - Terra's: HMAC-SHA256 of `<unix seconds>.<body>`, hexadecimal, keyed with the secret's text as it is.
 * - Standard Webhooks': HMAC-SHA256 of `<id>.<unix seconds>.<body>`, base64, keyed with the bytes that the
 *   part after `whsec_` spells in base64, which is how that standard's libraries read such a secret.
 */
import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { type RotatingSecret, secretsInForce } from "../rotation.ts";

const prefix = "whsec_";

/** Returns a secret of 256 bits that the libraries of both schemes accept. */
export const newWebhookSecret = (): string => `${prefix}${randomBytes(32).toString("base64")}`;

/** The parts of a request that are signed. */
export interface Signable {
  readonly id: string;
  readonly unixSeconds: number;
  readonly body: Buffer;
}

/** A secret as the key of each scheme. To make them takes about as long as to sign with them. */
export interface SigningKeys {
  readonly terra: KeyObject;
  readonly standard: KeyObject;
}

export const signingKeys = (secret: string): SigningKeys => ({
  terra: createSecretKey(secret, "utf8"),
  standard: createSecretKey(standardKey(secret)),
});

/** Returns the keys that sign at a time, in the order in which they do. */
export type KeysInForce = (now: Date) => SigningKeys[];

/** Makes the keys of the settings' secrets, once for each. */
export function keysInForce(settings: RotatingSecret): KeysInForce {
  const made = new Map<string, SigningKeys>();
  return (now) =>
    secretsInForce(settings, now).map((secret) => {
      const keys = made.get(secret) ?? signingKeys(secret);
      made.set(secret, keys);
      return keys;
    });
}

/** `t=…,v1=…`; during a rotation one `v1` for each secret, the newest first. */
export function terraSignature({ unixSeconds, body }: Signable, keys: readonly SigningKeys[]): string {
  const signatures = keys.map(({ terra }) => {
    return createHmac("sha256", terra).update(`${unixSeconds}.`).update(body).digest("hex");
  });
  return [`t=${unixSeconds}`, ...signatures.map((signature) => `v1=${signature}`)].join(",");
}

/** `v1,…`; during a rotation one for each secret, with a space between. */
export function standardSignature({ id, unixSeconds, body }: Signable, keys: readonly SigningKeys[]): string {
  const signatures = keys.map(({ standard }) => {
    return createHmac("sha256", standard).update(`${id}.${unixSeconds}.`).update(body).digest("base64");
  });
  return signatures.map((signature) => `v1,${signature}`).join(" ");
}

/** The length of the key with which Standard Webhooks signs. A key of no bytes would be known to everybody. */
export const signingKeyBytes = (secret: string): number => standardKey(secret).length;

/** A secret made elsewhere need not have the prefix; then its text is the key. */
const standardKey = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), "base64") : Buffer.from(secret);
