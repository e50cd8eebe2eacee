/** A secret in the data directory: made by whichever process is first, read by every one after it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { errorMessage, SystoleError } from "../errors.ts";

export interface MadeOnce {
  readonly text: string;
  readonly file: string;
}

/** Readable by its owner only. @throws SystoleError DATA_DIR_UNUSABLE, DISK_FULL */
export async function madeOnce(directory: string, name: string, make: () => string): Promise<MadeOnce> {
  const file = path.join(directory, name);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(file, make(), { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    return { text: await readFile(file, "utf8"), file };
  } catch (cause) {
    throw directoryError(cause, directory);
  }
}

/** What a file system's refusal means to the one who starts Systole. */
export function directoryError(cause: unknown, directory: string): SystoleError {
  const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
  const details = { directory, reason: errorMessage(cause) };
  return new SystoleError(full ? "DISK_FULL" : "DATA_DIR_UNUSABLE", details, { cause });
}
