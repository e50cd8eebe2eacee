/** `npm run demo`, as a newcomer runs it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../src/store/embedded/free-port.ts";
import { runSystole, startCommand } from "./support/process.ts";

let env: Record<string, string> & { SYSTOLE_DATA_DIR: string };
beforeEach(async () => {
  env = {
    SYSTOLE_DATA_DIR: mkdtempSync(path.join(os.tmpdir(), "systole-demo-")),
    SYSTOLE_PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
  };
});
afterEach(() => rmSync(env.SYSTOLE_DATA_DIR, { recursive: true, force: true }));

interface Connected {
  readonly provider: string;
  readonly reference_id: string;
}

const providersOf = (users: readonly Connected[]): string[] =>
  users.map(({ provider }) => provider).toSorted();

const isDatabaseRunning = (): boolean =>
  existsSync(path.join(env.SYSTOLE_DATA_DIR, "demo/postgres/postmaster.pid"));

describe("npm run demo -- --once", () => {
  it("exits with 0 after an activity, a day and a night arrived with a valid signature", async () => {
    const { exitCode, output } = await runSystole(["demo", "--once"], env);
    expect(exitCode, output).toBe(0);
    for (const type of ["activity", "daily", "sleep"]) {
      expect(output).toMatch(new RegExp(`^[\\d:.]+ {2}${type} .* signature ok$`, "m"));
    }
    expect(output).not.toContain("SIGNATURE WRONG");
    expect(isDatabaseRunning()).toBe(false);
  });
});

describe("npm run demo", () => {
  it("ends with working commands when every record has arrived, and prints them again at Ctrl-C", async () => {
    const demo = await startCommand(["demo"], env, /The server keeps running/);
    const arrived = /\d+ events about (\d+) of \1 records arrived, every signature verified\./;
    expect(demo.output()).toMatch(arrived);
    // The dashboard can be opened before everything has arrived, and again at the end.
    const [early, last] = demo.output().match(/^ {2}http\S+\/dashboard\/sign-in\?link=\S+$/gm) ?? [];
    expect(last).not.toBe(early);
    const places = [early, "records arrived, every", last].map((text) => demo.output().indexOf(text ?? "?"));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(demo.output()).toContain("Older history continues in the background.");
    const commands = demo.output().match(/^ {2}curl .*$/gm) ?? [];
    expect(commands).toHaveLength(3);
    const [who, workouts, nights] = commands.map((command) => JSON.parse(shell(command)));
    const all = ["APPLE", "GARMIN", "OURA", "POLAR"];
    expect(providersOf(who.users)).toEqual(all);
    expect(who.users.every(({ active }: { active: boolean }) => active)).toBe(true);
    expect(workouts.data.length).toBeGreaterThan(5);
    expect(nights.data.length).toBeGreaterThan(20);
    // The variables for all other calls: one person has all connections.
    const [exports = ""] = demo.output().match(/^ {2}export SYSTOLE=.*$/m) ?? [];
    const admin = 'curl -s "$SYSTOLE/admin/v1/users" -H "authorization: Bearer $ADMIN_TOKEN"';
    const users: Connected[] = JSON.parse(shell(`${exports}\n${admin}`)).data;
    expect(providersOf(users)).toEqual(all);
    expect(new Set(users.map(({ reference_id }) => reference_id)).size).toBe(1);
    const subscriptions = 'curl -s "$SYSTOLE/v2/subscriptions" -H "dev-id: $DEV_ID" -H "x-api-key: $API_KEY"';
    expect(providersOf(JSON.parse(shell(`${exports}\n${subscriptions}`)).users)).toEqual(all);
    expect(await demo.stop()).toBe(0);
    expect(demo.output().split("The server keeps running")[1]).toMatch(arrived);
    expect(isDatabaseRunning()).toBe(false);
  });

  it.each([/^Starting/m, /^Systole {4}http/m, /^Receiver/m, /syncing/])(
    "prints at Ctrl-C what had arrived, and leaves no database running: after %s",
    async (said) => {
      const demo = await startCommand(["demo"], env, said);
      expect(await demo.stop()).toBe(130);
      expect(demo.output()).toMatch(
        /^Stopped early\. (Nothing had arrived yet|\d+ events.* arrived, .*)\.$/m,
      );
      expect(demo.output()).not.toMatch(/^\s+at /m);
      expect(isDatabaseRunning()).toBe(false);
    },
  );
});

const shell = (script: string): string =>
  spawnSync("sh", ["-ec", script], { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 }).stdout;
