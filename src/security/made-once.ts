/** A secret in the data directory: made by the first process, read by every later one. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { directoryError, makePrivateDirectory } from "./private-directory.ts";

export interface MadeOnce {
  readonly text: string;
  readonly file: string;
}

/** Reads or makes the secret, readable by its owner only. @throws SystoleError DATA_DIR_UNUSABLE, DISK_FULL */
export async function madeOnce(directory: string, name: string, make: () => string): Promise<MadeOnce> {
  await makePrivateDirectory(directory);
  const file = path.join(directory, name);
  try {
    await writeFile(file, make(), { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    return { text: await readFile(file, "utf8"), file };
  } catch (cause) {
    throw directoryError(cause, directory);
  }
}

/** Returns null when it was not made yet. @throws SystoleError DATA_DIR_UNUSABLE */
export async function readMade(directory: string, name: string): Promise<MadeOnce | null> {
  const file = path.join(directory, name);
  try {
    return { text: await readFile(file, "utf8"), file };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw directoryError(cause, directory);
  }
}
