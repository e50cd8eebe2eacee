/** Removes what unfinished uploads, erased people and killed processes left in the directories of uploads. */
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Store } from "../../store/store.ts";
import { dropUnfinished, openUploads } from "../../store/uploads.ts";
import { receivedIn, spoolsIn } from "./places.ts";

/** A row is written before its file, so a file without a row is left over; but a row may just be being written. */
const youngMs = 60_000;

export async function removeLeftUploads(store: Pick<Store, "db" | "bodies">, now: Date): Promise<void> {
  await dropUnfinished(store.db, now);
  for (const directory of [receivedIn(store.bodies), spoolsIn(store.bodies)]) {
    const names = await namesIn(directory);
    // The pieces of one upload are `<id>` and `<id>.json`.
    const ids = [...new Set(names.map((name) => path.parse(name).name))].filter(isId);
    const open = await openUploads(store.db, ids);
    for (const name of names) {
      const file = path.join(directory, name);
      if (open.has(path.parse(name).name) || (await isYoung(file, now))) continue;
      await rm(file, { recursive: true, force: true });
    }
  }
}

const isId = (text: string): boolean => /^[0-9a-f-]{36}$/.test(text);

const namesIn = (directory: string): Promise<string[]> =>
  readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });

/** Another process may remove it at the same time. */
async function isYoung(file: string, now: Date): Promise<boolean> {
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
  return now.getTime() - mtimeMs < youngMs;
}
