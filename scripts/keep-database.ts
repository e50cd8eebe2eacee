/**
 * `npm run keep-database -- VERSION`: makes the database of this version for the test of upgrades, with data and with
 * work under way, in `test/upgrades/VERSION`. The version's own process does the work, and is killed in the middle of it.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import pg from "pg";
import {
  addWebhook,
  call,
  connectPerson,
  type DemoPerson,
  type DemoServer,
  json,
} from "../src/demo/person.ts";
import { startSandbox } from "../src/sandbox/polar/standalone.ts";
import { freePort } from "../src/store/embedded/free-port.ts";
import { runAs, runCommand } from "../src/store/embedded/run-as.ts";
import {
  activityDay,
  daysAgo,
  exercise,
  heartRateDay,
  night,
  recharge,
} from "../test/support/polar-bodies.ts";
import { startPostgres15 } from "../test/support/postgres15.ts";
import { startSystoleProcess } from "../test/support/process.ts";
import { startReceiver, status } from "../test/support/receiver.ts";
import { credentials, eventsOf, polarEnvironment, waitForWebhook } from "../test/support/system.ts";
import { waitFor } from "../test/support/wait.ts";
import { databaseFile, type Scene, sceneFile } from "../test/upgrades/kept.ts";

const dumpProgram = "/usr/lib/postgresql/15/bin/pg_dump";
/** Days of data, so that the renormalisation has something left when it is broken off. */
const days = 8;

export async function keepDatabase(version: string, target: string): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const scratch = mkdtempSync(path.join(os.tmpdir(), "systole-keep-"));
  opened.defer(() => rmSync(scratch, { recursive: true, force: true }));
  // The oldest PostgreSQL that is promised: its dump can be read by all later ones.
  const server = await startPostgres15(path.join(scratch, "postgres"));
  if ("reason" in server) throw new Error(server.reason);
  opened.defer(() => server.stop());
  const databaseUrl = await createDatabase(server.connectionString);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const query = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> =>
    (await pool.query<Row>(text)).rows;

  const sandbox = await startSandbox({ port: 0 });
  opened.defer(() => sandbox.close());
  const receiver = await startReceiver();
  opened.defer(() => receiver.close());
  const secretKey = randomBytes(32).toString("base64");
  const url = `http://127.0.0.1:${await freePort()}`;
  const systole = await startSystoleProcess({
    DATABASE_URL: databaseUrl,
    SYSTOLE_DATA_DIR: path.join(scratch, "data"),
    SYSTOLE_SECRET_KEY: secretKey,
    SYSTOLE_PORT: new URL(url).port,
    SYSTOLE_PUBLIC_URL: url,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
    ...polarEnvironment(sandbox),
  });
  opened.defer(() => systole.kill());
  const scene = { server: { url, sandboxUrl: sandbox.url, ...credentials }, query };

  await waitForWebhook(sandbox);
  await addWebhook(scene.server, receiver.url);
  const person = await connectPerson(scene.server, "kept");
  await uploadDays(scene.server, person);
  await settled(query);
  const delivered = eventsOf(receiver).map(({ headers }) => String(headers["webhook-id"]));

  receiver.answer(status(503));
  await upload(scene.server, person, "activities", activityDay(daysAgo(0)));
  await waitFor("a refused delivery", async () => isOne(query, "deliveries WHERE state = 'pending'"));
  // Replayed deliveries are parked, and woken one at a time while the receiver fails.
  await admin(scene.server, "/events/replay", { event_ids: delivered.slice(0, 5) });
  await call(`${sandbox.url}/_sandbox/faults`, json("POST", { kind: "outage", path: "/v3/exercises" }));
  const openExercises = { open1: exercise("open1"), open2: exercise("open2") };
  for (const body of Object.values(openExercises)) await upload(scene.server, person, "exercises", body);
  await waitFor("tasks that wait", async () => {
    const [row] = await query<{ open: number }>(`SELECT count(*)::int AS open ${openTasks}`);
    return row?.open === 2;
  });
  const { id: renormalizationId } = await admin<{ id: string }>(scene.server, "/renormalizations", {
    all: true,
    send_events: true,
    records_per_second: 10,
  });
  await waitFor("the renormalisation to begin", () =>
    isOne(query, `renormalizations WHERE (counts ->> 'records')::int > 0`),
  );
  await systole.kill();

  const facts: Scene = {
    version,
    keptAt: new Date().toISOString(),
    secretKey,
    userId: person.userId,
    destinationId:
      (await query<{ id: string }>("SELECT destination_id AS id FROM destinations"))[0]?.id ?? "",
    renormalizationId,
    openExercises,
    delivered,
    waiting: (
      await query<{ id: string }>(
        "SELECT DISTINCT event_id::text AS id FROM deliveries WHERE state = 'pending' ORDER BY 1",
      )
    ).map(({ id }) => id),
    records: Object.fromEntries(
      (
        await query<{ type: string; count: number }>(
          "SELECT type, count(*)::int AS count FROM records GROUP BY type ORDER BY type",
        )
      ).map(({ type, count }) => [type, count]),
    ),
  };
  await pool.end();
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, databaseFile), gzipSync(await dump(databaseUrl), { level: 9 }));
  writeFileSync(path.join(target, sceneFile), `${JSON.stringify(facts, null, 2)}\n`);
}

