/** Which test files have to do with a database: those that reach the tests' own way to one by their imports. */
import { readFileSync } from "node:fs";
import path from "node:path";

const wayToDatabase = "test/support/database.ts";
const imported = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** @param files relative to the root, as are the ones answered */
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

/** Of the repository's own modules; a package is none. */
function readImports(root: string, file: string): string[] {
  if (!file.endsWith(".ts")) return [];
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(imported)].map(([, name = ""]) => path.join(path.dirname(file), name));
}
