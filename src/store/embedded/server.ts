/**
 * The embedded PostgreSQL: the real server, from an npm package, in the data directory.
 *
 * The server survives a killed Systole. The next start finds it by its pid file and adopts it. The process
 * that holds the owner lock is the one Systole of this data directory; the lock is a session lock inside this
 * very server, so it can never be stale.
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
  /** The address for the role that is not a superuser. */
  readonly connectionString: string;
  /** The superuser's address, for tests that create their own databases; Systole itself does nothing as this role. */
  readonly superuserUrl: string;
  /** True when a server left behind by a killed Systole was found running. */
  readonly adopted: boolean;
  /** Releases the owner lock and stops the server cleanly. */
  stop(): Promise<void>;
}

const startAttempts = 10;
const unseenMs = 2_000;
const startSeconds = 60;
/** One of our processes uses about thirty at most, and several may share the server. */
const maxConnections = 300;
const never = new AbortController().signal;

/**
 * Starts or adopts the server. The signal ends a start under way, with its reason; nothing is left running
 * then.
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

/** Takes ownership: from here on the server ends with this process. */
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

/**
 * Starts the server. Returns false when another Systole was faster with the same cluster: then there is a
 * server to adopt.
 */
async function start(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const { binaries, who, directory, dataDirectory } = cluster;
  // The pid file of a zombie would keep PostgreSQL from starting until it is reaped. The files' shared memory
  // still proves that no other server uses them.
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
  // Recycled files of the write-ahead log would keep erased data until they are overwritten.
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

/** Waits for a server that may still be recovering from a crash; returns false when it is gone. */
async function isReady(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + startSeconds * 1_000;
  let lastSeen = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const refusal = await connectionRefusal(cluster);
    if (refusal === null) return true;
    // The server of another process may have started without having written its pid file yet.
    if (await isRunning(cluster)) lastSeen = Date.now();
    else if (Date.now() - lastSeen > unseenMs) return false;
    if (Date.now() > deadline) throw new SystoleError("STORE_START_FAILED", { log: refusal });
    await pause();
  }
}

/**
 * Returns null when the server answers, otherwise the reason.
 * @throws SystoleError for a failure that waiting does not cure
 */
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

/** 53100: the disk is full; 28P01: the password is a different one. */
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
