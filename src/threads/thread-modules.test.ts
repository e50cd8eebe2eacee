import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const threads = ["ingest/parsing/worker.ts", "ingest/files/reader-thread.ts", "converting/worker.ts"];

/** Returns the packages that a file imports when it runs, by itself or through files of ours. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  const imports = /^(?:import|export) (?!type )(?:[^;]*? from )?"([^"]+)";/gms;
  for (const [, name = ""] of readFileSync(file, "utf8").matchAll(imports)) {
    if (!name.startsWith(".")) packages.add(name);
    else if (name.endsWith(".ts"))
      for (const one of packagesOf(path.resolve(path.dirname(file), name), seen)) packages.add(one);
  }
  return packages;
}

it.each(threads)("a thread loads no code of the database, of which it would have a copy: %s", (file) => {
  const packages = packagesOf(path.join(root, file));
  expect([...packages]).toContain("node:worker_threads");
  expect([...packages].filter((name) => /^(kysely|pg|pg-boss)\b/.test(name))).toEqual([]);
});
