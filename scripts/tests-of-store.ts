/** Finds the test files that use a database: those whose imports lead to the tests' database helper. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const wayToDatabase = "test/support/database.ts";
const imported = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** @param files relative to the root, like the returned ones */
export function testsOfStore(root: string, files: readonly string[]): string[] {
  const known = new Map<string, readonly string[]>();
  const importsOf = (file: string): readonly string[] => {
    const found = known.get(file) ?? readImports(root, file);
    known.set(file, found);
    return found;
  };
  return files.filter((file) => reaches(file, importsOf));
}

function reaches(file: string, importsOf: (file: string) => readonly string[]): boolean {
  const seen = new Set([file]);
  for (const next of seen) {
    if (next === wayToDatabase) return true;
    for (const other of importsOf(next)) seen.add(other);
  }
  return false;
}

/** Returns the imported modules of the repository; packages are left out. */
function readImports(root: string, file: string): string[] {
  // Code in a test's text may import what is not there.
  if (!file.endsWith(".ts") || !existsSync(path.join(root, file))) return [];
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(imported)].map(([, name = ""]) => path.join(path.dirname(file), name));
}
