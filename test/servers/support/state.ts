/** The state of each running server, one file each, for every process that wants to use it. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheDirectory } from "./cache.ts";
import { identityOf, isAlive, type ProcessIdentity } from "./processes.ts";

export interface ServerState {
  readonly version: string;
  readonly processes: readonly ProcessIdentity[];
  readonly stopSignal: NodeJS.Signals;
  readonly ports: Readonly<Record<string, number>>;
  readonly facts: object;
  /** How long it took to find or install the program, and to start it. */
  readonly seconds: { readonly prepare: number; readonly start: number };
  /** The runs that use it; when the last one ends, so does the server. */
  readonly users: readonly ProcessIdentity[];
}

const file = (name: string): string => path.join(cacheDirectory("running"), `${name}.json`);

/** Returns null when it does not run, or not completely; users that died are left out. */
export function readState(name: string): ServerState | null {
  const state = readFileOf(name);
  if (state === null || !state.processes.every(isAlive)) return null;
  return { ...state, users: state.users.filter(isAlive) };
}

/** Returns the processes of a server, alive or not. */
export const readProcesses = (name: string): readonly ProcessIdentity[] => readFileOf(name)?.processes ?? [];

function readFileOf(name: string): ServerState | null {
  try {
    return JSON.parse(readFileSync(file(name), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes the file atomically: others read without a lock. */
export function writeState(name: string, state: ServerState): void {
  const aside = `${file(name)}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(state));
  renameSync(aside, file(name));
}

export function forget(name: string): void {
  rmSync(file(name), { force: true });
}

interface Absence {
  readonly run: ProcessIdentity;
  readonly reason: string;
}

/** Returns why this very run was told that there is no such server: another try would take as long as the first. */
export function readAbsence(name: string): string | null {
  try {
    const { run, reason } = JSON.parse(readFileSync(absenceFile(name), "utf8")) as Absence;
    return run.pid === thisRun().pid && isAlive(run) ? reason : null;
  } catch {
    return null;
  }
}

export function writeAbsence(name: string, reason: string): void {
  writeFileSync(absenceFile(name), JSON.stringify({ run: thisRun(), reason } satisfies Absence));
}

const absenceFile = (name: string): string => path.join(cacheDirectory("absent"), `${name}.json`);

export function knownServers(): string[] {
  return readdirSync(cacheDirectory("running"))
    .filter((entry) => entry.endsWith(".json"))
    .map((entry) => path.basename(entry, ".json"));
}

/** Returns the run we belong to: the main process of Vitest or npm test, which its workers know, or else ourselves. */
export function thisRun(): ProcessIdentity {
  const run = identityOf(Number(process.env.SYSTOLE_TEST_RUN ?? process.pid)) ?? identityOf(process.pid);
  if (run === null) throw new Error("a process that does not exist");
  return run;
}
