/**
 * The code of an older version, taken out of the repository's history: that of the last released tag before this commit, or
 * of the commit before the newest migration while there is no such tag. It runs with the packages of this checkout.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** Returns a command's output, or null if it failed. */
function git(...args: string[]): string | null {
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 256 << 20 });
  return status === 0 ? stdout.trim() : null;
}

export interface OlderVersion {
  /** A tag, or a commit. */
  readonly name: string;
  readonly commit: string;
}

/** Returns null where the history is not there. */
export function findOlderVersion(): OlderVersion | null {
  const here = git("rev-parse", "HEAD");
  const tags = git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname")?.split("\n") ?? [];
  for (const name of tags.filter((tag) => tag !== "")) {
    const commit = git("rev-parse", `${name}^{commit}`);
    if (commit !== null && commit !== here) return { name, commit };
  }
  const newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "src/store/migrations");
  const commit = git("rev-parse", "--verify", "--quiet", `${newest}^`);
  return commit === null ? null : { name: commit.slice(0, 12), commit };
}

/** Puts the version's sources into a directory; returns its main file. */
export function takeOut({ commit }: OlderVersion, directory: string): string {
  mkdirSync(directory, { recursive: true });
  const archive = path.join(directory, "sources.tar");
  if (git("archive", `--output=${archive}`, commit, "src", "package.json") === null) {
    throw new Error(`git archive ${commit} failed`);
  }
  const unpacked = spawnSync("tar", ["-xf", archive, "-C", directory]);
  if (unpacked.status !== 0) throw new Error(`tar failed: ${unpacked.stderr}`);
  symlinkSync(path.join(root, "node_modules"), path.join(directory, "node_modules"));
  return path.join(directory, "src/main.ts");
}
