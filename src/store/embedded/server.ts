/**
 * The embedded PostgreSQL: the real server, from an npm package, in the data directory.
 *
 * The server outlives a killed Systole. The next start finds it by its pid file and adopts it; the process that
 * holds the owner lock (a session lock inside that very server, so it can never be stale) is the one Systole of
 * this data directory.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { errorMessage, SystoleError } from "../../errors.ts";
import {
  addressOf,
  type Cluster,
  isRunning,
  isZombie,
  lastWords,
  logFile,
  stopAtExit,
  stopCluster,
  superuserUrlOf,
} from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { openCluster } from "./initialize.ts";
import { claimOwnership } from "./ownership.ts";
import { prepareWorker, superuserUrl, workerUrl } from "./roles.ts";
import { runCommand } from "./run-as.ts";
import { startError } from "./start-error.ts";

export interface EmbeddedServer {
  /** As the role that is no superuser. */
  readonly connectionString: string;
  /** For tests, which make databases of their own; Systole itself does nothing as this role. */
  readonly superuserUrl: string;
  /** True when a server left behind by a killed Systole was found running. */
  readonly adopted: boolean;
  /** Gives up the owner lock and stops the server cleanly. */
  stop(): Promise<void>;
}

const startAttempts = 10;
const patienceMs = 2_000;
const startSeconds = 60;
/** A process of ours takes some thirty at most, and several may share the server. */
const maxConnections = 300;
const never = new AbortController().signal;

/**
 * The signal ends a start that is under way, with its reason; nothing is left running then.
 * @throws SystoleError DATA_DIR_UNUSABLE, DATA_DIR_IN_USE, DISK_FULL, STORE_PASSWORD_LOST, STORE_START_FAILED
 */
export async function startEmbedded(dataDirectory: string, signal = never): Promise<EmbeddedServer> {
  signal.throwIfAborted();
  const cluster = await openCluster(dataDirectory, signal);
  const adopted = (await isRunning(cluster)) && (await isReady(cluster, signal));
  if (adopted) return own(cluster, adopted);
  const takeBack = stopAtExit(cluster);
  let isOurs = true;
  try {
    isOurs = await start(cluster, signal);
    if (!(await isReady(cluster, signal))) throw startError(await lastWords(cluster), dataDirectory);
    return await own(cluster, adopted);
  } catch (error) {
    if (isOurs) await stopCluster(cluster);
    throw error;
  } finally {
    takeBack();
  }
}

/** From here on the server is ours, and ends with us. */
async function own(cluster: Cluster, adopted: boolean): Promise<EmbeddedServer> {
  const address = await addressOf(cluster);
  await prepareWorker(address);
  const connectionString = workerUrl(address);
  const release = await claimOwnership(connectionString, cluster.dataDirectory);
  const takeBack = stopAtExit(cluster);
  return {
    connectionString,
    superuserUrl: superuserUrl(address),
    adopted,
    async stop() {
      await release();
      await stopCluster(cluster);
      takeBack();
    },
  };
}

/** Returns false when another Systole was quicker with the very same cluster: then there is a server to adopt. */
async function start(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const { binaries, who, directory, dataDirectory } = cluster;
  // The pid file of a zombie would keep PostgreSQL from starting for as long as nobody reaps it. That no
  // other server uses the files is still proven by their shared memory.
  if (await isZombie(directory)) await rm(path.join(directory, "postmaster.pid"), { force: true });
  let output = "";
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    const result = await runCommand(
      who,
      binaries.pg_ctl,
      startArguments(directory, await freePort()),
      signal,
    );
    signal.throwIfAborted();
    if (result.exitCode === 0) return true;
    if (await isRunning(cluster)) return false;
    output = `${result.output}${await lastWords(cluster)}`;
    if (!/Address already in use|lock file|shared memory block/i.test(output)) break;
    await pause();
  }
  throw startError(output, dataDirectory);
}

function startArguments(directory: string, port: number): string[] {
  const address = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  // Recycled files of the write-ahead log would keep what was erased long ago until they are written over.
  const options = `${address} -c max_connections=${maxConnections} -c wal_recycle=off`;
  return [
    "start",
    "-D",
    directory,
    "-w",
    "-t",
    String(startSeconds),
    "-l",
    logFile(directory),
    "-o",
    options,
  ];
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

/** Waits for a server that may still be recovering from a crash; false when it is gone after all. */
async function isReady(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + startSeconds * 1_000;
  let lastSeen = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const refusal = await connectionRefusal(cluster);
    if (refusal === null) return true;
    // Another process's server may be between its first breath and a whole pid file.
    if (await isRunning(cluster)) lastSeen = Date.now();
    else if (Date.now() - lastSeen > patienceMs) return false;
    if (Date.now() > deadline) throw new SystoleError("STORE_START_FAILED", { log: refusal });
    await pause();
  }
}

/** Null when it answers, otherwise why not. @throws SystoleError for what does not pass by waiting */
async function connectionRefusal(cluster: Cluster): Promise<string | null> {
  const client = new pg.Client({ connectionString: await superuserUrlOf(cluster) });
  try {
    await client.connect();
    return null;
  } catch (cause) {
    throwIfFinal(cause, cluster.dataDirectory);
    return errorMessage(cause);
  } finally {
    await client.end().catch(() => {});
  }
}

/** 53100: the disk is full; 28P01: it is another password. */
function throwIfFinal(cause: unknown, dataDirectory: string): void {
  const { code } = cause as { code?: string };
  if (code === "53100") throw new SystoleError("DISK_FULL", { directory: dataDirectory }, { cause });
  if (code === "28P01") {
    throw new SystoleError(
      "STORE_PASSWORD_LOST",
      { file: path.join(dataDirectory, "postgres-password") },
      { cause },
    );
  }
}
