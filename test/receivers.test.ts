/** A built-in receiver of a server whose workers are another process, and which may send to no private address. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../src/store/embedded/free-port.ts";
import { createStoreDatabase, type TestDatabase } from "./support/database.ts";
import { type SystoleProcess, startSystoleProcess } from "./support/process.ts";
import { waitFor } from "./support/wait.ts";

let directory: string;
let database: TestDatabase;
let port: number;
const running: SystoleProcess[] = [];

const adminToken = "an-admin-token-of-this-test";

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-receivers-"));
  database = await createStoreDatabase();
  port = await freePort();
  for (const role of ["api", "worker"]) {
    running.push(
      await startSystoleProcess({
        DATABASE_URL: database.connectionString,
        SYSTOLE_DATA_DIR: directory,
        SYSTOLE_PORT: String(port),
        SYSTOLE_ROLES: role,
        SYSTOLE_ADMIN_TOKEN: adminToken,
        SYSTOLE_LOG_LEVEL: "warn",
      }),
    );
  }
});
afterAll(async () => {
  for (const one of running) await one.stop();
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

async function admin(method: string, where: string, json?: unknown) {
  const headers = { authorization: `Bearer ${adminToken}`, "content-type": "application/json" };
  const init = json === undefined ? { method, headers } : { method, headers, body: JSON.stringify(json) };
  const answer = await fetch(`http://127.0.0.1:${port}/admin/v1${where}`, init);
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

it("gets a delivery from the other process, though other private addresses are refused", async () => {
  const { status, body: receiver } = await admin("POST", "/receivers");
  expect(status).toBe(201);
  const example = { provider: "polar", type: "sleep" };
  const sent = await admin("POST", `/destinations/${receiver.destination_id}/test-event`, example);
  expect(sent.status).toBe(202);
  const request = await waitFor("the request", async () => {
    const { body } = await admin("GET", `/receivers/${receiver.id}/requests`);
    return body.data[0];
  });
  expect(request).toMatchObject({ signature: "verified", type: "sleep", reference_id: "systole-example" });
  const settings = { url: `http://127.0.0.1:${port}/readyz` };
  const refused = await admin("POST", "/destinations", { kind: "webhook", settings });
  expect([refused.status, refused.body.code]).toEqual([400, "DESTINATION_ADDRESS_PRIVATE"]);
});
