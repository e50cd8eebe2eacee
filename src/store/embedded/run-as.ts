/**
 * Chooses the user that runs PostgreSQL, which refuses to run as root. If Systole is root, its server runs in
 * a user namespace where root has another number, which needs no system user and leaves the files to root;
 * where namespaces are forbidden (some containers), it runs as `postgres` or `nobody`.
 */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { SystoleError } from "../../errors.ts";

export interface RunAs {
  /** The words before the command. */
  readonly prefix: readonly string[];
  readonly uid: number | null;
  readonly gid: number | null;
}

const ourselves: RunAs = { prefix: [], uid: null, gid: null };
const namespace: RunAs = {
  prefix: ["unshare", "--user", "--map-user=1000", "--map-group=1000"],
  uid: null,
  gid: null,
};

/** Returns the user of this cluster's server; an existing cluster decides by its owner. */
export function runAs(cluster: string): RunAs {
  if (process.getuid?.() !== 0) return ourselves;
  const owner = existsSync(cluster) ? statSync(cluster) : null;
  if (owner !== null && owner.uid !== 0) return { prefix: [], uid: owner.uid, gid: owner.gid };
  if (spawnSync("unshare", [...namespace.prefix.slice(1), "true"]).status === 0) return namespace;
  return systemUser("postgres") ?? systemUser("nobody") ?? refuse();
}

function systemUser(name: string): RunAs | null {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { prefix: [], uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function refuse(): never {
  throw new SystoleError("STORE_START_FAILED", {
    log: "PostgreSQL cannot run as root here: start Systole as another user, or set DATABASE_URL",
  });
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Returns the environment that PostgreSQL gets: the rest of ours holds secrets, and anyone who controls a
 * process can read its environment.
 */
function environment(): NodeJS.ProcessEnv {
  const told = process.platform === "win32" ? ["PATH", "TZ", "SystemRoot", "TEMP"] : ["PATH", "TZ"];
  const given = told.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(given), LC_ALL: "C" };
}

export function optionsFor(who: RunAs): Omit<SpawnOptions, "stdio"> {
  return {
    cwd: "/",
    env: environment(),
    // A terminal's Ctrl-C is meant for Systole, which decides which of PostgreSQL's programs ends, and when.
    detached: process.platform !== "win32",
    ...(who.uid === null ? {} : { uid: who.uid }),
    ...(who.gid === null ? {} : { gid: who.gid }),
  };
}

/** Kills the program and its helpers; a server started by pg_ctl is in a group of its own. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid === undefined || process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has already ended.
  }
}

/**
 * Runs one of PostgreSQL's programs until it exits, without waiting for processes it leaves running. The
 * signal ends it as Ctrl-C would: initdb removes what it made, pg_ctl stops the server that it was starting.
 */
export function runCommand(
  who: RunAs,
  program: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<CommandResult> {
  const [command, ...rest] = [...who.prefix, program, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(command as string, rest, { ...optionsFor(who), stdio: ["ignore", "pipe", "pipe"] });
    const interrupt = (): void => killGroup(child, "SIGINT");
    const kill = (): void => killGroup(child, "SIGKILL");
    signal?.addEventListener("abort", interrupt, { once: true });
    process.once("exit", kill);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.once("error", reject);
    child.once("exit", (exitCode) => {
      signal?.removeEventListener("abort", interrupt);
      process.off("exit", kill);
      // The rest of the output arrives in the same turn; the postmaster may hold the pipe open for ever.
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ exitCode, output });
      }, 10);
    });
  });
}
