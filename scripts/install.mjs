// Runs `npm ci` when something is missing. Plain JavaScript for any Node ≥ 20, like run.mjs.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const sayEveryMs = 10_000;
const killAfterMs = 1_000;

const everything = ["--include=dev"];
/** The program and the dashboard's tools: the workspace of the tests has more packages than both together. */
const program = ["--workspace=dashboard", "--include-workspace-root"];

/**
 * Returns the arguments of the `npm ci` that is needed, or null. What an installation was made without, it stays without
 * when it is updated: the tests' packages, or with `--omit=dev` all for development.
 */
export function missing(root, { development }) {
  const installed = path.join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return development ? everything : program;
  const tree = JSON.parse(readFileSync(installed, "utf8")).packages;
  const hasTests = "node_modules/vitest" in tree;
  const hasDashboard = "node_modules/vite" in tree;
  const isOld = statSync(installed).mtimeMs < statSync(path.join(root, "package-lock.json")).mtimeMs;
  if (development && (isOld || !hasTests)) return everything;
  if (!isOld) return null;
  if (hasTests) return everything;
  return hasDashboard ? [...program, "--include=dev"] : ["--omit=dev"];
}

/** Resolves to the exit code; 130 after Ctrl-C. */
export async function install(root, args) {
  process.stderr.write("Installing dependencies with npm ci (once; a minute or two) …\n");
  const isWindows = process.platform === "win32";
  let child = null;
  // Before npm begins, which a Ctrl-C would otherwise outlive.
  const stopped = endOnSignal(() => child);
  child = spawn("npm", ["ci", ...args, "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: isWindows,
    // A process group of its own: Ctrl-C reaches only us, and we end npm and its children.
    detached: !isWindows,
  });
  const ended = new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code) => resolve(code ?? 1));
  });
  const showing = showLife();
  const status = await ended;
  showing.end();
  if (stopped()) process.stderr.write("Stopped. The next command installs again.\n");
  else if (status !== 0) process.stderr.write("npm ci failed; the output above says why.\n");
  return stopped() ? 130 : status;
}

/** Counts the seconds on a terminal, and writes a line at intervals into a log file. */
function showLife() {
  const began = Date.now();
  const { stderr } = process;
  const timer = setInterval(
    () => {
      const seconds = Math.round((Date.now() - began) / 1_000);
      stderr.write(stderr.isTTY ? `\r  ${seconds} s ` : `  still installing, ${seconds} s\n`);
    },
    stderr.isTTY ? 1_000 : sayEveryMs,
  );
  return {
    end() {
      clearInterval(timer);
      if (stderr.isTTY) stderr.write("\r\x1b[K");
    },
  };
}

/** Ends the child when the user stops us. Returns whether they did. */
function endOnSignal(childOf) {
  let stopped = false;
  const end = (signal) => {
    const child = childOf();
    try {
      if (process.platform === "win32") child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It has already ended.
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // The second time, or when npm takes too long, it is killed.
      if (stopped) return end("SIGKILL");
      stopped = true;
      end(signal);
      setTimeout(() => end("SIGKILL"), killAfterMs).unref();
    });
  }
  return () => stopped;
}
