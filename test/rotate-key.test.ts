/** The secret key is rotated while the server runs, and the server is killed in the middle of it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addWebhook, connectPerson, type DemoPerson, type DemoServer } from "../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../src/sandbox/polar/standalone.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { createStoreDatabase, type TestDatabase } from "./support/database.ts";
import { exercise } from "./support/polar-bodies.ts";
import { runSystole, startSystoleProcess } from "./support/process.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";
import { credentials, eventsOf, polarEnvironment, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

const newKey = () => randomBytes(32).toString("base64");
const [former, current] = [newKey(), newKey()];
/** More than two steps of the rotation. */
const destinations = 450;

let sandbox: RunningSandbox;
let database: TestDatabase;
let receiver: Receiver;
let directory: string;
let server: DemoServer;
let person: DemoPerson;
beforeAll(async () => {
  [sandbox, database, receiver] = await Promise.all([
    startSandbox({ port: 0 }),
    createStoreDatabase(),
    startReceiver(),
  ]);
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-rotate-"));
  server = { url: `http://127.0.0.1:${await freePort()}`, sandboxUrl: sandbox.url, ...credentials };
});
afterAll(async () => {
  await Promise.all([sandbox.close(), receiver.close()]);
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const environment = (keys: Record<string, string>): Record<string, string> => ({
  ...polarEnvironment(sandbox),
  ...keys,
  DATABASE_URL: database.connectionString,
  SYSTOLE_PORT: new URL(server.url).port,
  SYSTOLE_PUBLIC_URL: server.url,
  SYSTOLE_DATA_DIR: directory,
  SYSTOLE_DEV_ID: server.devId,
  SYSTOLE_API_KEY: server.apiKey,
  SYSTOLE_ADMIN_TOKEN: server.adminToken,
  SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
});
const start = (keys: Record<string, string>) => startSystoleProcess(environment(keys));

async function admin(where: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${server.adminToken}`, "content-type": "application/json" };
  const response = await fetch(`${server.url}/admin/v1${where}`, { ...init, headers });
  expect(response.status, where).toBeLessThan(300);
  return (await response.json()) as Record<string, unknown>;
}

const reseal = (from: unknown) =>
  admin("/secret-key/reseal", { method: "POST", body: JSON.stringify({ from }) });

async function syncs(id: string): Promise<void> {
  const where = `${sandbox.url}/_sandbox/users/${person.sandboxUserId}/exercises`;
  const headers = { "content-type": "application/json" };
  await fetch(where, { method: "PUT", headers, body: JSON.stringify(exercise(id)) });
  await waitFor(`workout ${id}`, () =>
    eventsOf(receiver).some(
      ({ body }) => body.type === "activity" && JSON.stringify(body).includes(`"${id}"`),
    ),
  );
}

test("rotating while serving, killed in the middle, started again", async () => {
  const first = await start({ SYSTOLE_SECRET_KEY: former });
  await addWebhook(server, receiver.url);
  await waitForWebhook(sandbox);
  person = await connectPerson(server, "rotated");
  const body = JSON.stringify({ kind: "webhook", settings: { url: receiver.url }, active: false });
  for (let made = 0; made < destinations; made += 1) await admin("/destinations", { method: "POST", body });
  await first.stop();

  const both = { SYSTOLE_SECRET_KEY: current, SYSTOLE_SECRET_KEY_PREVIOUS: former };
  const killed = await start(both);
  const { under_former_keys: total } = await admin("/secret-key");
  expect(total).toBeGreaterThan(destinations);
  const { next } = await reseal(null);
  const { next: later } = await reseal(next);
  const underWay = reseal(later).catch(() => null);
  await killed.kill();
  await underWay;

  const again = await start(both);
  const { under_former_keys: left } = await admin("/secret-key");
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(Number(total));
  const [rotation] = await Promise.all([
    runSystole(["rotate-key", "--url", server.url], { SYSTOLE_ADMIN_TOKEN: server.adminToken }),
    syncs("during1"),
  ]);
  expect(rotation).toMatchObject({ exitCode: 0, output: expect.stringContaining("can go") });
  expect(await admin("/secret-key")).toEqual({ under_former_keys: 0 });
  await again.stop();

  const last = await start({ SYSTOLE_SECRET_KEY: current });
  await syncs("after1");
  await last.stop();
  const wrong = await runSystole(["start"], environment({ SYSTOLE_SECRET_KEY: former }));
  expect(wrong).toMatchObject({ exitCode: 1, output: expect.stringContaining("SECRET_KEY_WRONG") });
});

test("reports errors of the command line", async () => {
  const help = await runSystole(["rotate-key", "--help"], {});
  expect(help).toMatchObject({ exitCode: 0, output: expect.stringContaining("SYSTOLE_SECRET_KEY_PREVIOUS") });
  const wrong = await runSystole(["rotate-key", "--nothing"], {});
  expect(wrong).toMatchObject({ exitCode: 2, output: expect.stringContaining("--nothing") });
});
