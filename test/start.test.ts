/** Starting: a working server, or one clear sentence. */
import { spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { startSandbox } from "../src/sandbox/polar/standalone.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { startEmbedded } from "../src/store/embedded/server.ts";
import { runSystole, startSystoleProcess } from "./support/process.ts";
import { openNotificationSecret, polarEnvironment, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

async function ownPlace(): Promise<
  Record<string, string> & { SYSTOLE_DATA_DIR: string; SYSTOLE_PORT: string }
> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "systole-start-"));
  stack.defer(async () => {
    // Processes of a killed Systole end before its files are deleted.
    if (spawnSync("test", ["-d", path.join(directory, "postgres")]).status === 0) {
      await (await startEmbedded(directory)).stop();
    }
    rmSync(directory, { recursive: true, force: true });
  });
  return { SYSTOLE_DATA_DIR: directory, SYSTOLE_PORT: String(await freePort()), SYSTOLE_LOG_LEVEL: "warn" };
}

const keyIn = (output: string): string | undefined => /x-api-key\s+(\S+)/.exec(output)?.[1];
const devIdIn = (output: string): string | undefined => /dev-id\s+(\S+)/.exec(output)?.[1];

describe("npm start", () => {
  it("creates an environment, shows its key and the admin token once, and the key works", async () => {
    const env = await ownPlace();
    const first = await startSystoleProcess(env);
    const [devId, key] = [devIdIn(first.output()), keyIn(first.output())];
    const answer = await fetch(`http://127.0.0.1:${env.SYSTOLE_PORT}/v2/subscriptions`, {
      headers: { "dev-id": devId ?? "", "x-api-key": key ?? "" },
    });
    expect(answer.status).toBe(200);
    expect(await first.stop()).toBe(0);
    const second = await startSystoleProcess(env);
    expect(devIdIn(second.output())).toBe(devId);
    expect(second.output()).not.toMatch(/x-api-key|admin token/);
    expect(await second.stop()).toBe(0);
  });

  it("continues after kill -9 with the database that was left running", async () => {
    const env = await ownPlace();
    const first = await startSystoleProcess(env);
    await first.kill();
    const second = await startSystoleProcess(env);
    expect(second.output()).toContain("adopted the PostgreSQL server");
    expect(await second.stop()).toBe(0);
  });

  it("as a worker alone, serves health and metrics on the configured port", async () => {
    const port = String(await freePort());
    const env = { ...(await ownPlace()), SYSTOLE_ROLES: "worker", SYSTOLE_METRICS_PORT: port };
    const worker = await startSystoleProcess(env);
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    expect((await get("/readyz")).status).toBe(200);
    expect(await (await get("/metrics")).text()).toContain("# TYPE systole_deliveries_pending gauge");
    expect((await get("/v2/subscriptions")).status).toBe(404);
    expect(await worker.stop()).toBe(0);
  });

  it("says that the port is in use", async () => {
    const env = await ownPlace();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(Number(env.SYSTOLE_PORT), "127.0.0.1", resolve));
    stack.defer(() => new Promise((resolve) => other.close(() => resolve())));
    const { exitCode, output } = await runSystole(["start"], env);
    expect(exitCode).toBe(1);
    expect(output).toContain("The port is already in use (PORT_IN_USE).");
    expect(output).toContain(`port: ${env.SYSTOLE_PORT}\n  variable: SYSTOLE_PORT`);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it("says that another Systole is running on the data directory, and which", async () => {
    const env = await ownPlace();
    const first = await startSystoleProcess(env);
    const { exitCode, output } = await runSystole(["start"], {
      ...env,
      SYSTOLE_PORT: String(await freePort()),
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("Another Systole is running on this data directory (DATA_DIR_IN_USE).");
    expect(output).toMatch(/pid: \d+/);
    expect(await first.stop()).toBe(0);
  });

  it("says that the secret key is not the one of this database", async () => {
    const env = await ownPlace();
    expect(await (await startSystoleProcess(env)).stop()).toBe(0);
    const key = randomBytes(32).toString("base64");
    const { exitCode, output } = await runSystole(["start"], { ...env, SYSTOLE_SECRET_KEY: key });
    expect(exitCode).toBe(1);
    expect(output).toContain("SECRET_KEY_WRONG");
    expect(output).not.toContain(key);
  });

  it("names each variable that is wrong, and never shows a secret", async () => {
    const { exitCode, output } = await runSystole(["start"], {
      SYSTOLE_PORT: "eighty",
      SYSTOLE_SECRET_KEY: "dG9vIHNob3J0IGE=",
    });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/CONFIG_INVALID[\s\S]*SYSTOLE_PORT[\s\S]*SYSTOLE_SECRET_KEY/);
    expect(output).not.toContain("dG9vIHNob3J0IGE=");
  });

  it("says that a provider's address in its environment is not allowed", async () => {
    const { SYSTOLE_DATA_DIR, SYSTOLE_PORT } = await ownPlace();
    const env = {
      SYSTOLE_DATA_DIR,
      SYSTOLE_PORT,
      POLAR_CLIENT_ID: "id",
      POLAR_CLIENT_SECRET: "secret",
      POLAR_API_URL: "http://127.0.0.1:8090",
    };
    const { exitCode, output } = await runSystole(["start"], env);
    expect([exitCode, output]).toEqual([1, expect.stringContaining("PROVIDER_ADDRESS_PRIVATE")]);
    expect(output).toContain("SYSTOLE_ALLOW_PRIVATE_DESTINATIONS=true");
  });

  it("says that the database cannot be reached", async () => {
    const env = await ownPlace();
    const { exitCode, output } = await runSystole(["start"], {
      ...env,
      DATABASE_URL: "postgres://x:topsecret@127.0.0.1:1/x",
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("The database cannot be reached (STORE_UNAVAILABLE).");
    expect(output).not.toContain("topsecret");
  });

  it("says that the data directory cannot be used", async () => {
    const env = await ownPlace();
    const file = path.join(env.SYSTOLE_DATA_DIR, "file");
    writeFileSync(file, "");
    const { exitCode, output } = await runSystole(["start"], { ...env, SYSTOLE_DATA_DIR: file });
    expect(exitCode).toBe(1);
    expect(output).toContain("The data directory cannot be used (DATA_DIR_UNUSABLE).");
  });

  it("knows no other command", async () => {
    const { exitCode, output } = await runSystole(["dance"], {});
    expect(exitCode).toBe(2);
    expect(output).toContain("There is no command dance");
  });
});

async function secretOf(data: string): Promise<string> {
  const password = readFileSync(path.join(data, "postgres-password"), "utf8");
  const port = readFileSync(path.join(data, "postgres/postmaster.pid"), "utf8").split("\n")[3];
  const pool = new pg.Pool({
    connectionString: `postgresql://systole:${password}@127.0.0.1:${port}/postgres`,
  });
  try {
    return await openNotificationSecret(pool, data);
  } finally {
    await pool.end();
  }
}

function sendNotification(port: string, secret: string): Promise<Response> {
  const body = JSON.stringify({
    event: "EXERCISE",
    user_id: 404,
    entity_id: "full",
    timestamp: new Date().toISOString(),
    url: "x".repeat(2_000),
  });
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return fetch(`http://127.0.0.1:${port}/v2/hooks/polar`, {
    method: "POST",
    headers: { "polar-webhook-signature": signature },
    body,
  });
}

const mayMount = spawnSync("unshare", ["--mount", "true"]).status === 0;

describe.skipIf(!mayMount)("a full disk (needs to mount a tmpfs)", () => {
  it("refuses what cannot be stored with one clear error, and continues when there is space again", async () => {
    const env = await ownPlace();
    const disk = path.join(env.SYSTOLE_DATA_DIR, "disk");
    mkdirSync(disk);
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=160m", "tmpfs", disk]).status).toBe(0);
    stack.defer(() => void spawnSync("umount", ["-l", disk]));
    const data = path.join(disk, "data");
    const sandbox = await startSandbox({ port: 0 });
    stack.defer(() => sandbox.close());
    const systole = await startSystoleProcess({
      ...env,
      ...polarEnvironment(sandbox),
      SYSTOLE_DATA_DIR: data,
      SYSTOLE_PUBLIC_URL: `http://127.0.0.1:${env.SYSTOLE_PORT}`,
    });
    stack.defer(() => systole.kill());
    await waitForWebhook(sandbox);
    const secret = await secretOf(data);
    const notify = (): Promise<Response> => sendNotification(env.SYSTOLE_PORT, secret);
    expect((await notify()).status).toBe(200);

    const filler = path.join(disk, "filler");
    spawnSync("sh", ["-c", `cat /dev/zero > ${filler}`]);
    const refused = await waitFor("a refusal", async () => {
      const responses = await Promise.all(Array.from({ length: 20 }, notify));
      return responses.find(({ status }) => status !== 200);
    });
    expect(refused.status).toBe(503);
    expect(["DISK_FULL", "STORE_UNAVAILABLE"]).toContain(((await refused.json()) as { code: string }).code);

    rmSync(filler);
    await waitFor("acknowledgements again", async () => (await notify()).status === 200);
    expect(await systole.stop()).toBe(0);
  });
});
