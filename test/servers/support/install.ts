/** Installs programs that are not on this machine; one process at a time uses each package manager. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { exclusively } from "./lock.ts";
import type { Command } from "./processes.ts";

export interface Unavailable {
  /** The reason, in words for the person who runs the tests. */
  readonly reason: string;
}

const limitMs = 20 * 60_000;
const keptCharacters = 1_500;

/**
 * Runs the steps one after the other unless their result exists already. `tool` names the lock: steps with
 * the same tool never run at the same time. Returns null on success.
 */
export function install(
  tool: string,
  isThere: () => boolean,
  steps: readonly Command[],
): Promise<Unavailable | null> {
  if (isThere()) return Promise.resolve(null);
  return exclusively(`install-${tool}`, async () => {
    if (isThere()) return null;
    for (const step of steps) {
      const failure = await runStep(step);
      if (failure !== null) return { reason: failure };
    }
    return isThere()
      ? null
      : { reason: `${tool} ran without an error, but what it should install is not there` };
  });
}

/** Only on a Debian where we have the rights; no other system is changed. */
export async function aptInstall(
  packages: readonly string[],
  isThere: () => boolean,
): Promise<Unavailable | null> {
  if (isThere()) return null;
  const names = packages.join(" ");
  if (!existsSync("/usr/bin/apt-get")) return { reason: `${names}: not installed, and this is no Debian` };
  if (process.getuid?.() !== 0) return { reason: `${names}: not installed, and only root may install them` };
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const aptGet = (...args: string[]): Command => ({ command: "apt-get", args: ["-q", "-y", ...args], env });
  return install("apt", isThere, [
    aptGet("update"),
    aptGet("install", "--no-install-recommends", ...packages),
  ]);
}

/**
 * Unpacks a Debian package into the directory: for a program that needs no other package, on a system that stays as it is.
 * @param isThere whether what is needed of it was unpacked before
 */
export async function aptUnpack(
  name: string,
  directory: string,
  isThere: () => boolean,
): Promise<Unavailable | null> {
  if (!isThere() && !existsSync("/usr/bin/apt-get")) return { reason: `${name}: this is no Debian` };
  const download = `apt-get -q download ${name}`;
  const unpack = `dpkg-deb -x ${name}_*.deb . && rm ${name}_*.deb`;
  const step = (script: string): Command => ({ command: "sh", args: ["-c", script], cwd: directory });
  return install("apt", isThere, [
    // A machine that was never asked for a package has no list of them yet.
    step(`${download} || { apt-get -q update && ${download}; }`),
    step(unpack),
  ]);
}

/** Builds a Go program (`module@version`) into the directory. */
export function goInstall(directory: string, program: string): Promise<Unavailable | null> {
  const binary = path.join(directory, path.basename(program.split("@")[0] ?? ""));
  const env = { GOBIN: directory, CGO_ENABLED: "0" };
  return install("go", () => existsSync(binary), [{ command: "go", args: ["install", program], env }]);
}

/** Returns null on success, else its last output. */
export function runStep({ command, args, cwd, env }: Command): Promise<string | null> {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: cwd ?? "/",
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limitMs,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output = `${output}${chunk}`.slice(-keptCharacters);
      });
    }
    const said = (how: string): string => `${command} ${args.join(" ")} ${how}: ${output.trim()}`;
    child.once("error", (error) => resolve(said(error.message)));
    child.once("close", (code) => resolve(code === 0 ? null : said(`ended with ${code}`)));
  });
}
