/** Processes that outlive the one that started them, and how to tell whether they are still alive. */
import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { RunAs } from "../../../src/store/embedded/run-as.ts";

/** A process id may be reused; together with the time of its start it is unique. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to our own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another user, from src/store/embedded/run-as.ts, for programs that refuse to run as root. */
  readonly as?: RunAs;
}

export interface Spawned {
  readonly pid: number;
  /** The output of all its processes, one after the other. */
  readonly logFile: string;
}

const endingMs = 15_000;
const stepMs = 25;

/**
 * Starts a server that continues when we end; all its output goes to the file.
 * @throws when there is no such program
 */
export async function spawnServer(given: Command, logFile: string): Promise<number> {
  const log = openSync(logFile, "a");
  const [program = given.command, ...args] = [...(given.as?.prefix ?? []), given.command, ...given.args];
  const options: SpawnOptions = {
    cwd: given.cwd ?? "/",
    env: { ...process.env, ...given.env },
    stdio: ["ignore", log, log],
    detached: true,
  };
  if (typeof given.as?.uid === "number") options.uid = given.as.uid;
  if (typeof given.as?.gid === "number") options.gid = given.as.gid;
  try {
    const child = spawn(program, args, options);
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    return child.pid as number;
  } finally {
    closeSync(log);
  }
}

/** Returns null when there is no such process (a zombie counts as none). */
export function identityOf(pid: number): ProcessIdentity | null {
  const startedAt = existsSync("/proc/self/stat") ? startFromProc(pid) : startFromPs(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export const isAlive = ({ pid, startedAt }: ProcessIdentity): boolean =>
  identityOf(pid)?.startedAt === startedAt;

/** Returns the 22nd field of proc(5)'s stat; the second one, in parentheses, may contain anything. */
function startFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" && !hasThreads(pid) ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Whether threads are left: the first thread of a killed JVM is a zombie while others still hold its sockets. */
const hasThreads = (pid: number): boolean => readdirSync(`/proc/${pid}/task`).length > 1;

function startFromPs(pid: number): string | null {
  const { status, stdout } = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return status !== 0 || stdout.startsWith("Z") ? null : stdout.trim().split(/\s+/).slice(1).join(" ");
}

/** Sends the signal, later SIGKILL, and waits until all have ended. */
export async function endProcesses(
  processes: readonly ProcessIdentity[],
  signal: NodeJS.Signals,
): Promise<void> {
  const living = processes.filter(isAlive);
  for (const one of living) send(one.pid, signal);
  const deadline = Date.now() + (signal === "SIGKILL" ? 0 : endingMs);
  while (living.some(isAlive) && Date.now() < deadline) await pause(stepMs);
  // The whole group, for processes that a server leaves behind.
  for (const one of living) send(-one.pid, "SIGKILL");
  for (const one of living.filter(isAlive)) send(one.pid, "SIGKILL");
  while (living.some(isAlive)) await pause(stepMs);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}
