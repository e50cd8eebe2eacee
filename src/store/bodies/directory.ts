/** Bodies as files of a directory. */
import { copyFile, mkdir, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { BodyStore } from "./body-store.ts";

export function directoryBodies(directory: string): BodyStore {
  const place = (key: string): string => path.join(directory, key);
  return {
    incoming: path.join(directory, "incoming"),
    async put(key, file) {
      const target = place(key);
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await move(file, target);
      await flush(path.dirname(target));
    },
    async open(key) {
      const file = place(key);
      const isThere = await stat(file).then(
        () => true,
        (error: NodeJS.ErrnoException) => refuseUnlessMissing(error),
      );
      return isThere ? { file, [Symbol.asyncDispose]: async () => {} } : null;
    },
    remove: (key) => rm(place(key), { force: true }),
  };
}

function refuseUnlessMissing(error: NodeJS.ErrnoException): false {
  if (error.code !== "ENOENT") throw error;
  return false;
}

/** Moves a file, by a copy where the target is on another disk. */
async function move(file: string, target: string): Promise<void> {
  await flush(file);
  try {
    await rename(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(file, `${target}.part`);
    await flush(`${target}.part`);
    await rename(`${target}.part`, target);
    await rm(file, { force: true });
  }
}

/** Resolves when a file, or the names in a directory, would outlast a loss of power. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
