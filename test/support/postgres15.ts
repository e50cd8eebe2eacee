/** A PostgreSQL 15 from Debian, like an operator's own server: the oldest version we promise to support. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { runAs, runCommand } from "../../src/store/embedded/run-as.ts";

export interface Postgres15 {
  readonly version: string;
  readonly connectionString: string;
  stop(): Promise<void>;
}

const binaries = "/usr/lib/postgresql/15/bin";
const password = "test";

/** Installs it if possible; otherwise returns why there is none. */
export async function startPostgres15(directory: string): Promise<Postgres15 | { reason: string }> {
  if (!existsSync(path.join(binaries, "initdb")) && !install()) {
    return { reason: `${binaries} is not there and Debian's postgresql-15 could not be installed` };
  }
  mkdirSync(directory, { mode: 0o700 });
  const cluster = path.join(directory, "cluster");
  const passwordFile = path.join(directory, "password");
  writeFileSync(passwordFile, password);
  const who = runAs(cluster);
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const result = await runCommand(who, path.join(binaries, program), args);
    if (result.exitCode !== 0) throw new Error(`${program} failed: ${result.output}`);
  };
  const port = await freePort();
  await run("initdb", [
    "-D",
    cluster,
    "-U",
    "postgres",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "-E",
    "UTF8",
    "--locale=C",
  ]);
  const address = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  // Tests run many systems at the same time, and their data need not survive a power cut.
  const options = `${address} -c max_connections=400 -c fsync=off -c full_page_writes=off`;
  await run("pg_ctl", ["start", "-D", cluster, "-w", "-l", path.join(cluster, "log"), "-o", options]);
  return {
    version: "15",
    connectionString: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: () => run("pg_ctl", ["stop", "-D", cluster, "-m", "fast", "-w"]),
  };
}

/** Only on a Debian where we have the rights; no other system is changed. */
function install(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const aptGet = (...args: string[]): boolean =>
    spawnSync("apt-get", ["-q", "-y", ...args], { env, stdio: ["ignore", 2, 2] }).status === 0;
  return aptGet("update") && aptGet("install", "--no-install-recommends", "postgresql-15");
}
