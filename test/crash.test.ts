/**
 * `kill -9` between any two steps of the pipeline. Each case lets a real process run up to one step, where a
 * lock in the database, a slow provider or a silent receiver holds it; kills it there; releases the hold;
 * starts it again; and waits until everything that was acknowledged is delivered.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { addWebhook, connectPerson, type DemoPerson, type DemoServer } from "../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../src/sandbox/polar/standalone.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { createStoreDatabase } from "./support/database.ts";
import { exercise } from "./support/polar-bodies.ts";
import { startSystoleProcess } from "./support/process.ts";
import { hang, type Receiver, startReceiver, status } from "./support/receiver.ts";
import { hurrySpread } from "./support/spread-tasks.ts";
import { credentials, eventsOf, polarEnvironment, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

interface Scene {
  readonly sandbox: RunningSandbox;
  readonly receiver: Receiver;
  readonly databaseUrl: string;
  readonly env: Record<string, string>;
  readonly server: DemoServer;
}

async function control(scene: Scene, method: string, where: string, body: unknown): Promise<void> {
  const response = await fetch(scene.sandbox.url + where, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBeLessThan(300);
}

const upload = (scene: Scene, person: DemoPerson, id: string): Promise<void> =>
  control(scene, "PUT", `/_sandbox/users/${person.sandboxUserId}/exercises`, exercise(id));

const activityEvents = (scene: Scene, id: string) =>
  eventsOf(scene.receiver).filter(
    ({ body }) => body.type === "activity" && JSON.stringify(body.data).includes(`"summary_id":"${id}"`),
  );

/** Holds a pipeline at one step until it is released. `reached` resolves when the pipeline waits there. */
interface HoldUp {
  readonly name: string;
  hold(scene: Scene): Promise<{ reached(): Promise<unknown>; letGo(): Promise<void> }>;
}

/** Holds every writer to a table; the wait is visible in the server's own activity. */
const table = (name: string, step: string): HoldUp => ({
  name: step,
  async hold({ databaseUrl }) {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query("BEGIN");
    await client.query(`LOCK TABLE ${name} IN SHARE MODE`);
    const watcher = new pg.Client({ connectionString: databaseUrl });
    await watcher.connect();
    return {
      reached: () =>
        waitFor(`somebody to wait for ${name}`, async () => {
          const { rows } = await watcher.query(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass::oid",
            [name],
          );
          return rows.length > 0;
        }),
      async letGo() {
        await client.query("ROLLBACK");
        await Promise.all([client.end(), watcher.end()]);
      },
    };
  },
});

const slowProvider: HoldUp = {
  name: "while the provider is asked",
  async hold(scene) {
    await control(scene, "POST", "/_sandbox/faults", {
      kind: "slow",
      milliseconds: 20_000,
      path: "/v3/exercises",
    });
    return {
      reached: () =>
        waitFor("the request to Polar", async () => {
          const log = await fetch(`${scene.sandbox.url}/_sandbox/requests`);
          const { requests } = (await log.json()) as { requests: { path: string; status: number | null }[] };
          return requests.some(({ path, status }) => path.startsWith("/v3/exercises") && status === null);
        }),
      letGo: () => control(scene, "DELETE", "/_sandbox/faults", {}),
    };
  },
};

const silentReceiver: HoldUp = {
  name: "while the receiver is silent",
  async hold(scene) {
    const before = scene.receiver.requests.length;
    scene.receiver.answer(hang);
    return {
      reached: () => waitFor("the delivery", () => scene.receiver.requests.length > before),
      letGo: async () => scene.receiver.answer(status(200)),
    };
  },
};

async function query(scene: Scene, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: scene.databaseUrl });
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}

async function setScene(stack: AsyncDisposableStack): Promise<Scene> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-crash-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  stack.defer(() => database.drop());
  const sandbox = await startSandbox({ port: 0 });
  stack.defer(() => sandbox.close());
  const receiver = await startReceiver();
  stack.defer(() => receiver.close());
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = {
    DATABASE_URL: database.connectionString,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_PORT: new URL(url).port,
    SYSTOLE_PUBLIC_URL: url,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
    SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
    ...polarEnvironment(sandbox),
  };
  const server = { url, sandboxUrl: sandbox.url, ...credentials };
  return { sandbox, receiver, databaseUrl: database.connectionString, env, server };
}

const steps: HoldUp[] = [
  slowProvider,
  table("raw_payloads", "before the raw payload is kept"),
  table("raw_parts", "between raw payload and parts"),
  table("records", "before the record is written"),
  table("events", "between record and event"),
  table("deliveries", "between event and deliveries"),
  silentReceiver,
  table("attempts", "between delivery and its attempt's row"),
];

describe.concurrent("kill -9", () => {
  it.each(steps)("$name loses nothing", async (step) => {
    await using stack = new AsyncDisposableStack();
    const scene = await setScene(stack);
    const first = await startSystoleProcess(scene.env);
    stack.defer(() => first.kill());
    await waitForWebhook(scene.sandbox);
    await addWebhook(scene.server, scene.receiver.url);
    const person = await connectPerson(scene.server, "crash");
    await waitFor("the first data", () => eventsOf(scene.receiver).some(({ body }) => body.type === "auth"));
    await settled(scene);

    const held = await step.hold(scene);
    await upload(scene, person, "killed1");
    await held.reached();
    await first.kill();
    await held.letGo();
    const second = await startSystoleProcess(scene.env);
    stack.defer(() => second.kill());
    await waitFor("the event", () => activityEvents(scene, "killed1").length > 0);
    await settled(scene);

    const ids = new Set(activityEvents(scene, "killed1").map(({ headers }) => headers["webhook-id"]));
    expect(ids.size, "every repetition has the same id").toBe(1);
    const { rows } = await query(
      scene,
      "SELECT revision, (SELECT count(*)::int FROM raw_payloads WHERE resource = 'exercise' AND resource_key = 'killed1') AS kept FROM records WHERE natural_key = 'killed1'",
    );
    expect(rows).toEqual([{ revision: 1, kept: 1 }]);
    expect(await second.stop(), second.output()).toBe(0);
  });
});

/** Resolves when nothing is under way any more, except later looks at what another API may have of the same day. */
const settled = (scene: Scene): Promise<unknown> =>
  waitFor("everything to settle", async () => {
    await hurrySpread({ query: async (text, values) => (await query(scene, text, values)).rows });
    const { rows } = await query(
      scene,
      `SELECT (SELECT count(*) FROM fetch_tasks WHERE state = 'accepted' AND kind <> 'second-look')
              + (SELECT count(*) FROM deliveries WHERE state = 'pending') AS open`,
    );
    return rows[0].open === "0";
  });
