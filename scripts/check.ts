/**
 * `npm run check`: types, lint and format, generated files, provider names in shared modules, licences. Runs
 * all checks even when the first fails.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string): string => path.join(root, "node_modules/.bin", name);

const checks: [name: string, command: string, args: string[]][] = [
  ["types", bin("tsc"), ["-p", "tsconfig.json"]],
  ["types of the dashboard", bin("tsc"), ["-p", "dashboard/tsconfig.json"]],
  ["lint and format", bin("biome"), ["check", "--error-on-warnings", "."]],
  ["generated files", process.execPath, ["scripts/generate.ts", "--check"]],
  ["shared modules name no provider", process.execPath, ["scripts/provider-names.ts"]],
  ["licences", process.execPath, ["scripts/licences.ts"]],
];

const failed = checks.filter(([name, command, args]) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  process.stdout.write(`${status === 0 ? "ok    " : "FAILED"} ${name}\n`);
  return status !== 0;
});
process.exitCode = failed.length > 0 ? 1 : 0;
