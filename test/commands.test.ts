/** A newcomer's commands, as processes: the first start's output, `connect`, `listen`, and `--help` of each. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSandboxUser, syncWatch } from "../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../src/sandbox/polar/standalone.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { runSystole, type SystoleProcess, startCommand, startSystoleProcess } from "./support/process.ts";
import { polarEnvironment, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

describe("--help", () => {
  const commands = [
    "start",
    "demo",
    "sandbox",
    "connect",
    "upload",
    "listen",
    "replay",
    "renormalize",
    "export",
    "move-bodies",
    "rotate-key",
    "migrate",
    "backup",
    "restore",
    "doctor",
  ];

  it.each(commands)("of %s describes it and its use, and needs no configuration", async (command) => {
    const { exitCode, output } = await runSystole([command, "--help"], {});
    expect([exitCode, output]).toEqual([0, expect.stringMatching(new RegExp(`npm .*${command}`))]);
    expect(await runSystole(["help", command], {})).toEqual({ exitCode, output });
  });

  it("without a command names each", async () => {
    const { exitCode, output } = await runSystole(["--help"], {});
    expect(exitCode).toBe(0);
    for (const command of commands) expect(output).toMatch(new RegExp(`npm .*\\b${command}\\b`));
  });

  it("answers a wrong option", async () => {
    for (const command of [
      "start",
      "demo",
      "sandbox",
      "connect",
      "listen",
      "export",
      "migrate",
      "backup",
      "doctor",
    ]) {
      const { exitCode, output } = await runSystole([command, "--everything"], {});
      expect([exitCode, output]).toEqual([2, expect.stringMatching(/^Unknown option '--everything'/)]);
      expect(output).toContain((await runSystole([command, "--help"], {})).output);
    }
  });
});

describe("the first start", () => {
  let directory: string;
  let sandbox: RunningSandbox;
  let systole: SystoleProcess;
  let env: Record<string, string>;
  beforeAll(async () => {
    directory = mkdtempSync(path.join(os.tmpdir(), "systole-first-"));
    sandbox = await startSandbox({ port: 0 });
    const port = String(await freePort());
    env = {
      ...polarEnvironment(sandbox),
      SYSTOLE_DATA_DIR: directory,
      SYSTOLE_PORT: port,
      SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
      SYSTOLE_LOG_LEVEL: "silent",
    };
    systole = await startSystoleProcess(env);
    await waitForWebhook(sandbox);
  });
  afterAll(async () => {
    expect(await systole.stop()).toBe(0);
    await sandbox.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Returns the variables of a shell after the printed line was pasted into it. */
  function exported(): Record<string, string> {
    const [line = ""] = /^ {2}export .*$/m.exec(systole.output()) ?? [];
    const { stdout } = spawnSync("sh", ["-ec", `${line}\nenv`], {
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });
    const pairs = stdout.split("\n").map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]);
    return Object.fromEntries(pairs.filter(([name]) => /^(SYSTOLE|ADMIN_TOKEN|DEV_ID|API_KEY)$/.test(name)));
  }

  it("prints one line that sets what every guide uses, and the next command", () => {
    expect(Object.keys(exported()).sort()).toEqual(["ADMIN_TOKEN", "API_KEY", "DEV_ID", "SYSTOLE"]);
    expect(systole.output()).toContain("npm run systole -- connect person-1");
  });

  it("is followed by connect and listen, with only that line", async () => {
    const listening = await startCommand(["listen"], exported(), /^Ctrl-C ends it/m);
    const link = (await runSystole(["connect", "person-1", "--provider", "polar"], exported())).output.trim();
    expect(link).toMatch(new RegExp(`^${env.SYSTOLE_PUBLIC_URL}/connect/[^/]+$`));
    const page = await fetch(link);
    const cookie = page.headers
      .getSetCookie()
      .map((text) => text.split(";")[0])
      .join("; ");
    const chosen = await fetch(`${link}/polar`, { method: "POST", headers: { cookie }, redirect: "manual" });
    const sandboxUserId = await newSandboxUser({ sandboxUrl: sandbox.url, provider: "polar" });
    const consent = await fetch(`${chosen.headers.get("location")}&sandbox_user=${sandboxUserId}`, {
      redirect: "manual",
    });
    expect((await fetch(consent.headers.get("location") ?? "", { headers: { cookie } })).status).toBe(200);
    await syncWatch({ sandboxUrl: sandbox.url, provider: "polar" }, { sandboxUserId }, 1);
    await waitFor("events", () => /activity .*signature ok/.test(listening.output()));
    expect(listening.output()).toMatch(/auth .*signature ok/);
    expect(listening.output()).not.toContain("WRONG");
    const destinations = await adminGet("/destinations");
    expect(destinations.data).toHaveLength(1);
    expect(await listening.stop()).toBe(0);
    expect((await adminGet("/destinations")).data).toEqual([]);
  });

  async function admin<Answer>(route: string, init: RequestInit = {}): Promise<Answer> {
    const { SYSTOLE, ADMIN_TOKEN } = exported();
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
    const response = await fetch(`${SYSTOLE}/admin/v1${route}`, { ...init, headers });
    return (await response.json()) as Answer;
  }
  const adminGet = (route: string) => admin<{ data: unknown[] }>(route);

  it("refuses an unknown provider, and says so", async () => {
    const other = await runSystole(["connect", "person-1", "--provider", "sundial"], exported());
    expect(other).toEqual({
      exitCode: 1,
      output: "SUNDIAL cannot be connected here, only GARMIN, POLAR\n",
    });
  });

  it("says what is missing if the line was not pasted", async () => {
    const connect = await runSystole(["connect", "person-1"], {});
    expect([connect.exitCode, connect.output]).toEqual([2, expect.stringMatching(/^DEV_ID is not set/)]);
    const listen = await runSystole(["listen"], {});
    expect([listen.exitCode, listen.output]).toEqual([2, expect.stringMatching(/^ADMIN_TOKEN is not set/)]);
    const nameless = await runSystole(["connect"], exported());
    expect([nameless.exitCode, nameless.output]).toEqual([2, expect.stringMatching(/^NAME is missing/)]);
  });
});
