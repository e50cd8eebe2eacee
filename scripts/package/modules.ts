/** The modules of the program: what `src/main.ts` reaches, as JavaScript, and the other files that they read. */
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";
import { asInstalled } from "./commands.ts";

export interface PackagedFile {
  /** Relative to the checkout and to the package alike. */
  readonly name: string;
  readonly content: string;
}

const entry = "src/main.ts";
/** Imported for the version; the package has one of its own. */
const manifest = "package.json";
/** `from "./x.ts"`, `import "./x.ts"` and `import("./x.ts")`. Types are gone by then, and with them what only they import. */
const imported = /(\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g;
/** A worker's file takes the extension of the module that starts it. */
const worker = /new URL\(`(\.\/[\w/-]+)\$\{path\.extname\(import\.meta\.filename\)\}`, import\.meta\.url\)/g;
const data = /new URL\("(\.{1,2}\/[^"]+)", import\.meta\.url\)/g;

/** @throws when a module names a file that is not there */
export async function programModules(root: string): Promise<readonly PackagedFile[]> {
  const found = new Map<string, PackagedFile>();
  const waiting = [entry];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const file = await packaged(root, name);
    found.set(name, file.packaged);
    waiting.push(...file.reaches);
  }
  found.delete(manifest);
  return [...found.values()];
}

async function packaged(root: string, name: string): Promise<{ packaged: PackagedFile; reaches: string[] }> {
  const text = await readFile(path.join(root, name), "utf8");
  if (!name.endsWith(".ts")) return { packaged: { name, content: text }, reaches: [] };
  // Types are replaced by spaces: a line and column in a stack is that of the source.
  const script = stripTypeScriptTypes(asInstalled(text));
  const content = script.replaceAll(
    imported,
    (_, before, specifier) => `${before}"${asJavaScript(specifier)}"`,
  );
  return { packaged: { name: asJavaScript(name), content }, reaches: reachedFrom(name, script) };
}

const asJavaScript = (file: string): string => file.replace(/\.ts$/, ".js");

function reachedFrom(name: string, script: string): string[] {
  const found = [
    ...[...script.matchAll(imported)].map(([, , specifier = ""]) => specifier),
    ...[...script.matchAll(worker)].map(([, file]) => `${file}.ts`),
    ...[...script.matchAll(data)].map(([, file = ""]) => file),
  ];
  return found.map((file) => path.posix.join(path.posix.dirname(name), file));
}
