/** The key that seals every secret: from the environment, or made once in the data directory. */
import { randomBytes } from "node:crypto";
import { SystoleError } from "../errors.ts";
import { madeOnce } from "./made-once.ts";

const bytes = 32;

export interface SecretKey {
  readonly key: Buffer;
  /** Where it was read from when it was not given; worth a warning, since it lies beside what it seals. */
  readonly file: string | null;
}

/** @throws SystoleError DATA_DIR_UNUSABLE, DISK_FULL, CONFIG_INVALID */
export async function loadSecretKey(given: string | undefined, dataDirectory: string): Promise<SecretKey> {
  if (given !== undefined) return { key: Buffer.from(given, "base64"), file: null };
  const make = (): string => `${randomBytes(bytes).toString("base64")}\n`;
  const { text, file } = await madeOnce(dataDirectory, "secret-key", make);
  const key = Buffer.from(text, "base64");
  if (key.length === bytes) return { key, file };
  throw new SystoleError("CONFIG_INVALID", { variables: [`${file}: must hold 32 bytes in base64`] });
}
