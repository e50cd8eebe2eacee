/**
 * A lock for one process at a time. It is SQLite's own on an empty file: the system releases it when its
 * process dies, so it is never stale, and child processes do not inherit it.
 */
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { cacheDirectory } from "./cache.ts";

const pauseMs = 50;
const busy = 5;

/** Waits for its turn, does the work and lets the next one in. */
export async function exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const database = new DatabaseSync(path.join(cacheDirectory("locks"), `${name}.lock`));
  try {
    while (!locks(database)) await pause(pauseMs);
    return await work();
  } finally {
    database.close();
  }
}

function locks(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === busy) return false;
    throw error;
  }
}
