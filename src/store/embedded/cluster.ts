/** An existing cluster: whether its server runs, its address, and its stop. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Binaries } from "./binaries.ts";
import { type Address, superuserUrl } from "./roles.ts";
import { optionsFor, type RunAs, runCommand } from "./run-as.ts";

/** Everything needed to run a cluster. */
export interface Cluster {
  readonly binaries: Binaries;
  readonly who: RunAs;
  readonly directory: string;
  readonly password: string;
  readonly dataDirectory: string;
}

export async function isRunning({ binaries, who, directory }: Cluster): Promise<boolean> {
  const status = await runCommand(who, binaries.pg_ctl, ["status", "-D", directory]);
  return status.exitCode === 0 && !(await isZombie(directory));
}

/** Whether the server is a zombie: killed, but not yet reaped by its parent. It still has a pid, but never answers. */
export async function isZombie(directory: string): Promise<boolean> {
  const pid = (await readPidFile(directory))[0]?.trim();
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return stat !== null && /^\d+ \(.*\) Z/s.test(stat);
}

export const logFile = (directory: string): string => path.join(directory, "server.log");

export async function lastWords({ directory }: Cluster): Promise<string> {
  return ((await readIfThere(logFile(directory))) ?? "").slice(-2_000);
}

async function readPidFile(directory: string): Promise<string[]> {
  return ((await readIfThere(path.join(directory, "postmaster.pid"))) ?? "").split("\n");
}

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}

/** Returns the server's address; the fourth line of its pid file is its port. */
export async function addressOf({ directory, password }: Cluster): Promise<Address> {
  return { port: (await readPidFile(directory))[3]?.trim() ?? "", password };
}

export const superuserUrlOf = async (cluster: Cluster): Promise<string> =>
  superuserUrl(await addressOf(cluster));

export async function stopCluster({ binaries, who, directory }: Cluster): Promise<void> {
  await runCommand(who, binaries.pg_ctl, ["stop", "-D", directory, "-m", "fast", "-w"]);
}

/**
 * Stops the server if the process exits without having stopped it. No committed data is lost: the next start
 * replays the write-ahead log. Returns a function that removes this exit handler.
 */
export function stopAtExit({ binaries, who, directory }: Cluster): () => void {
  const [command = "", ...prefix] = [...who.prefix, binaries.pg_ctl];
  const args = [...prefix, "stop", "-D", directory, "-m", "immediate", "-w", "-t", "2"];
  const stop = (): void => void spawnSync(command, args, { ...optionsFor(who), stdio: "ignore" });
  process.once("exit", stop);
  return () => void process.off("exit", stop);
}
