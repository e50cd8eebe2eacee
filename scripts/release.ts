/**
 * `npm run release -- 0.2.0`: what a release is in the repository. It puts the version into every file, makes the
 * changelog's section, keeps the database for the test of upgrades, brings generated files up to date, commits and tags.
 * It pushes and publishes nothing: docs/RELEASING.md says how that is done.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { keepDatabase } from "./keep-database.ts";
import { assertReleasable } from "./releasable.ts";

const root = path.resolve(import.meta.dirname, "..");

/** Runs a command; returns its output. @throws with it */
function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout.trim();
}

async function release(version: string): Promise<string> {
  const tags = run("git", "tag", "--list", "v*.*.*");
  assertReleasable(version, {
    changes: run("git", "status", "--porcelain"),
    tags: tags === "" ? [] : tags.split("\n"),
    changelog: readFileSync(path.join(root, "CHANGELOG.md"), "utf8"),
  });
  // The first release has the version that package.json had before.
  run("npm", "version", version, "--no-git-tag-version", "--allow-same-version");
  await keepDatabase(version, path.join(root, "test/upgrades", version));
  run(process.execPath, "--disable-warning=ExperimentalWarning", "scripts/generate.ts");
  run("git", "add", "--all");
  run("git", "commit", "--message", `Release ${version}`);
  const isSigned = spawnSync("git", ["config", "user.signingkey"], { cwd: root }).status === 0;
  run("git", "tag", isSigned ? "--sign" : "--annotate", `v${version}`, "--message", version);
  return isSigned ? "" : " The tag is not signed: git knows no user.signingkey.";
}

if (process.argv[1] === import.meta.filename) {
  const [version = ""] = process.argv.slice(2);
  try {
    const note = await release(version);
    process.stdout.write(
      `v${version} is committed and tagged.${note} Read CHANGELOG.md through, let the checks run, then push it.\n`,
    );
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
