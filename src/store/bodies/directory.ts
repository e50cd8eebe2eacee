/** Bodies as files of a directory. */
import { copyFile, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { newId } from "../identifiers.ts";
import type { BodyStore } from "./body-store.ts";

export function directoryBodies(directory: string): BodyStore {
  const place = (key: string): string => path.join(directory, key);
  const incoming = path.join(directory, "incoming");
  return {
    incoming,
    async put(key, file) {
      await flush(file);
      await arrive(directory, place(key), (target) => move(file, target));
    },
    async write(key, bytes) {
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      const file = path.join(incoming, newId());
      try {
        await writeDurably(file, bytes);
        await arrive(directory, place(key), (target) => rename(file, target));
      } finally {
        await rm(file, { force: true });
      }
    },
    async open(key) {
      const file = place(key);
      const isThere = await stat(file).then(() => true, missing(false));
      return isThere ? { file, [Symbol.asyncDispose]: async () => {} } : null;
    },
    read: (key) => readFile(place(key)).catch(missing(null)),
    async remove(key) {
      await rm(place(key), { force: true });
      await removeEmpty(directory, path.dirname(place(key)));
    },
    list: (prefix) => listFiles(directory, prefix),
  };
}

/** Returns what stands for a file that is not there; other errors are thrown. */
const missing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code !== "ENOENT") throw error;
    return instead;
  };

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A removal may take the empty directory away between its making and its first file. */
const mostTries = 5;

/** Brings a file to its place, in directories that are made for it. */
async function arrive(root: string, target: string, bring: (target: string) => Promise<void>): Promise<void> {
  const parent = path.dirname(target);
  for (let tries = 1; ; tries++) {
    try {
      const made = await mkdir(parent, { recursive: true, mode: 0o700 });
      await bring(target);
      await flush(parent);
      if (made !== undefined) await flushUp(root, path.dirname(parent));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || tries === mostTries) throw error;
    }
  }
}

/** Flushes the names of new directories. */
async function flushUp(root: string, from: string): Promise<void> {
  for (let parent = from; parent.startsWith(root); parent = path.dirname(parent)) await flush(parent);
}

/** Removes directories that are empty now: their names tell of people. */
async function removeEmpty(root: string, from: string): Promise<void> {
  for (let parent = from; parent !== root && parent.startsWith(root); parent = path.dirname(parent)) {
    try {
      await rmdir(parent);
    } catch (error) {
      if (kept.has(String((error as NodeJS.ErrnoException).code))) return;
      throw error;
    }
  }
}

const kept = new Set(["ENOTEMPTY", "EEXIST", "ENOENT"]);

/** Lists the files below the directory that the text names, or below those whose names it begins. */
async function* listFiles(directory: string, prefix: string): AsyncGenerator<string> {
  const above = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const entries = await readdir(path.join(directory, above), { withFileTypes: true }).catch(missing([]));
  for (const entry of entries) {
    const key = `${above}${entry.name}`;
    if (!key.startsWith(prefix) || key === "incoming") continue;
    if (entry.isDirectory()) yield* listFiles(directory, `${key}/`);
    else yield key;
  }
}

/** Moves a file, by a copy where the target is on another disk. */
async function move(file: string, target: string): Promise<void> {
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
