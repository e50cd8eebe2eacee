/**
 * The guides to writing a plugin, followed word for word in a copy of the repository: each file they show is
 * written to its place, the registries are generated, and the plugin's own suite passes.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
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
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
let copy = "";

beforeAll(() => {
  copy = mkdtempSync(path.join(os.tmpdir(), "systole-written-guides-"));
  for (const name of readdirSync(root).filter((entry) => !/^(\.git|node_modules|data)$/.test(entry))) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Returns the files of a guide: a block below a line with only a file's name is that file. */
function filesOf(guide: string): [file: string, text: string][] {
  const page = readFileSync(path.join(root, "docs/guides", guide), "utf8");
  const blocks = page.matchAll(/^`(src\/[^`]+)`:\n\n```(?:ts|markdown)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, file = "", text = ""]) => [file, text]);
}

function run(...command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: copy, encoding: "utf8" });
  expect(status, `${command.join(" ")}\n${stdout.slice(-6_000)}${stderr.slice(-2_000)}`).toBe(0);
  return stdout;
}

describe.each([
  ["write-a-provider.md", "src/providers/harbour", "src/providers/registry.gen.ts"],
  ["write-a-destination.md", "src/destinations/shelf", "src/destinations/registry.gen.ts"],
])("%s", (guide, folder, registry) => {
  it("leads to a plugin that passes its suite", () => {
    const files = filesOf(guide);
    expect(files.length).toBeGreaterThan(5);
    for (const [file, text] of files) {
      expect(path.dirname(file)).toBe(folder);
      mkdirSync(path.join(copy, folder), { recursive: true });
      writeFileSync(path.join(copy, file), text);
    }
    run("scripts/generate.ts");
    expect(readFileSync(path.join(copy, registry), "utf8")).toContain(`./${path.basename(folder)}/index.ts`);
    expect(run("node_modules/vitest/vitest.mjs", "run", folder)).toMatch(/Test Files .*1 passed/);
  });
});
