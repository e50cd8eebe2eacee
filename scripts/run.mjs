#!/usr/bin/env node
// Runs a Systole command on the Node that package.json pins, after installing what is missing.
// Plain JavaScript for any Node ≥ 18: it is the one file that runs before `npm ci` has happened.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => path.join(root, ...parts);
const node = inRoot("node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

function installIsFresh() {
  const installed = inRoot("node_modules/.package-lock.json");
  const lock = inRoot("package-lock.json");
  return existsSync(node) && existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

if (!installIsFresh()) {
  process.stderr.write("Installing dependencies with npm ci (once) …\n");
  const install = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (install.status !== 0) {
    process.stderr.write("npm ci failed; the output above says why.\n");
    process.exit(install.status ?? 1);
  }
}

const [script, ...args] = process.argv.slice(2);
const child = spawn(node, ["--disable-warning=ExperimentalWarning", inRoot(script), ...args], {
  stdio: "inherit",
  env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
});
// Ctrl-C reaches the whole process group; the child decides how to end, and we end as it did.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  process.exit(signal ? 128 + os.constants.signals[signal] : code);
});
