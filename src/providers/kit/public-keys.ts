/**
 * Verifies signatures made with the sender's private key: ECDSA P-256 over SHA-256, with keys that the sender
 * publishes.
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto";

export type PublishedKeys = ReadonlyMap<string, KeyObject>;

export interface KeyCacheOptions {
  /** How long keys are used without fetching them again. */
  readonly freshMs: number;
  /** How long keys are used while the sender's cannot be fetched. */
  readonly staleMs: number;
  /** How long an unknown key id causes no further fetch. */
  readonly pauseMs: number;
}

/** Makes a P-256 key from its two coordinates, 32 bytes each. @throws Error when they are no point of the curve */
export const p256Key = (x: Buffer, y: Buffer): KeyObject =>
  createPublicKey({
    key: { kty: "EC", crv: "P-256", x: x.toString("base64url"), y: y.toString("base64url") },
    format: "jwk",
  });

/** Tells whether the signature, in DER, is the key's over the message. False for a key of another kind. */
export function isSignedByKey(message: Buffer, signature: Buffer, key: KeyObject): boolean {
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") return false;
  return verify("sha256", message, key, signature);
}

/** Caches published keys in memory. Fetches them again when they are old, and once when an id is not among them. */
export class KeyCache {
  readonly #options: KeyCacheOptions;
  #keys: PublishedKeys = new Map();
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  /**
   * Returns the key with this id; null when the sender publishes no such key.
   *
   * @throws the error of `fetchKeys` when no usable key is cached
   */
  async find(
    id: string,
    fetchKeys: () => Promise<PublishedKeys>,
    nowMs = Date.now(),
  ): Promise<KeyObject | null> {
    const { freshMs, staleMs, pauseMs } = this.#options;
    const isFresh = nowMs - this.#fetchedAt < freshMs;
    const isKnown = this.#keys.has(id);
    const isPaused = isFresh && nowMs - this.#triedAt < pauseMs;
    if (!(isFresh && (isKnown || isPaused))) {
      this.#triedAt = nowMs;
      try {
        this.#keys = await fetchKeys();
        this.#fetchedAt = nowMs;
      } catch (error) {
        if (!isKnown || nowMs - this.#fetchedAt >= staleMs) throw error;
      }
    }
    return this.#keys.get(id) ?? null;
  }
}
