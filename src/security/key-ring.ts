/**
 * Seals secrets at rest: AES-256-GCM with the process's secret key.
 *
 * A sealed value is `version(1) | key id(4) | nonce(12) | tag(16) | ciphertext`. The context of a sealed
 * value (its table, row and column) is authenticated with it, so a value copied to another row does not open
 * there.
 *
 * A signature is `key id(4) | mac(32)`: HMAC-SHA256 under a key derived from the secret key for its context.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { SystoleError } from "../errors.ts";

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyIdBytes = 4;
const macBytes = 32;
const headerBytes = 1 + keyIdBytes + nonceBytes + tagBytes;

export class KeyRing {
  readonly #keys = new Map<string, Buffer>();
  readonly #current: { readonly id: Buffer; readonly key: Buffer };

  /** The first key seals; every key opens the values it sealed. Each is 32 bytes. */
  constructor(current: Buffer, ...former: readonly Buffer[]) {
    for (const key of [current, ...former]) this.#keys.set(keyId(key).toString("hex"), key);
    this.#current = { id: keyId(current), key: current };
  }

  /** The id of the key that seals: the four bytes after a sealed value's version. */
  get currentId(): Buffer {
    return this.#current.id;
  }

  /** Seals the same secret with the current key. @throws SystoleError SEALED_VALUE_CORRUPT */
  reseal(sealed: Buffer, context: string): Buffer {
    return this.seal(this.open(sealed, context), context);
  }

  seal(plaintext: string, context: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#current.key, nonce);
    cipher.setAAD(Buffer.from(context));
    const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
    return Buffer.concat([Buffer.of(version), this.#current.id, nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** @throws SystoleError SEALED_VALUE_CORRUPT */
  open(sealed: Buffer, context: string): string {
    const key = this.#keys.get(sealed.subarray(1, 1 + keyIdBytes).toString("hex"));
    if (sealed.length < headerBytes || sealed[0] !== version || key === undefined) {
      throw new SystoleError("SEALED_VALUE_CORRUPT", { context });
    }
    const nonceEnd = 1 + keyIdBytes + nonceBytes;
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1 + keyIdBytes, nonceEnd));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(nonceEnd, headerBytes));
    try {
      return decipher.update(sealed.subarray(headerBytes), undefined, "utf8") + decipher.final("utf8");
    } catch (cause) {
      throw new SystoleError("SEALED_VALUE_CORRUPT", { context }, { cause });
    }
  }

  /** Signs data that we hand out and have to recognise later. */
  sign(message: Buffer, context: string): Buffer {
    return Buffer.concat([this.#current.id, mac(this.#current.key, message, context)]);
  }

  verify(message: Buffer, signature: Buffer, context: string): boolean {
    const key = this.#keys.get(signature.subarray(0, keyIdBytes).toString("hex"));
    const given = signature.subarray(keyIdBytes);
    if (key === undefined || given.length !== macBytes) return false;
    return timingSafeEqual(given, mac(key, message, context));
  }
}

function mac(key: Buffer, message: Buffer, context: string): Buffer {
  const derived = createHmac("sha256", key).update(`systole signature: ${context}`).digest();
  return createHmac("sha256", derived).update(message).digest();
}

/** Returns the id of a key, which reveals nothing about the key. */
const keyId = (key: Buffer): Buffer =>
  createHash("sha256").update("systole key id").update(key).digest().subarray(0, keyIdBytes);
