/** Systole was down for a week; everything that the provider still has of it is fetched, and nothing twice. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addWebhook, connectPerson, type DemoPerson, type DemoServer } from "../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../src/sandbox/polar/standalone.ts";
import { type Systole, startSystole } from "../src/systole.ts";
import { createLogger } from "../src/telemetry/log.ts";
import { createStoreDatabase } from "./support/database.ts";
import { activityDay, daysAgo, exercise, heartRateDay, night, recharge } from "./support/polar-bodies.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";
import { settled, uploadQuietly } from "./support/sync.ts";
import { credentials, eventsOf, polarEnvironment, systemConfig, waitForWebhook } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

const opened = new AsyncDisposableStack();
const weekMs = 7 * 24 * 3_600_000;

let sandbox: RunningSandbox;
let receiver: Receiver;
let start: () => Promise<Systole>;
let pool: pg.Pool;

beforeAll(async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-downtime-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  opened.defer(() => database.drop());
  sandbox = await startSandbox({ port: 0, now: new Date(Date.now() - weekMs) });
  opened.defer(() => sandbox.close());
  receiver = await startReceiver();
  opened.defer(() => receiver.close());
  pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  pool.on("error", () => {});
  opened.defer(() => pool.end());
  const config = await systemConfig(database.connectionString, directory);
  start = () => startSystole(config, createLogger("silent"), polarEnvironment(sandbox));
});
afterAll(() => opened.disposeAsync());

const control = (method: string, where: string, body?: unknown): Promise<Response> =>
  fetch(sandbox.url + where, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });

const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await pool.query<Row>(text, values)).rows;

/** Restores the state of a week ago: later requests are forgotten, and resources due then are due. */
const aWeekPasses = async (): Promise<void> => {
  await query(
    `UPDATE coverage SET asked_until = asked_until - interval '7 days',
       next_reconcile_at = next_reconcile_at - interval '7 days',
       days = days - datemultirange(daterange(current_date - 7, NULL))`,
  );
  await control("PUT", "/_sandbox/clock", { now: new Date().toISOString() });
};

async function connectAndStop(): Promise<DemoPerson> {
  const systole = await start();
  try {
    const server: DemoServer = { url: systole.publicUrl, sandboxUrl: sandbox.url, ...credentials };
    await addWebhook(server, receiver.url);
    await waitForWebhook(sandbox);
    const person = await connectPerson(server, "away");
    await settled({ query });
    return person;
  } finally {
    await systole.close();
  }
}

it("loses nothing that the provider still has", async () => {
  const person = await connectAndStop();
  await aWeekPasses();
  const upload = (resource: string, body: unknown) => uploadQuietly({ control }, person, resource, body);
  await upload("exercises", exercise("away1"));
  await upload("sleep", night(daysAgo(5), daysAgo(6)));
  await upload("nightly-recharge", recharge(daysAgo(5)));
  await upload("activities", [activityDay(daysAgo(6)), activityDay(daysAgo(1))]);
  await upload("continuous-heart-rate", heartRateDay(daysAgo(6), [["08:00:00", 61]]));

  // The former version did not know bodies' temperatures: the next one requests them too.
  await query("DELETE FROM coverage WHERE resource = 'body-temperature'");
  const systole = await start();
  opened.defer(() => systole.close());
  const events = (type: string) => eventsOf(receiver).filter(({ body }) => body.type === type);
  const days = () => new Set(events("daily").map(({ raw }) => /"start_time":"([\d-]{10})/.exec(raw)?.[1]));
  await waitFor("everything of the week", () => {
    return events("activity").length > 0 && events("sleep").length > 0 && days().size === 2;
  });
  await settled({ query });
  const gaps = await query<{ resource: string; gaps_found: number }>(
    // Polar has a cardio load for every day, also a day without any.
    "SELECT resource, gaps_found FROM coverage WHERE gaps_found > 0 AND resource <> 'cardio-load' ORDER BY 1",
  );
  expect(gaps).toEqual([
    { resource: "activity", gaps_found: 2 },
    { resource: "continuous-heart-rate", gaps_found: 1 },
    { resource: "exercise", gaps_found: 1 },
    { resource: "nightly-recharge", gaps_found: 1 },
    { resource: "sleep", gaps_found: 1 },
  ]);
  expect(await query("SELECT 1 FROM coverage WHERE resource = 'body-temperature'")).toHaveLength(1);
  const [day] = await query<{ count: number }>(
    "SELECT count(*)::int FROM records WHERE type = 'daily' AND start_date = $1",
    [daysAgo(6)],
  );
  expect(day?.count).toBe(1);
});
