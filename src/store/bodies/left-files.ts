/** Removes files of the incoming directory that a killed process left. */
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";

/** Longer than any upload takes. */
const oldMs = 24 * 3_600_000;

export async function removeLeftFiles(directory: string, now: Date): Promise<number> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  let removed = 0;
  for (const name of names) {
    const file = path.join(directory, name);
    // Another process may remove it at the same time.
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (now.getTime() - mtimeMs < oldMs) continue;
    await rm(file, { force: true });
    removed++;
  }
  return removed;
}