const openTasks = "FROM fetch_tasks WHERE state = 'accepted' AND kind = 'announced' AND attempts > 0";

async function createDatabase(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("CREATE DATABASE systole");
  await client.end();
  const url = new URL(connectionString);
  url.pathname = "/systole";
  return url.href;
}

async function uploadDays(server: DemoServer, person: DemoPerson): Promise<void> {
  for (let day = 1; day <= days; day++) {
    await upload(server, person, "activities", activityDay(daysAgo(day)));
  }
  await upload(server, person, "nightly-recharge", recharge(daysAgo(1)));
  await upload(server, person, "sleep", night(daysAgo(1), daysAgo(2)));
  await upload(server, person, "continuous-heart-rate", heartRateDay(daysAgo(2), [["08:00:00", 61]]));
  await upload(server, person, "exercises", exercise("done1"));
}

const upload = async (
  server: DemoServer,
  person: DemoPerson,
  resource: string,
  body: unknown,
): Promise<void> => {
  const where = `${server.sandboxUrl}/_sandbox/users/${person.sandboxUserId}/${resource}`;
  const response = await fetch(where, json("PUT", body));
  if (!response.ok) throw new Error(`PUT ${where}: ${response.status} ${await response.text()}`);
};

const admin = <Answer>(server: DemoServer, where: string, body: unknown): Promise<Answer> =>
  call<Answer>(
    `${server.url}/admin/v1${where}`,
    json("POST", body, { authorization: `Bearer ${server.adminToken}` }),
  );

type Query = <Row extends pg.QueryResultRow>(text: string) => Promise<Row[]>;

const isOne = async (query: Query, from: string): Promise<boolean> =>
  (await query(`SELECT FROM ${from} LIMIT 1`)).length === 1;

const settled = (query: Query): Promise<unknown> =>
  waitFor("all to be delivered", async () => {
    const [row] = await query<{ open: number; records: number }>(
      `SELECT (SELECT count(*) FROM fetch_tasks WHERE state = 'accepted' AND kind <> 'second-look')::int
         + (SELECT count(*) FROM deliveries WHERE state = 'pending')::int AS open,
         (SELECT count(*) FROM records)::int AS records`,
    );
    return row?.open === 0 && row.records >= days + 2;
  });

/** Returns statements that any client can run: pg_dump's commands of psql are left out. */
async function dump(connectionString: string): Promise<string> {
  const { exitCode, output } = await runCommand(runAs(os.tmpdir()), dumpProgram, [
    ...["--inserts", "--no-owner", "--no-privileges", "--no-comments"],
    `--dbname=${connectionString}`,
  ]);
  if (exitCode !== 0) throw new Error(`pg_dump failed: ${output}`);
  return output.replaceAll(/^\\(un)?restrict .*$/gm, "");
}

if (process.argv[1] === import.meta.filename) {
  const [version = ""] = process.argv.slice(2);
  const target = path.resolve(import.meta.dirname, "../test/upgrades", version);
  await keepDatabase(version, target);
  process.stdout.write(`${target}\n`);
}
