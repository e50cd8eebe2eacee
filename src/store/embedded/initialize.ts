/** Creates a cluster where none exists, and its password. */
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { SystoleError } from "../../errors.ts";
import { madeOnce, readMade } from "../../security/made-once.ts";
import { directoryError, makePrivateDirectory } from "../../security/private-directory.ts";
import { loadBinaries } from "./binaries.ts";
import type { Cluster } from "./cluster.ts";
import { superuser } from "./roles.ts";
import { runAs, runCommand } from "./run-as.ts";
import { startError } from "./start-error.ts";

const passwordName = "postgres-password";
/**
 * Lets the system user that runs the server pass through the directory to its own files, without listing the
 * others.
 */
const passThroughMode = 0o711;

/** @throws SystoleError DATA_DIR_UNUSABLE, DISK_FULL, STORE_PASSWORD_LOST, STORE_START_FAILED */
export async function openCluster(dataDirectory: string, signal: AbortSignal): Promise<Cluster> {
  const directory = path.join(dataDirectory, "postgres");
  const binaries = await loadBinaries();
  await makePrivateDirectory(dataDirectory);
  const isMade = (await versionOf(directory)) !== null;
  const password = await passwordOf(dataDirectory, isMade);
  const who = runAs(directory);
  if (who.uid !== null) await chmod(dataDirectory, passThroughMode);
  const cluster: Cluster = { binaries, who, directory, password, dataDirectory };
  if (!isMade) await initialize(cluster, signal);
  return cluster;
}

/** Whether a data directory has a cluster. */
export const hasCluster = async (dataDirectory: string): Promise<boolean> =>
  (await versionOf(path.join(dataDirectory, "postgres"))) !== null;

const versionOf = (directory: string): Promise<string | null> =>
  readFile(path.join(directory, "PG_VERSION"), "utf8").catch(() => null);

/** Returns the password. A new one is made only for a new cluster: no other would fit an existing cluster. */
async function passwordOf(dataDirectory: string, isMade: boolean): Promise<string> {
  if (!isMade) {
    const make = (): string => randomBytes(24).toString("base64url");
    return (await madeOnce(dataDirectory, passwordName, make)).text;
  }
  const kept = await readMade(dataDirectory, passwordName);
  if (kept !== null) return kept.text.trim();
  throw new SystoleError("STORE_PASSWORD_LOST", { file: path.join(dataDirectory, passwordName) });
}

/**
 * Creates the cluster in a temporary directory and moves it into place when complete, so that a killed start
 * leaves nothing half-made.
 */
async function initialize(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const { who, directory, dataDirectory } = cluster;
  const unfinished = `${directory}.new-${process.pid}`;
  try {
    await clearUnfinished(directory);
    await mkdir(unfinished, { mode: 0o700 });
    if (who.uid !== null && who.gid !== null) await chown(unfinished, who.uid, who.gid);
    await runInitdb(cluster, unfinished, signal);
    await rename(unfinished, directory).catch((error: NodeJS.ErrnoException) => {
      // Another start created it first; its cluster serves as well.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw directoryError(cause, dataDirectory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Removes the leftovers of killed starts. */
async function clearUnfinished(directory: string): Promise<void> {
  const parent = path.dirname(directory);
  for (const name of await readdir(parent)) {
    const [, pid] = /^postgres\.new-(\d+)$/.exec(name) ?? [];
    const isLeft = pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid)));
    if (isLeft) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

async function runInitdb(
  { binaries, who, dataDirectory }: Cluster,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const passwordFile = path.join(dataDirectory, passwordName);
  // The system user that runs initdb must be able to read it.
  if (who.uid !== null && who.gid !== null) await chown(passwordFile, who.uid, who.gid);
  const args = [
    `--pgdata=${directory}`,
    "--auth=scram-sha-256",
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
  ];
  const result = await runCommand(who, binaries.initdb, args, signal);
  signal.throwIfAborted();
  if (result.exitCode !== 0) throw startError(result.output, dataDirectory);
}
