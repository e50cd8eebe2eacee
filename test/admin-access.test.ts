/** The admin token that is valid after each kind of start, and the addresses that serve the admin API. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addressOf } from "../src/cli/terminal.ts";
import { loadConfig } from "../src/config.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { type Systole, startSystole } from "../src/systole.ts";
import { createLogger } from "../src/telemetry/log.ts";
import { createStoreDatabase, type TestDatabase } from "./support/database.ts";

let database: TestDatabase;
let directory: string;
const running = new Set<Systole>();
beforeAll(async () => {
  database = await createStoreDatabase();
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-access-"));
});
afterEach(async () => {
  await Promise.all([...running].map((systole) => systole.close()));
  running.clear();
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await database.drop();
});

async function environmentWith(settings: Record<string, string>): Promise<Record<string, string>> {
  return {
    DATABASE_URL: database.connectionString,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_PORT: String(await freePort()),
    SYSTOLE_ROLES: "api",
    ...settings,
  };
}

async function start(settings: Record<string, string> = {}): Promise<Systole> {
  const env = await environmentWith(settings);
  const systole = await startSystole(loadConfig(env), createLogger("silent"), {});
  running.add(systole);
  return systole;
}

const statusAt = async (url: string | null, where: string, token?: string): Promise<number> => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`${url}${where}`, { headers })).status;
};
const adminAt = (systole: Systole, token: string) => statusAt(systole.url, "/admin/v1/users", token);

describe("the admin token", () => {
  test("replaces the generated one when it is configured, in every process and for good", async () => {
    const first = await start();
    const made = String(first.made.adminToken);
    expect(await adminAt(first, made)).toBe(200);
    const given = "a-token-of-the-operator";
    const second = await start({ SYSTOLE_ADMIN_TOKEN: given });
    expect(second.made.adminToken).toBeNull();
    for (const systole of [first, second]) {
      expect([await adminAt(systole, given), await adminAt(systole, made)]).toEqual([200, 401]);
    }
    const third = await start();
    expect([await adminAt(third, given), third.made.adminToken]).toEqual([200, null]);
    const headers = { authorization: `Bearer ${given}` };
    const log = await (await fetch(`${third.url}/admin/v1/audit`, { headers })).text();
    expect(log).toContain('"action":"start","target":"admin token"');
  });

  test("that was rotated away does not return with the next start", async () => {
    const given = "another-token-of-the-operator";
    const first = await start({ SYSTOLE_ADMIN_TOKEN: given });
    const headers = { authorization: `Bearer ${given}` };
    const answer = await fetch(`${first.url}/admin/v1/token/rotate`, { method: "POST", headers });
    const { token } = (await answer.json()) as { token: string };
    const second = await start({ SYSTOLE_ADMIN_TOKEN: given });
    expect([await adminAt(second, given), await adminAt(second, token)]).toEqual([401, 200]);
  });

  test("may be short on loopback only", async () => {
    const short = { SYSTOLE_ADMIN_TOKEN: "short" };
    const refused = {
      code: "CONFIG_INVALID",
      details: { variables: [expect.stringContaining("16 characters")] },
    };
    for (const exposed of [
      { SYSTOLE_HOST: "0.0.0.0" },
      { SYSTOLE_PUBLIC_URL: "https://hub.example" },
      { SYSTOLE_ADMIN_PORT: "0", SYSTOLE_ADMIN_HOST: "::" },
    ]) {
      await expect(start({ ...short, ...exposed })).rejects.toMatchObject(refused);
    }
    const adminPort = String(await freePort());
    const behindProxy = { SYSTOLE_PUBLIC_URL: "https://hub.example", SYSTOLE_ADMIN_PORT: adminPort };
    await start({ ...short, ...behindProxy });
    expect(await statusAt(`http://127.0.0.1:${adminPort}`, "/admin/v1/users", "short")).toBe(200);
    // It is in force now, also for a start without it.
    await expect(start({ SYSTOLE_HOST: "0.0.0.0" })).rejects.toMatchObject(refused);
    const long = "long-enough-to-be-reached";
    expect(await adminAt(await start({ SYSTOLE_ADMIN_TOKEN: long, SYSTOLE_HOST: "0.0.0.0" }), long)).toBe(
      200,
    );
  });
});

describe("SYSTOLE_ADMIN_PORT", () => {
  const token = "a-token-of-the-admin-port";

  test("takes /admin/v1 and /metrics from the public port", async () => {
    const adminPort = String(await freePort());
    const { url } = await start({ SYSTOLE_ADMIN_TOKEN: token, SYSTOLE_ADMIN_PORT: adminPort });
    const admin = `http://127.0.0.1:${adminPort}`;
    const both = async (where: string) => [
      await statusAt(url, where, token),
      await statusAt(admin, where, token),
    ];
    expect(await both("/admin/v1/users")).toEqual([404, 200]);
    expect(await both("/metrics")).toEqual([404, 200]);
    expect(await both("/v2/integrations")).toEqual([200, 404]);
    expect(await both("/connect/icons/polar.svg")).toEqual([200, 404]);
    expect(await both("/healthz")).toEqual([200, 200]);
    const documented = async (at: string | null) =>
      JSON.stringify(await (await fetch(`${at}/docs/json`)).json());
    expect(await documented(url)).not.toContain("/admin/v1/users");
    expect(await documented(admin)).toContain("/admin/v1/users");
  });

  test("is the port that the commands use", async () => {
    const env = { SYSTOLE_ADMIN_TOKEN: token, SYSTOLE_PUBLIC_URL: "https://hub.example" };
    const where = { url: undefined, environment: undefined };
    expect(addressOf(where, env).url).toBe("https://hub.example");
    expect(addressOf(where, { ...env, SYSTOLE_ADMIN_PORT: "8081" }).url).toBe("http://127.0.0.1:8081");
    const elsewhere = { ...env, SYSTOLE_ADMIN_PORT: "8081", SYSTOLE_ADMIN_HOST: "10.0.0.5" };
    expect(addressOf(where, elsewhere).url).toBe("http://10.0.0.5:8081");
  });
});

describe("SYSTOLE_TRUSTED_PROXIES", () => {
  const token = "a-token-behind-a-proxy";
  const addressInLog = async ({ url }: Systole) => {
    const headers = { authorization: `Bearer ${token}`, "x-forwarded-for": "198.51.100.7" };
    await fetch(`${url}/admin/v1/keys`, { method: "POST", headers });
    const response = await fetch(`${url}/admin/v1/audit?limit=1`, { headers });
    return ((await response.json()) as { data: { address: string }[] }).data[0]?.address;
  };

  test("says whose header for the caller's address is believed", async () => {
    const first = await start({ SYSTOLE_ADMIN_TOKEN: token });
    expect(await addressInLog(first)).toBe("127.0.0.1");
    const second = await start({
      SYSTOLE_ADMIN_TOKEN: token,
      SYSTOLE_TRUSTED_PROXIES: "10.0.0.0/8, 127.0.0.1",
    });
    expect(await addressInLog(second)).toBe("198.51.100.7");
    const third = await start({ SYSTOLE_ADMIN_TOKEN: token, SYSTOLE_TRUSTED_PROXIES: "10.0.0.0/8" });
    expect(await addressInLog(third)).toBe("127.0.0.1");
  });
});
