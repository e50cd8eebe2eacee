/** Building with the real tool, from sources of a few lines. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureDashboard } from "./build.ts";
import { checkout, hashSources } from "./sources.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "systole-dashboard-"));
  mkdirSync(path.join(root, "dashboard/src"), { recursive: true });
  symlinkSync(path.join(checkout, "node_modules"), path.join(root, "node_modules"));
  write("../package-lock.json", "{}");
  write("package.json", '{"type": "module"}');
  write("index.html", '<!doctype html><script type="module" src="/src/main.ts"></script>');
  write("src/main.ts", 'document.title = "first";');
  write(
    "vite.config.ts",
    'import { precompress } from "./precompress.ts"; export default { plugins: [precompress()] };',
  );
  cpSync(path.join(checkout, "dashboard/precompress.ts"), at("precompress.ts"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => path.join(root, "dashboard", name);
const write = (name: string, text: string): void => writeFileSync(at(name), text);

async function ensure(): Promise<string[]> {
  const lines: string[] = [];
  await ensureDashboard({ root, say: (line) => lines.push(line) });
  return lines;
}

const built = (): string =>
  readdirSync(at("dist/assets"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(at(`dist/assets/${name}`), "utf8"))
    .join("");

test("builds once for the same sources, and says so", async () => {
  expect(await ensure()).toEqual([
    "Building the dashboard (first start or changed sources) …",
    expect.stringMatching(/^The dashboard is built \(\d+\.\d s\)\.$/),
  ]);
  expect(built()).toContain("first");
  expect(await ensure()).toEqual([]);
  expect(readdirSync(at("dist/assets")).filter((name) => name.endsWith(".br"))).toHaveLength(1);
});

test.each(["src/main.ts", "index.html", "vite.config.ts", "../package-lock.json"])(
  "is stale once %s has changed",
  async (name) => {
    const before = await hashSources(root);
    write(name, `${readFileSync(at(name), "utf8")}\n`);
    expect(await hashSources(root)).not.toBe(before);
  },
);

test("what is built, and what is installed, is no source", async () => {
  const before = await hashSources(root);
  mkdirSync(at("dist/assets"), { recursive: true });
  mkdirSync(at("node_modules/some"), { recursive: true });
  write("dist/assets/x.js", "1");
  write("node_modules/some/x.js", "1");
  expect(await hashSources(root)).toBe(before);
});

test("a broken source keeps the former build, says what is wrong, and leaves nothing behind", async () => {
  await ensure();
  write("src/main.ts", "const = ;");
  const [, outcome = ""] = await ensure();
  expect(outcome).toMatch(/^The dashboard could not be built; everything else works\.\n[\s\S]*main\.ts/);
  expect(built()).toContain("first");
  expect(readdirSync(at(".")).filter((name) => name.startsWith("dist"))).toEqual(["dist"]);
});

test("two processes that build at the same time leave one whole build", async () => {
  await Promise.all([ensure(), ensure()]);
  expect(built()).toContain("first");
  expect(await ensure()).toEqual([]);
});

test("without the tools it says how to get them", async () => {
  rmSync(path.join(root, "node_modules"));
  expect(await ensure()).toEqual([expect.stringContaining("npm ci --include=dev")]);
  expect(existsSync(at("dist"))).toBe(false);
});
