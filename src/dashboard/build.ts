/**
 * Builds the dashboard when its sources have changed. Several processes may do so at the same time: each
 * builds into a directory of its own, and the last one to finish puts its build in place.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import {
  buildDirectoryOf,
  checkout,
  hashSources,
  hasSources,
  stampName,
  stampOf,
  workspaceOf,
} from "./sources.ts";

export interface BuildOptions {
  /** Gets each line that tells what happens. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly root?: string;
}

/** A build that fails keeps nothing else from starting: the error is said, and the former build stays. */
export async function ensureDashboard({ say, signal, root = checkout }: BuildOptions): Promise<void> {
  if (!hasSources(root)) return;
  const directory = buildDirectoryOf(root);
  const wanted = await hashSources(root);
  if ((await stampOf(directory)) === wanted) return;
  const vite = findVite(root);
  if (vite === null) {
    const state = existsSync(directory) ? "older than its sources" : "not built";
    say(`The dashboard is ${state}: its tools are not installed. npm ci --include=dev installs them.`);
    return;
  }
  const began = Date.now();
  say("Building the dashboard (first start or changed sources) …");
  const trouble = await build({ root, vite, stamp: wanted, signal });
  if (trouble === null) say(`The dashboard is built (${((Date.now() - began) / 1000).toFixed(1)} s).`);
  else say(`The dashboard could not be built; everything else works.\n${trouble}`);
}

/** Null in an installation without the packages for development. */
function findVite(root: string): string | null {
  try {
    const manifest = createRequire(path.join(workspaceOf(root), "package.json")).resolve("vite/package.json");
    return path.join(path.dirname(manifest), "bin/vite.js");
  } catch {
    return null;
  }
}

interface Build {
  readonly root: string;
  readonly vite: string;
  readonly stamp: string;
  readonly signal: AbortSignal | undefined;
}

/** Returns the error as text, or null. */
async function build(wanted: Build): Promise<string | null> {
  const directory = buildDirectoryOf(wanted.root);
  const fresh = await mkdtemp(`${directory}.`);
  try {
    const trouble = await runVite(wanted, fresh);
    if (trouble !== null) return trouble;
    await writeFile(path.join(fresh, stampName), wanted.stamp);
    await putInPlace(fresh, directory);
    return null;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function runVite({ root, vite, signal }: Build, outDir: string): Promise<string | null> {
  const args = [vite, "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
  const child = spawn(process.execPath, args, {
    cwd: workspaceOf(root),
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production" },
    ...(signal === undefined ? {} : { signal }),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => resolve(code === 0 ? null : output));
  });
}

/** Another process may be doing the same: then its build is as good as ours. */
async function putInPlace(fresh: string, directory: string): Promise<void> {
  const former = `${fresh}.former`;
  await rename(directory, former).catch(() => {});
  try {
    await rename(fresh, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
  await rm(former, { recursive: true, force: true });
}
