/** `systole replay` as a process: exit codes, and the ways to start it. */
import { execFile } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { runSystole } from "./support/process.ts";

const root = path.resolve(import.meta.dirname, "..");

test("exits with 0 for help, 2 for a wrong command line and 1 when no server answers", async () => {
  const help = await runSystole(["replay", "--help"], {});
  expect(help).toMatchObject({ exitCode: 0, output: expect.stringContaining("--dry-run") });
  const wrong = await runSystole(["replay"], { SYSTOLE_ADMIN_TOKEN: "t" });
  expect(wrong).toMatchObject({ exitCode: 2, output: expect.stringContaining("say which") });
  const away = await runSystole(["replay", "--dead", "--url", "http://127.0.0.1:9"], {
    SYSTOLE_ADMIN_TOKEN: "t",
  });
  expect(away).toMatchObject({ exitCode: 1, output: expect.stringContaining("Nobody answers") });
});

test("can be started as the package's command, from anywhere", async () => {
  const command = path.join(root, manifest.bin.systole);
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    const args = [command, "replay", "--nothing"];
    execFile(process.execPath, args, { cwd: "/" }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
    );
  });
  expect([code, output]).toEqual([2, expect.stringContaining("--nothing")]);
});
