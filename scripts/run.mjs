#!/usr/bin/env node
// Runs a Systole command on the Node that the lock file pins, after installing what is missing.
// Plain JavaScript for any Node ≥ 20: it and install.mjs run before `npm ci` has happened.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { install, missing } from "./install.mjs";
import { allocator, semiSpace } from "./memory.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => path.join(root, ...parts);
const oldest = 24;
const silenceMs = 1_000;
const nodeOptions = ["--disable-warning=ExperimentalWarning", semiSpace];

/** Returns the pinned Node, if there is a package for this platform; else the current one, if it is new enough. */
function findNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  const pinned = inRoot(`node_modules/node-${platform}-${process.arch}/bin`, file);
  if (existsSync(pinned)) return pinned;
  return Number(process.versions.node.split(".")[0]) >= oldest ? process.execPath : null;
}

function run(node, [script, ...args]) {
  const child = spawn(node, [...nodeOptions, inRoot(script), ...args], {
    stdio: "inherit",
    env: { ...allocator, ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
  });
  // Ctrl-C reaches the whole process group; the child decides how to end, and we exit with its result.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => setTimeout(sayStopping, silenceMs));
  child.once("error", (error) => {
    process.stderr.write(`${node} cannot be started: ${error.message}\n${howToGetNode}`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => {
    process.exit(signal ? 128 + os.constants.signals[signal] : code);
  });
}

/** Says that the program is stopping. The child may be too busy to do so itself, for example while it loads its modules. */
function sayStopping() {
  process.stderr.write("Stopping: what is under way is finished first. Ctrl-C again ends at once.\n");
}

const howToGetNode = `Systole needs Node ${oldest}. It is installed by npm on Linux with glibc (x64, arm64) and Windows (x64).
Elsewhere install Node ${oldest} or newer from https://nodejs.org, then run the command again.
`;

const command = process.argv.slice(2);
const wanted = missing(root, { development: !command[0].startsWith("src/") });
if (wanted !== null) {
  const status = await install(root, wanted);
  if (status !== 0) process.exit(status);
}
const node = findNode();
if (node === null) {
  process.stderr.write(`This is Node ${process.versions.node}. ${howToGetNode}`);
  process.exit(1);
}
run(node, command);
