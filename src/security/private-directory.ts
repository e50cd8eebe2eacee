/** The data directory: created if missing, and readable by its owner alone. */
import { chmod, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { errorMessage, SystoleError } from "../errors.ts";

const ownerOnly = 0o700;
const others = 0o077;
const sticky = 0o1000;

/** @throws SystoleError DATA_DIR_UNUSABLE, DISK_FULL */
export async function makePrivateDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory);
    await closeToOthers(directory);
  } catch (cause) {
    throw directoryError(cause, directory);
  }
}

/**
 * Creates one level after the other. Node's own `recursive` never returns if the file system answers ENOENT
 * to creating a directory in an existing one, as /proc does.
 */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: ownerOnly });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(directory)).isDirectory()) return;
    const parent = path.dirname(directory);
    if (code !== "ENOENT" || parent === directory || (await isThere(parent))) throw error;
    await makeDirectory(parent);
    await makeDirectory(directory);
  }
}

const isThere = (directory: string): Promise<boolean> =>
  stat(directory).then(
    () => true,
    () => false,
  );

/**
 * Removes the permissions of others. Shared places (a root, /tmp) and directories of another owner stay as
 * they are: the files we write are private themselves.
 */
async function closeToOthers(directory: string): Promise<void> {
  const { mode, uid } = await stat(directory);
  const isShared = (mode & sticky) !== 0 || path.dirname(directory) === directory;
  if ((mode & others) === 0 || isShared || uid !== process.getuid?.()) return;
  await chmod(directory, mode & ~others & 0o7777);
}

/** Translates a file system's refusal for the operator. */
export function directoryError(cause: unknown, directory: string): SystoleError {
  if (cause instanceof SystoleError) return cause;
  const full = (cause as NodeJS.ErrnoException).code === "ENOSPC";
  const details = { directory, reason: errorMessage(cause) };
  return new SystoleError(full ? "DISK_FULL" : "DATA_DIR_UNUSABLE", details, { cause });
}
