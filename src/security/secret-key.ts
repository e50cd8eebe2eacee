/** The key that seals every secret: from the environment, or made once in the data directory. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { errorMessage, SystoleError } from "../errors.ts";

const bytes = 32;

export interface SecretKey {
  readonly key: Buffer;
  /** Where it was read from when it was not given; worth a warning, since it lies beside what it seals. */
  readonly file: string | null;
}

/** @throws SystoleError DATA_DIR_UNUSABLE, CONFIG_INVALID */
export async function loadSecretKey(given: string | undefined, dataDirectory: string): Promise<SecretKey> {
  if (given !== undefined) return { key: Buffer.from(given, "base64"), file: null };
  const file = path.join(dataDirectory, "secret-key");
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    await writeFile(file, `${randomBytes(bytes).toString("base64")}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EEXIST") {
      const details = { directory: dataDirectory, reason: errorMessage(cause) };
      throw new SystoleError(code === "ENOSPC" ? "DISK_FULL" : "DATA_DIR_UNUSABLE", details, { cause });
    }
  }
  const key = Buffer.from(await readFile(file, "utf8"), "base64");
  if (key.length !== bytes)
    throw new SystoleError("CONFIG_INVALID", { variables: [`${file}: must hold 32 bytes in base64`] });
  return { key, file };
}
