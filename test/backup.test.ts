/** `systole backup` and `systole restore` as commands: beside a running server, and into a new data directory. */
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../src/store/embedded/free-port.ts";
import { runSystole, type SystoleProcess, startSystoleProcess } from "./support/process.ts";

let directory: string;
let systole: SystoleProcess;
let first: Record<string, string>;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), "systole-backup-command-"));
  first = {
    ...(await settingsIn("first")),
    SYSTOLE_API_KEY: "a key of this test",
    SYSTOLE_DEV_ID: "backed-up",
  };
  systole = await startSystoleProcess(first);
});
afterAll(async () => {
  await systole.stop();
  rmSync(directory, { recursive: true, force: true });
});

const settingsIn = async (name: string): Promise<Record<string, string>> => ({
  SYSTOLE_DATA_DIR: path.join(directory, name),
  SYSTOLE_PORT: String(await freePort()),
  SYSTOLE_LOG_LEVEL: "silent",
});

it("a running server is backed up, and another one goes on from it with the same credentials", async () => {
  const file = path.join(directory, "one.backup");
  const backup = await runSystole(["backup", file], first);
  expect(backup).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(/one\.backup: \d+ tables with/),
  });
  const again = await runSystole(["backup", file], first);
  expect([again.exitCode, again.output]).toEqual([2, expect.stringContaining("one.backup is there already")]);

  const second = await settingsIn("second");
  const keyless = await runSystole(["restore", file], second);
  expect(keyless).toMatchObject({ exitCode: 1, output: expect.stringContaining("SECRET_KEY_MISSING") });
  const other = { ...second, SYSTOLE_SECRET_KEY: randomBytes(32).toString("base64") };
  expect(await runSystole(["restore", file], other)).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("BACKUP_KEY_WRONG"),
  });
  mkdirSync(second.SYSTOLE_DATA_DIR ?? "", { recursive: true, mode: 0o700 });
  copyFileSync(path.join(directory, "first/secret-key"), path.join(directory, "second/secret-key"));
  const restored = await runSystole(["restore", file], second);
  expect(restored).toMatchObject({ exitCode: 0, output: expect.stringMatching(/Start Systole now/) });
  expect(await runSystole(["restore", file], second)).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("RESTORE_NOT_EMPTY"),
  });

  const restarted = await startSystoleProcess(second);
  try {
    const answer = await fetch(`http://127.0.0.1:${second.SYSTOLE_PORT}/v2/subscriptions`, {
      headers: { "dev-id": "backed-up", "x-api-key": "a key of this test" },
    });
    expect(answer.status).toBe(200);
  } finally {
    expect(await restarted.stop()).toBe(0);
  }
});

it("a backup that cannot be made leaves no file", async () => {
  const nowhere = await runSystole(["backup", path.join(directory, "none/one.backup")], first);
  expect([nowhere.exitCode, nowhere.output]).toEqual([2, expect.stringMatching(/^There is no directory/)]);
  const unreachable = { ...first, DATABASE_URL: "postgres://x:y@127.0.0.1:1/z" };
  const failed = await runSystole(["backup", path.join(directory, "two.backup")], unreachable);
  expect([failed.exitCode, failed.output]).toEqual([1, expect.stringContaining("STORE_UNAVAILABLE")]);
  expect(readdirSync(directory).filter((name) => name.startsWith("two"))).toEqual([]);
});
