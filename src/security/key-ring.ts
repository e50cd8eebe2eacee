/**
 * Sealing of secrets at rest: AES-256-GCM under the process's secret key.
 *
 * A sealed value is `version(1) | key id(4) | nonce(12) | tag(16) | ciphertext`. The context a value is
 * sealed for (its table, row and column) is authenticated with it, so that a value copied to another row
 * does not open there.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { SystoleError } from "../errors.ts";

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyIdBytes = 4;
const headerBytes = 1 + keyIdBytes + nonceBytes + tagBytes;

export class KeyRing {
  readonly #keys = new Map<string, Buffer>();
  readonly #current: { readonly id: Buffer; readonly key: Buffer };

  /** The first key seals; every key opens what it sealed. Each is 32 bytes. */
  constructor(current: Buffer, ...former: readonly Buffer[]) {
    for (const key of [current, ...former]) this.#keys.set(keyId(key).toString("hex"), key);
    this.#current = { id: keyId(current), key: current };
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
}

/** Tells which key sealed a value without telling anything about the key. */
const keyId = (key: Buffer): Buffer =>
  createHash("sha256").update("systole key id").update(key).digest().subarray(0, keyIdBytes);
