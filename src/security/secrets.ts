/** Tokens we issue: made from the system's randomness, kept only as hashes. */
import { createHash, randomBytes } from "node:crypto";

/** A URL-safe secret of 256 bits. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** SHA-256 is enough for secrets of 256 random bits: there is nothing to guess. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();
