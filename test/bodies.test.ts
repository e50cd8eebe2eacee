/**
 * Each place of SYSTOLE_BODY_STORE, on its real server: it takes what a database has while the server answers, gets what
 * is new, and has nothing of a person who is erased.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runMoveBodies } from "../src/cli/move-bodies.ts";
import { addWebhook, connectPerson, type DemoPerson, newSandboxUser, syncWatch } from "../src/demo/person.ts";
import { type RunningSandbox, startSandbox } from "../src/sandbox/polar/standalone.ts";
import { startSystole } from "../src/systole.ts";
import { createLogger } from "../src/telemetry/log.ts";
import { bringUpMs, isUnavailable, type Unavailable } from "./servers/server.ts";
import { bodyPlaces, type OpenPlace } from "./support/body-places.ts";
import { createStoreDatabase, createTestDatabase, type TestDatabase } from "./support/database.ts";
import { daysAgo, exercise } from "./support/polar-bodies.ts";
import { query } from "./support/query.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";
import { settled, uploadQuietly } from "./support/sync.ts";
import { credentials, keyHeaders, polarEnvironment, systemConfig, waitForWebhook } from "./support/system.ts";

type Json = ReturnType<typeof JSON.parse>;

/** `<environment>/<user>/<sha256>-<id>.zst` */
const bodyKey = /^[0-9a-f-]{36}\/[0-9a-f-]{36}\/[0-9a-f]{64}-[0-9a-f-]{36}\.zst$/;
const adminHeaders = { authorization: `Bearer ${credentials.adminToken}` };

const opened = new AsyncDisposableStack();
let directory: string;
let sandbox: RunningSandbox;
let receiver: Receiver;
/** Has two people's data in its rows; each place gets a copy of it. */
let filled: TestDatabase;
let gone: DemoPerson;
let staying: DemoPerson;
/** Has no data yet. */
let later: DemoPerson;
/** What was read of the one who stays, while it was in the database. */
let samples: string;

/** A Systole on a database, with a place for bodies. */
interface Hub extends AsyncDisposable {
  readonly url: string;
  /** Asks for what is due. */
  reconcile(): Promise<void>;
}

async function startHub(databaseUrl: string, settings: Readonly<Record<string, string>>): Promise<Hub> {
  const config = await systemConfig(databaseUrl, directory, settings);
  const systole = await startSystole(config, createLogger("silent"), polarEnvironment(sandbox));
  return {
    url: systole.publicUrl,
    reconcile: () => systole.reconcile(),
    [Symbol.asyncDispose]: () => systole.close(),
  };
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-bodies-moved-"));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  sandbox = await startSandbox({ port: 0 });
  opened.defer(() => sandbox.close());
  receiver = await startReceiver();
  opened.defer(() => receiver.close());
  filled = await createStoreDatabase();
  opened.defer(() => filled.drop());
  await using hub = await startHub(filled.connectionString, { SYSTOLE_BODY_STORE: "postgres" });
  await waitForWebhook(sandbox);
  const server = { url: hub.url, sandboxUrl: sandbox.url, ...credentials };
  await addWebhook(server, receiver.url);
  const connect = async (reference: string): Promise<DemoPerson> => {
    const sandboxUserId = await newSandboxUser(server);
    await syncWatch(server, { sandboxUserId }, 2);
    return connectPerson(server, reference, sandboxUserId);
  };
  gone = await connect("gone");
  staying = await connect("staying");
  later = await connectPerson(server, "later");
  await settled({ query: (text, values = []) => query(filled.connectionString, text, values) });
  samples = await samplesOf(hub, staying);
});
afterAll(() => opened.disposeAsync());

/** Reads a person's workouts, nights and days with all samples. */
async function samplesOf({ url }: Hub, { userId }: DemoPerson): Promise<string> {
  const range = `user_id=${userId}&start_date=${daysAgo(10)}&end_date=${daysAgo(-2)}&with_samples=true`;
  const read = async (type: string): Promise<string> => {
    const answer = await fetch(`${url}/v2/${type}?${range}&to_webhook=false`, { headers: keyHeaders });
    const text = await answer.text();
    expect([answer.status, text.length > 2_000]).toEqual([200, true]);
    return text;
  };
  return (await Promise.all(["activity", "sleep", "daily"].map(read))).join("\n");
}

