import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent, startTestDelivery } from "../../test/support/delivery.ts";
import { hang, type Receiver, startReceiver, status, waitFor } from "../../test/support/receiver.ts";
import { KeyRing } from "../security/key-ring.ts";

let test: TestStore;
let receiver: Receiver;
beforeAll(async () => {
  test = await startTestStore();
  receiver = await startReceiver(hang);
});
afterAll(async () => {
  await receiver.close();
  await test.close();
});

/** Each delivery of the environment is in flight, and due again later in case its process dies. */
const leased = (environmentId: string) => async (): Promise<boolean> => {
  const { rows } = await sql`SELECT FROM due_deliveries WHERE taken_by IS NULL
    AND environment_id = ${environmentId} AND due_at > now()`.execute(test.store.db);
  return rows.length === 2;
};

// The two states of a killed process's delivery: just taken (killed at once), or left under a lease.
it.each([
  ["at once", false],
  ["once it held leases", true],
])("the deliveries of a worker killed %s are made by another, with the same ids", async (_, isLeased) => {
  const key = randomBytes(32);
  const store = { ...test.store, keyRing: new KeyRing(key) };
  const { environmentId } = await createEnvironment(store);
  receiver.answer(hang);
  const before = receiver.requests.length;
  await createWebhook(store, environmentId, receiver.url);
  const ids = await emit(store, [newEvent(environmentId), newEvent(environmentId)]);
  const fixture = path.join(import.meta.dirname, "killed-worker.fixture.ts");
  const child = spawn(process.execPath, [fixture, test.connectionString, key.toString("base64")], {
    stdio: "ignore",
  });
  await receiver.received(before + 2);
  if (isLeased) await waitFor(leased(environmentId));
  child.kill("SIGKILL");
  receiver.answer(status(200));
  const worker = await startTestDelivery(store);
  const rows = () => listDeliveries(store.db, environmentId, {}, { limit: 10 });
  await waitFor(async () => (await rows()).every((row) => row.state === "delivered"));
  const sent = receiver.requests.slice(before).map(({ headers }) => String(headers["webhook-id"]));
  expect([...sent].sort()).toEqual([...ids, ...ids].sort());
  await worker.stop();
});
