/** A rolling upgrade: an older version serves while a newer one migrates its database; both serve; the older one ends. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addWebhook, connectPerson, type DemoPerson, type DemoServer } from "../../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../../src/sandbox/polar/standalone.ts";
import { makeSecretKey } from "../../src/security/secret-key.ts";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { migrations } from "../../src/store/migrate.ts";
import { createTestDatabase } from "../support/database.ts";
import { exercise } from "../support/polar-bodies.ts";
import { type SystoleProcess, startSystoleProcess } from "../support/process.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { credentials, eventsOf, keyHeaders, polarEnvironment, waitForWebhook } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";
import { type LoadBalancer, startLoadBalancer } from "./load-balancer.ts";
import { findOlderVersion, takeOut } from "./older-version.ts";

/** While the newer version starts, so that a slow machine has no more to do. */
const mostUploads = 6;
const rounds = 4;

const older = findOlderVersion();
const reason = "NOT RUN: the repository's history is not here, so there is no older version";

describe.skipIf(older === null)(`beside ${older?.name ?? reason}`, () => {
  const opened = new AsyncDisposableStack();
  let sandbox: RunningSandbox;
  let receiver: Receiver;
  let balancer: LoadBalancer;
  let pool: pg.Pool;
  let server: DemoServer;
  let person: DemoPerson;
  let old: SystoleProcess;
  let young: SystoleProcess;
  let oldPort: number;
  let start: (port: number, main?: string) => Promise<SystoleProcess>;
  let sent = 0;
  const refused: string[] = [];

  beforeAll(async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), "systole-rolling-"));
    opened.defer(() => rm(directory, { recursive: true, force: true }));
    const database = await createTestDatabase();
    opened.defer(() => database.drop());
    pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
    pool.on("error", () => {});
    opened.defer(() => pool.end());
    sandbox = await startSandbox({ port: 0 });
    opened.defer(() => sandbox.close());
    receiver = await startReceiver();
    opened.defer(() => receiver.close());
    balancer = await startLoadBalancer();
    opened.defer(() => balancer.close());
    const { key } = await makeSecretKey(directory);
    const shared = {
      DATABASE_URL: database.connectionString,
      SYSTOLE_SECRET_KEY: key.toString("base64"),
      SYSTOLE_PUBLIC_URL: balancer.url,
      SYSTOLE_DEV_ID: credentials.devId,
      SYSTOLE_API_KEY: credentials.apiKey,
      SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
      SYSTOLE_LOG_LEVEL: "error",
      ...polarEnvironment(sandbox),
    };
    start = async (port, main) => {
      const own = { SYSTOLE_DATA_DIR: path.join(directory, String(port)), SYSTOLE_PORT: String(port) };
      const started = await startSystoleProcess({ ...shared, ...own }, main);
      opened.defer(() => started.kill());
      return started;
    };
    server = { url: balancer.url, sandboxUrl: sandbox.url, ...credentials };
    if (older === null) return;
    oldPort = await freePort();
    // Its first requests to itself come while it starts.
    balancer.ports.add(oldPort);
    old = await start(oldPort, takeOut(older, path.join(directory, "older")));
    await waitForWebhook(sandbox);
    await addWebhook(server, receiver.url);
    person = await connectPerson(server, "rolling");
    await upload();
    await everythingArrived();
  });
  afterAll(() => opened.disposeAsync());

  /** Uploads a workout, which the sandbox announces. */
  async function upload(): Promise<void> {
    const id = `rolling${sent++}`;
    const put = await fetch(`${sandbox.url}/_sandbox/users/${person.sandboxUserId}/exercises`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(exercise(id, { start_time: `2026-01-01T10:${String(sent).padStart(2, "0")}:00` })),
    });
    expect(put.status, await put.text()).toBeLessThan(300);
  }

  /** Reads as a developer does, from whichever process has its turn. */
  async function read(): Promise<void> {
    const records = `/v2/activity?user_id=${person.userId}&start_date=2026-01-01&to_webhook=false`;
    for (const where of [records, "/v2/subscriptions"]) {
      const answer = await fetch(`${balancer.url}${where}`, { headers: keyHeaders });
      const text = await answer.text();
      if (answer.status !== 200) refused.push(`${where}: ${answer.status} ${text}`);
    }
  }

  const eventIds = (id: string): Set<unknown> =>
    new Set(
      eventsOf(receiver)
        .filter(({ body }) => body.type === "activity" && JSON.stringify(body.data).includes(`"${id}"`))
        .map(({ headers }) => headers["webhook-id"]),
    );
  const ids = (): string[] => Array.from({ length: sent }, (_, index) => `rolling${index}`);
  const everythingArrived = () =>
    waitFor("every workout to arrive", () => ids().every((id) => eventIds(id).size > 0));

  it("migrates the database while the older version serves and works", async () => {
    const port = await freePort();
    let isThere = false;
    const starting = start(port).finally(() => {
      isThere = true;
    });
    while (!isThere) {
      if (sent < mostUploads) await upload();
      await read();
      await pause(100);
    }
    young = await starting;
    balancer.ports.add(port);
    const { rows } = await pool.query("SELECT max(number) AS newest FROM migrations");
    expect(rows).toEqual([{ newest: migrations.at(-1)?.number }]);
    await everythingArrived();
    expect(refused).toEqual([]);
  });

  it("works side by side with it", async () => {
    const other = await startReceiver();
    opened.defer(() => other.close());
    // Made by one of them, and delivered to by both.
    await addWebhook(server, other.url);
    for (let round = 0; round < rounds; round++) await Promise.all([upload(), read(), read()]);
    await everythingArrived();
    await waitFor("the other receiver", () => other.requests.length >= rounds);
    // Since 0.1.0 a process stays ready on a database that a newer version has migrated.
    const check = older?.name.startsWith("v") ? "readyz" : "healthz";
    expect((await fetch(`http://127.0.0.1:${oldPort}/${check}`)).status).toBe(200);
    expect(refused).toEqual([]);
  });

  it("goes on alone, and nothing was lost or made twice", async () => {
    balancer.ports.delete(oldPort);
    expect(await old.stop(), old.output()).toBe(0);
    await Promise.all([upload(), read()]);
    await everythingArrived();
    expect(ids().filter((id) => eventIds(id).size !== 1)).toEqual([]);
    const { rows } = await pool.query(
      `SELECT (SELECT count(*)::int FROM records WHERE natural_key LIKE 'rolling%' AND revision = 1) AS records,
        (SELECT count(*)::int FROM fetch_tasks WHERE state = 'failed') AS failed,
        (SELECT count(*)::int FROM deliveries WHERE state = 'dead') AS dead`,
    );
    expect(rows).toEqual([{ records: sent, failed: 0, dead: 0 }]);
    expect(refused).toEqual([]);
    // At this level nothing but failures is logged.
    for (const { output } of [old, young]) expect(output()).not.toContain('"level":50');
  });
});
