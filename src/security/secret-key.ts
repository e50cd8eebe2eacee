/**
 * The key that seals every secret, if it is not configured: made once in the data directory, beside the data
 * it seals.
 */
import { randomBytes } from "node:crypto";
import { SystoleError } from "../errors.ts";
import { type MadeOnce, madeOnce, readMade } from "./made-once.ts";

const bytes = 32;
const name = "secret-key";

export interface SecretKey {
  readonly key: Buffer;
  readonly file: string;
}

/** Returns null when there is none yet. @throws SystoleError DATA_DIR_UNUSABLE, CONFIG_INVALID */
export async function readSecretKey(dataDirectory: string): Promise<SecretKey | null> {
  const kept = await readMade(dataDirectory, name);
  return kept === null ? null : decoded(kept);
}

/**
 * Makes a key, unless another process was faster.
 * @throws SystoleError DATA_DIR_UNUSABLE, DISK_FULL, CONFIG_INVALID
 */
export async function makeSecretKey(dataDirectory: string): Promise<SecretKey> {
  const make = (): string => `${randomBytes(bytes).toString("base64")}\n`;
  return decoded(await madeOnce(dataDirectory, name, make));
}

function decoded({ text, file }: MadeOnce): SecretKey {
  const key = Buffer.from(text, "base64");
  if (key.length === bytes) return { key, file };
  throw new SystoleError("CONFIG_INVALID", { variables: [`${file}: must hold 32 bytes in base64`] });
}
