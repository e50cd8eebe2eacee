/**
 * The tarball of the package. It has npm's form and name: a gzipped tar with one folder, `package`. `npm pack` would take
 * most of a minute for it, matching every file of the carried dependencies against the rules of all of them.
 */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { stagePackage } from "./stage.ts";

/** Returns the path of the tarball. @throws with tar's output */
export async function packTarball(directory: string, repository?: string): Promise<string> {
  const temporary = await mkdtemp(path.join(os.tmpdir(), "systole-package-"));
  const staged = path.join(temporary, "package");
  try {
    await mkdir(staged);
    await stagePackage(staged, repository);
    await mkdir(directory, { recursive: true });
    const { name, version } = JSON.parse(await readFile(path.join(staged, "package.json"), "utf8"));
    const file = path.join(directory, `${name}-${version}.tgz`);
    const { status, stderr, error } = spawnSync("tar", ["-czf", file, "-C", temporary, "package"], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`tar failed: ${stderr ?? ""}`, { cause: error });
    return file;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
