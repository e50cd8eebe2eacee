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
  /** How long an unknown key id, or a failed fetch, causes no further fetch. */
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

/** The id of a key, and the address that publishes it. Environments may have different addresses. */
export interface PublishedKeyId {
  readonly address: string;
  readonly id: string;
}

interface KeptKeys {
  keys: PublishedKeys;
  fetchedAt: number;
  triedAt: number;
  /** The error of the last fetch; null when it succeeded. */
  trouble: unknown;
  fetching: Promise<void> | null;
}

const noKeys = (): KeptKeys => ({
  keys: new Map(),
  fetchedAt: Number.NEGATIVE_INFINITY,
  triedAt: Number.NEGATIVE_INFINITY,
  trouble: null,
  fetching: null,
});

/**
 * Caches published keys in memory. Fetches them again when they are old, and once when an id is not among them. Callers
 * at the same time share one fetch, and a failed fetch is not repeated at once.
 */
export class KeyCache {
  readonly #options: KeyCacheOptions;
  readonly #kept = new Map<string, KeptKeys>();

  constructor(options: KeyCacheOptions) {
    this.#options = options;
  }

  /**
   * Returns the key with this id; null when the sender publishes no such key.
   *
   * @throws the error of `fetchKeys` when no usable key is cached
   */
  async find(
    { address, id }: PublishedKeyId,
    fetchKeys: () => Promise<PublishedKeys>,
    nowMs = Date.now(),
  ): Promise<KeyObject | null> {
    const { freshMs, staleMs, pauseMs } = this.#options;
    const kept = this.#kept.get(address) ?? noKeys();
    this.#kept.set(address, kept);
    const isWanted = nowMs - kept.fetchedAt >= freshMs || !kept.keys.has(id);
    if (isWanted && nowMs - kept.triedAt >= pauseMs) {
      kept.triedAt = nowMs;
      kept.fetching = fetchInto(kept, fetchKeys, nowMs);
    }
    if (isWanted) await kept.fetching;
    const key = nowMs - kept.fetchedAt < staleMs ? (kept.keys.get(id) ?? null) : null;
    if (key === null && kept.trouble !== null) throw kept.trouble;
    return key;
  }
}

async function fetchInto(
  kept: KeptKeys,
  fetchKeys: () => Promise<PublishedKeys>,
  nowMs: number,
): Promise<void> {
  try {
    kept.keys = await fetchKeys();
    kept.fetchedAt = nowMs;
    kept.trouble = null;
  } catch (error) {
    kept.trouble = error;
  }
}
