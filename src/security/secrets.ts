/** Tokens that we issue: random, and stored only as hashes. */
import { createHash, randomBytes } from "node:crypto";

/** Returns a URL-safe secret of 256 bits. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** Returns the hash of a secret. SHA-256 is enough for 256 random bits: they cannot be guessed. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();