/** Runs `systole move-bodies`, which is broken off after a step if it `isBroken`. Returns its end and its words. */
async function move({ url }: Hub, isBroken: boolean) {
  const breaking = new AbortController();
  let said = "";
  const write = (text: string): void => {
    said += text;
    if (isBroken && text.includes(" moved (")) breaking.abort();
  };
  const env = { SYSTOLE: url, ADMIN_TOKEN: credentials.adminToken };
  const exitCode = await runMoveBodies([], { out: { write }, err: { write }, env, signal: breaking.signal });
  return { exitCode, said };
}

/** Reads a person again and again while `work` lasts. */
async function whileRead<Result>(hub: Hub, work: () => Promise<Result>): Promise<Result> {
  let isDone = false;
  const reading = (async () => {
    do expect(await samplesOf(hub, staying)).toBe(samples);
    while (!isDone);
  })();
  const result = await work().finally(() => {
    isDone = true;
  });
  await reading;
  return result;
}

/** Returns the receipt. */
async function erase({ url }: Hub, { userId }: DemoPerson): Promise<Json> {
  const answer = await fetch(`${url}/admin/v1/users/${userId}`, { method: "DELETE", headers: adminHeaders });
  expect(answer.status).toBe(200);
  return answer.json();
}

describe.each(Object.entries(bodyPlaces))("%s", (_, openPlace) => {
  const used = new AsyncDisposableStack();
  let place: OpenPlace | Unavailable;
  let databaseUrl: string;
  let hub: Hub;
  beforeAll(async () => {
    place = await openPlace();
    if (isUnavailable(place)) return;
    used.defer(place.close);
    const name = new URL(filled.connectionString).pathname.slice(1);
    const copy = await createTestDatabase(name, filled.connectionString.replace(name, "postgres"));
    used.defer(() => copy.drop());
    databaseUrl = copy.connectionString;
    hub = used.use(await startHub(databaseUrl, place.settings));
  }, bringUpMs);
  afterAll(() => used.disposeAsync());

  const check = (name: string, run: (place: OpenPlace) => Promise<void>): void =>
    it(name, ({ skip }) => (isUnavailable(place) ? skip(place.reason) : run(place)));
  const keysOf = async (place: OpenPlace, { userId }: DemoPerson): Promise<string[]> =>
    (await place.keys()).filter((key) => key.split("/")[1] === userId).sort();

  check(
    "takes the bodies of the database while they are read, also when the move was broken off",
    async (place) => {
      expect(await whileRead(hub, () => move(hub, true))).toEqual({
        exitCode: 130,
        said: expect.stringContaining("run it again"),
      });
      const first = (await place.keys()).length;
      expect(first).toBeGreaterThan(0);
      expect(await whileRead(hub, () => move(hub, false))).toEqual({
        exitCode: 0,
        said: expect.stringMatching(/[1-9]\d* bodies .* were moved/),
      });
      expect((await move(hub, false)).said).toMatch(/^0 bodies \(0.0 MB\) are in the database/);
      const keys = await place.keys();
      expect(keys.length).toBeGreaterThan(first);
      for (const key of keys) expect(key).toMatch(bodyKey);
      expect(await samplesOf(hub, staying)).toBe(samples);
    },
  );

  check("gets the bodies of what is new", async (place) => {
    expect(await keysOf(place, later)).toEqual([]);
    const beats = Array.from({ length: 20_000 }, (_none, second) => 60 + ((second * second) % 97));
    const long = exercise("long", { samples: [{ recording_rate: 1, sample_type: 0, data: beats.join() }] });
    const control = (method: string, where: string, body?: unknown): Promise<Response> =>
      fetch(sandbox.url + where, { method, body: JSON.stringify(body) });
    await uploadQuietly({ control }, later, "exercises", long);
    // Of this person alone: the sandbox does not know any more who was erased with the place before.
    await query(
      databaseUrl,
      "UPDATE coverage SET next_reconcile_at = now() WHERE resource = 'exercise' AND user_id = $1",
      [later.userId],
    );
    await hub.reconcile();
    // What the provider sent, and the record.
    await expect.poll(async () => (await keysOf(place, later)).length).toBeGreaterThanOrEqual(2);
  });

  check("has nothing of a person who is erased, and all of the others", async (place) => {
    await settled({ query: (text, values = []) => query(databaseUrl, text, values) });
    const ofOthers = [...(await keysOf(place, staying)), ...(await keysOf(place, later))].sort();
    const count = (await keysOf(place, gone)).length;
    expect(count).toBeGreaterThan(0);
    expect((await erase(hub, gone)).deleted.stored_bodies).toBe(count);
    expect((await place.keys()).sort()).toEqual(ofOthers);
    expect(await samplesOf(hub, staying)).toBe(samples);
  });
});
