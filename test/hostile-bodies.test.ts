/** Bodies that no device makes: they cost a worker thread, never the process, and all other requests are served. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPerson, type DemoPerson } from "../src/demo/person.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { createStoreDatabase } from "./support/database.ts";
import { fitOfSize } from "./support/fit-of-size.ts";
import { daysAgo, exercise, night } from "./support/polar-bodies.ts";
import { type SystoleProcess, startSandboxProcess, startSystoleProcess } from "./support/process.ts";
import { credentials, polarEnvironment, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

const stack = new AsyncDisposableStack();
let pool: pg.Pool;
let systole: SystoleProcess;
let url: string;
let sandboxUrl: string;
let person: DemoPerson;

beforeAll(async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-hostile-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  stack.defer(() => database.drop());
  const sandboxPort = await freePort();
  sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const sandbox = await startSandboxProcess({ SANDBOX_PORT: String(sandboxPort) });
  stack.defer(() => sandbox.kill());
  const polar = { url: sandboxUrl, clientId: "sandbox-client", clientSecret: "sandbox-secret" };
  url = `http://127.0.0.1:${await freePort()}`;
  systole = await startSystoleProcess({
    DATABASE_URL: database.connectionString,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_PORT: new URL(url).port,
    SYSTOLE_PUBLIC_URL: url,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
    ...polarEnvironment(polar),
  });
  stack.defer(() => systole.kill());
  pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  stack.defer(() => pool.end());
  await waitForWebhook(polar);
  person = await connectPerson({ url, sandboxUrl, ...credentials }, "hostile");
  await waitFor("the first fetch", async () => (await open()).length === 0);
});
afterAll(() => stack.disposeAsync());

const open = async () => (await pool.query("SELECT 1 FROM fetch_tasks WHERE state = 'accepted'")).rows;

async function upload(resource: string, body: string | Buffer, notify = true): Promise<void> {
  const where = `${sandboxUrl}/_sandbox/users/${person.sandboxUserId}/${resource}?notify=${notify}`;
  const type = typeof body === "string" ? "application/json" : "application/octet-stream";
  const sent = typeof body === "string" ? body : new Uint8Array(body);
  const response = await fetch(where, { method: "PUT", body: sent, headers: { "content-type": type } });
  expect(response.status, await response.text()).toBe(200);
}

/** Makes all waiting tries due now. */
const hurry = () =>
  pool.query("UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND name = 'ingest'");

async function failedWith(code: string): Promise<{ resource: string; key: string }> {
  const { rows } = await waitFor(`a failure with ${code}`, async () => {
    await hurry();
    const found = await pool.query(
      "SELECT fetches->0->>'resource' AS resource, fetches->0->>'key' AS key FROM fetch_tasks WHERE state = 'failed' AND code = $1",
      [code],
    );
    return found.rows.length > 0 ? found : null;
  });
  return rows[0];
}

/** Returns how long `/healthz` took to answer while `work` ran, in milliseconds, in ascending order. */
async function healthDuring(work: () => Promise<unknown>): Promise<number[]> {
  let isOver = false;
  const took: number[] = [];
  const looking = (async () => {
    while (!isOver) {
      const began = performance.now();
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      took.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  await work().finally(() => {
    isOver = true;
  });
  await looking;
  return took.sort((one, other) => one - other);
}

/**
 * Expects quick answers. A body read in the process itself stalls it for seconds; single answers may be late
 * on a busy machine.
 */
function expectQuick(took: readonly number[]): void {
  expect(took[Math.floor(took.length * 0.95)]).toBeLessThan(100);
  expect(took.at(-1)).toBeLessThan(1_000);
}

const admin = async (where: string): Promise<string> => {
  const headers = { authorization: `Bearer ${credentials.adminToken}` };
  return (await fetch(`${url}${where}`, { headers })).text();
};

describe("a file of 62 kB that unpacks to 64 MB", () => {
  it("ends two worker threads and nothing else, and is given up", async () => {
    const file = gzipSync(fitOfSize(64_000_000), { level: 9 });
    expect(file.length).toBeLessThan(100_000);
    const workout = exercise("hostile1", { start_time: `${daysAgo(1)}T10:00:00` });
    await upload("exercises", JSON.stringify(workout), false);
    await upload("exercises/hostile1/fit", file);
    const took = await healthDuring(async () => {
      await upload("exercises", JSON.stringify({ ...workout, calories: 5 }));
      expect(await failedWith("PROVIDER_BODY_UNPARSABLE")).toEqual({
        resource: "exercise-fit",
        key: "hostile1",
      });
    });
    expectQuick(took);
  });

  it("is kept raw, and shown in the person's sync state, the log and the metrics", async () => {
    const { rows } = await pool.query(
      "SELECT body_bytes, parse_tries FROM raw_payloads WHERE resource = 'exercise-fit'",
    );
    expect(rows).toEqual([{ body_bytes: expect.any(Number), parse_tries: 2 }]);
    const state = await admin(`/admin/v1/users/${person.userId}/sync`);
    expect(state).toContain('"code":"PROVIDER_BODY_UNPARSABLE","key":"hostile1"');
    expect(systole.output()).toMatch(/a body ended its parser/);
    expect(await admin("/metrics")).toMatch(
      /systole_provider_bodies_refused_total\{provider="polar",resource="exercise-fit",code="PROVIDER_BODY_UNPARSABLE"\} 2/,
    );
  });

  it("does not prevent its exercise", async () => {
    const { rows } = await pool.query("SELECT 1 FROM records WHERE type = 'activity'");
    expect(rows).toHaveLength(1);
  });
});

describe("a night with a million changes of sleep stage", () => {
  it("is refused by its length, kept raw, and stalls nothing", async () => {
    const stages = Array.from({ length: 1_000_000 }, (_, stage) => `"${stage}":1`).join(",");
    const body = JSON.stringify(night(daysAgo(1), daysAgo(2), { hypnogram: 0 }));
    const hostile = body.replace('"hypnogram":0', `"hypnogram":{${stages}}`);
    await upload("sleep", hostile, false);
    const took = await healthDuring(async () => {
      await upload("sleep", hostile);
      expect(await failedWith("PROVIDER_BODY_TOO_LARGE")).toMatchObject({ resource: "sleep" });
    });
    expectQuick(took);
    const { rows } = await pool.query("SELECT body_bytes FROM raw_payloads WHERE resource = 'sleep'");
    expect(rows).toContainEqual({ body_bytes: Buffer.byteLength(hostile) });
  });
});
