/** The sources of the dashboard in a checkout, and the build that belongs to them. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** The directory that holds `package-lock.json` and `dashboard/`. */
export const checkout = path.resolve(import.meta.dirname, "../..");

export const workspaceOf = (root: string): string => path.join(root, "dashboard");
/** The files that the server serves. */
export const buildDirectoryOf = (root: string): string => path.join(workspaceOf(root), "dist");
/** The file of a build that holds the hash of its sources. */
export const stampName = ".sources";

/** False in a package: it holds the build and no sources. */
export const hasSources = (root: string): boolean => existsSync(path.join(workspaceOf(root), "src"));

/** Returns a hash of everything that decides about the build: the sources, and the versions of its tools. */
export async function hashSources(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [path.join(root, "package-lock.json"), ...(await sourceFiles(workspaceOf(root)))]) {
    const content = await readFile(file);
    hash.update(`${path.relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

const ignored = /^(dist|node_modules)([.\\/]|$)/;

async function sourceFiles(workspace: string): Promise<string[]> {
  const names = await readdir(workspace);
  const own = names.filter((name) => !ignored.test(name));
  const entries = await Promise.all(own.map((name) => filesAt(path.join(workspace, name))));
  return entries.flat().sort();
}

async function filesAt(place: string): Promise<string[]> {
  try {
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [place];
    throw error;
  }
}

/** Null when nothing was built yet. */
export async function stampOf(directory: string): Promise<string | null> {
  try {
    return await readFile(path.join(directory, stampName), "utf8");
  } catch {
    return null;
  }
}
