/** `kill -9` in the middle of a person's older data: it goes on from there, to its end. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { expect, it } from "vitest";
import { newSandboxUser } from "../../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../../src/sandbox/polar/standalone.ts";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { createStoreDatabase } from "../support/database.ts";
import { endLeases } from "../support/leases.ts";
import { daysAgo } from "../support/polar-bodies.ts";
import { askedOf, connectV4, nightInV4, put, recordsOf, turn, wholeOf } from "../support/polar-v4.ts";
import { startSystoleProcess } from "../support/process.ts";
import { hurrySpread } from "../support/spread-tasks.ts";
import { credentials, polarEnvironment, waitForWebhook } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

/** Each within three windows of the one before, and one behind the end. */
const [newest, middle, oldest, beyond] = [5, 75, 150, 300];

/** What the helpers need of a system, with Systole as a process of its own. */
async function setScene(stack: AsyncDisposableStack) {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-history-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  stack.defer(() => database.drop());
  const sandbox = await startSandbox({ port: 0 });
  stack.defer(() => sandbox.close());
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  stack.defer(() => pool.end());
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = {
    DATABASE_URL: database.connectionString,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_PORT: new URL(url).port,
    SYSTOLE_PUBLIC_URL: url,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
    ...polarEnvironment(sandbox),
  };
  const system = {
    server: { url, sandboxUrl: sandbox.url, ...credentials },
    control: controlOf(sandbox),
    query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await pool.query<Row>(text, values)).rows,
  };
  return { env, sandbox, system };
}

const controlOf = (sandbox: RunningSandbox) => (method: string, where: string, body?: unknown) =>
  fetch(sandbox.url + where, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });

const pathOf = (day: number): string =>
  `/v4/data/sleeps?from=${daysAgo(day)}&to=${daysAgo(day - 1)}&features`;

it("goes on after a kill, over a gap and to its end, with every night once", async () => {
  await using stack = new AsyncDisposableStack();
  const { env, sandbox, system } = await setScene(stack);
  const first = await startSystoleProcess(env);
  stack.defer(() => first.kill());
  await waitForWebhook(sandbox);

  const sandboxUserId = await newSandboxUser(system.server);
  const nights = [newest, middle, oldest, beyond].map((day) => nightInV4(daysAgo(day)));
  await put(system, sandboxUserId, "v4-sleeps", nights);
  await turn(system, { v3_accepts_v4_token: "never", v3_registers_v4_token: false });
  // Both nights are named by their windows' lists, and not answered.
  const [night, oldestNight] = [pathOf(middle), pathOf(oldest)];
  for (const path of [night, oldestNight])
    await system.control("POST", "/_sandbox/faults", { kind: "slow", milliseconds: 600_000, path });
  const person = await connectV4(system, sandboxUserId, "sleep:read");
  await waitFor("the night in the middle to be asked for", async () => {
    await hurrySpread(system, person);
    return (await askedOf(system, person)).some(
      ({ path, status }) => path.startsWith(night) && status === null,
    );
  });
  await first.kill();
  const kept = [...(await recordsOf(system, person, "sleep")).keys()];
  expect(kept.filter((date) => date <= daysAgo(middle))).toEqual([]);
  await system.control("DELETE", "/_sandbox/faults");
  await endLeases(system.query);

  const second = await startSystoleProcess(env);
  stack.defer(() => second.kill());
  await waitFor("the oldest night", async () => {
    await hurrySpread(system, person);
    return (await recordsOf(system, person, "sleep")).has(daysAgo(oldest));
  });
  await wholeOf(system, person);
  const records = await recordsOf(system, person, "sleep");
  expect([...records.keys()].sort().reverse()).toEqual([newest, middle, oldest].map(daysAgo));
  for (const { revision } of records.values()) expect(revision).toBe(1);
  const [{ from } = { from: "" }] = await system.query<{ from: string }>(
    `SELECT lower(days)::text AS "from" FROM coverage WHERE user_id = $1 AND resource = 'v4-sleep'`,
    [person.userId],
  );
  const [{ found } = { found: "" }] = await system.query<{ found: string }>(
    "SELECT (oldest_found - 84)::text AS found FROM coverage WHERE user_id = $1 AND resource = 'v4-sleep'",
    [person.userId],
  );
  expect(from).toBe(found);
  expect(await second.stop(), second.output()).toBe(0);
});
