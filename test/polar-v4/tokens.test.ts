/** Tokens of Polar's v4: renewed when they end, once over all processes, and never lost without a word. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addWebhook, connectPerson, type DemoServer } from "../../src/demo/person.ts";
import { accesslink, dynamic } from "../../src/providers/polar/names.ts";
import { type RunningSandbox, startSandbox } from "../../src/sandbox/polar/standalone.ts";
import { freePort } from "../../src/store/embedded/free-port.ts";
import { eventsOfUser, type Json, newSandboxUser } from "../support/consent.ts";
import { createStoreDatabase } from "../support/database.ts";
import { endLeases } from "../support/leases.ts";
import {
  askAgain,
  asUsual,
  callsTo,
  connected,
  fault,
  isQuiet,
  onlySleep,
  openOf,
  refuseV3,
  rowOf,
  shareAsWell,
  turn,
} from "../support/polar-consent.ts";
import { type SystoleProcess, startSystoleProcess } from "../support/process.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { hurrySpread } from "../support/spread-tasks.ts";
import {
  credentials,
  eventsOf,
  polarEnvironment,
  type System,
  startSystem,
  waitForWebhook,
} from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

describe("one process", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
    await onlySleep(system);
  });
  afterAll(() => system.close());
  afterEach(() => asUsual(system));

  const exchanges = async () => (await callsTo(system, "POST", "/oauth/token")).length;
  const quiet = (userId: string) => waitFor("the person's data", () => isQuiet(system, userId));
  const generate = (person: string, apis: string) =>
    system.control("POST", `/_sandbox/users/${person}/generate`, { days: 2, apis });

  /** Connects a person with v4 alone, whose tokens were all exchanged or renewed since. */
  async function withV4(): Promise<{ person: string; userId: string; page: string }> {
    await refuseV3(system);
    const person = await newSandboxUser(system);
    await system.control("DELETE", "/_sandbox/requests");
    const { userId, page } = await connected(system, person);
    await quiet(userId);
    return { person, userId, page };
  }

  /** The types and reasons of what the developer was told of the person's permission. */
  const told = (userId: string) =>
    ["access_revoked", "connection_error"].flatMap((type) =>
      eventsOfUser(system, type, userId).map(({ body }) => [type, body.reason]),
    );
  const toldOf = async (userId: string) =>
    waitFor("an event", () => {
      const all = told(userId);
      return all.length > 0 && all;
    });

  it.each([3599, 43_199])("a token of %i seconds is used for all of its life", async (seconds) => {
    await turn(system, { expires_in: seconds });
    const { userId } = await withV4();
    await askAgain(system, userId);
    await quiet(userId);
    expect(await exchanges()).toBe(1);
    expect(told(userId)).toEqual([]);
  });

  it("a token that lives a second is renewed before each use, and nothing is lost", async () => {
    await turn(system, { expires_in: 1 });
    await refuseV3(system);
    const person = await newSandboxUser(system);
    await generate(person, "v4");
    const { userId } = await connected(system, person);
    await waitFor("a renewal", async () => (await exchanges()) > 2);
    await turn(system, { expires_in: 3599 });
    await quiet(userId);
    const [row] = await system.query<Json>("SELECT count(*)::int AS kept FROM records WHERE user_id = $1", [
      userId,
    ]);
    expect(row.kept).toBeGreaterThan(0);
    expect(told(userId)).toEqual([]);
  });

  it.each(["absent", "text", "zero", "negative", "huge"])(
    "where the reply says of the life: %s, a refused token is renewed once",
    async (expires_in_reply) => {
      await turn(system, { expires_in_reply });
      const { person, userId } = await withV4();
      expect(await exchanges()).toBe(1);
      await fault(system, { kind: "expire", user_id: person });
      await askAgain(system, userId);
      await quiet(userId);
      expect(await exchanges()).toBe(2);
      expect(told(userId)).toEqual([]);
    },
  );

  it.each(["always", "sometimes", "never", "repeated"])(
    "goes on where the refresh token changes: %s",
    async (refresh_rotation) => {
      await turn(system, { refresh_rotation });
      const { person, userId } = await withV4();
      for (const renewals of [1, 2, 3]) {
        await fault(system, { kind: "expire", user_id: person });
        await askAgain(system, userId);
        await quiet(userId);
        expect(await exchanges()).toBe(1 + renewals);
      }
      expect(told(userId)).toEqual([]);
    },
  );

  it("a permission that is taken back at v4 is access_revoked, and may be given again", async () => {
    const { person, userId } = await withV4();
    await fault(system, { kind: "revoke", user_id: person, api: "v4" });
    await askAgain(system, userId);
    expect(await toldOf(userId)).toEqual([["access_revoked", undefined]]);
    expect(await rowOf(system, userId)).toMatchObject({ state: "revoked", consents: [dynamic] });
    const { reference_id: reference } = await rowOf(system, userId);
    const again = await connected(system, person, { reference });
    expect(again.page).toContain("You are connected");
    expect(await openOf(system, again.userId)).toEqual({ [accesslink]: null, [dynamic]: dynamic });
    await quiet(again.userId);
    expect(told(again.userId)).toEqual([]);
  });

  it("an expired token whose renewal is refused is connection_error", async () => {
    await turn(system, { expires_in: 30 });
    const { person, userId } = await withV4();
    await fault(system, { kind: "revoke", user_id: person, api: "v4" });
    await askAgain(system, userId);
    expect(await toldOf(userId)).toEqual([["connection_error", "renewal_refused"]]);
    expect((await rowOf(system, userId)).state).toBe("revoked");
  });

  it("both permissions taken back end one after the other", async () => {
    const { person, userId, page } = await withV4();
    await shareAsWell(system, page, accesslink, person);
    expect(await openOf(system, userId)).toEqual({ [accesslink]: accesslink, [dynamic]: dynamic });
    await quiet(userId);
    await fault(system, { kind: "revoke", user_id: person });
    await askAgain(system, userId);
    await waitFor("the end of both", () => told(userId).length > 1);
    expect(told(userId)).toEqual([
      ["access_revoked", undefined],
      ["connection_error", "part_ended"],
    ]);
    expect((await rowOf(system, userId)).state).toBe("revoked");
  });

  it("v3 taken back leaves v4, which still fetches; v3 is offered again", async () => {
    const { person, userId, page } = await withV4();
    await shareAsWell(system, page, accesslink, person);
    await quiet(userId);
    await fault(system, { kind: "revoke", user_id: person, api: "v3" });
    await askAgain(system, userId);
    expect(await toldOf(userId)).toEqual([["connection_error", "part_ended"]]);
    expect(await openOf(system, userId)).toEqual({ [accesslink]: null, [dynamic]: dynamic });
    await generate(person, "v4");
    await askAgain(system, userId);
    await waitFor("a night of v4", async () => {
      const rows = await system.query("SELECT FROM records WHERE user_id = $1 AND type = 'sleep'", [userId]);
      return rows.length > 0;
    });
    expect(told(userId)).toHaveLength(1);
  });
});

/** Two processes on one database, or one that is killed. */
interface Scene {
  readonly sandbox: RunningSandbox;
  readonly receiver: Receiver;
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly query: System["query"];
  readonly server: DemoServer;
  /** Starts a process; each has a port of its own. */
  start(): Promise<SystoleProcess>;
  control(method: string, where: string, body?: unknown): Promise<Response>;
  admin(method: string, where: string, body?: unknown): Promise<Response>;
  /** The renewals and exchanges at v4 that Polar answered. */
  exchanges(): Promise<number>;
}

async function setScene(stack: AsyncDisposableStack): Promise<Scene> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-tokens-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const database = await createStoreDatabase();
  stack.defer(() => database.drop());
  const sandbox = await startSandbox({ port: 0 });
  stack.defer(() => sandbox.close());
  const receiver = await startReceiver();
  stack.defer(() => receiver.close());
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 4 });
  pool.on("error", () => {});
  stack.defer(() => pool.end());
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = (port: string) => ({
    DATABASE_URL: database.connectionString,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_PORT: port,
    SYSTOLE_PUBLIC_URL: url,
    SYSTOLE_DEV_ID: credentials.devId,
    SYSTOLE_API_KEY: credentials.apiKey,
    SYSTOLE_ADMIN_TOKEN: credentials.adminToken,
    ...polarEnvironment(sandbox),
  });
  const authorization = `Bearer ${credentials.adminToken}`;
  const send = (method: string, to: string, body: unknown) =>
    fetch(to, {
      method,
      headers: { authorization, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const control: Scene["control"] = (method, where, body) => send(method, sandbox.url + where, body);
  const ports = [new URL(url).port];
  return {
    sandbox,
    receiver,
    databaseUrl: database.connectionString,
    pool,
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    server: { url, sandboxUrl: sandbox.url, ...credentials },
    control,
    admin: (method, where, body) => send(method, `${url}/admin/v1${where}`, body),
    async start() {
      const started = await startSystoleProcess(env(ports.pop() ?? String(await freePort())));
      stack.defer(() => started.kill());
      return started;
    },
    async exchanges() {
      const { requests } = (await (await control("GET", "/_sandbox/requests")).json()) as Json;
      return requests.filter(({ path: to, status }: Json) => to === "/oauth/token" && status === 200).length;
    },
  };
}

async function isSettled({ pool }: Scene): Promise<boolean> {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*) FROM fetch_tasks WHERE state = 'accepted' AND kind <> 'second-look')
            + (SELECT count(*) FROM deliveries WHERE state = 'pending') AS open`,
  );
  return rows[0].open === "0";
}
const settled = (scene: Scene) =>
  waitFor("everything to settle", async () => {
    await hurrySpread(scene);
    return isSettled(scene);
  });
const stateOf = async ({ pool }: Scene, userId: string): Promise<unknown> =>
  (await pool.query("SELECT state FROM connections WHERE user_id = $1", [userId])).rows[0]?.state;

/** The lock for which the write of a renewed token waits. */
const heldLock = 42_4242;

/** Holds the write of a renewed token: after Polar's answer, and before it is stored. */
async function holdRenewals({ pool, databaseUrl }: Scene) {
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query(`SELECT pg_advisory_lock(${heldLock})`);
  await pool.query(`
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(${heldLock}); RETURN NEW; END $$;
    CREATE TRIGGER hold BEFORE UPDATE OF grant_sealed ON connections FOR EACH ROW
      WHEN (OLD.grant_sealed IS DISTINCT FROM NEW.grant_sealed) EXECUTE FUNCTION hold()`);
  return {
    reached: () =>
      waitFor("a renewed token to be stored", async () => {
        const { rows } = await pool.query(
          "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
          [heldLock],
        );
        return rows.length > 0;
      }),
    async letGo() {
      await holder.end();
      await pool.query("DROP TRIGGER hold ON connections; DROP FUNCTION hold()");
    },
  };
}

describe("several processes", () => {
  it("renew a token once, when it ends and when it is refused, whatever both are doing", async () => {
    await using stack = new AsyncDisposableStack();
    const scene = await setScene(stack);
    await scene.start();
    await scene.start();
    await waitForWebhook(scene.sandbox);
    await addWebhook(scene.server, scene.receiver.url);
    await onlySleep(scene);
    // It ends in the middle of the first fetches: a token with less than a minute left is renewed.
    await scene.control("PUT", "/_sandbox/v4/switches", { expires_in: 61 });
    const { userId, sandboxUserId } = await connectPerson(scene.server, randomUUID());
    await scene.control("PUT", "/_sandbox/v4/switches", { expires_in: 3599 });
    await settled(scene);
    await scene.pool.query("UPDATE coverage SET next_reconcile_at = now()");
    await waitFor("the renewal", async () => (await scene.exchanges()) > 1);
    await settled(scene);
    expect(await scene.exchanges()).toBe(2);

    await scene.control("POST", "/_sandbox/faults", { kind: "expire", user_id: sandboxUserId });
    await scene.control("POST", `/_sandbox/users/${sandboxUserId}/generate`, { days: 4, apis: "both" });
    await waitFor("the second renewal", async () => (await scene.exchanges()) > 2);
    await settled(scene);
    expect(await scene.exchanges()).toBe(3);
    expect(await stateOf(scene, userId)).toBe("active");
    const types = new Set(eventsOf(scene.receiver).map(({ body }) => body.type));
    expect(types).toContain("sleep");
    expect(types).not.toContain("access_revoked");
    expect(types).not.toContain("connection_error");
  });

  it.each([{ old_refresh_token: "works", state: "active", reasons: [] }])(
    "killed between Polar's answer and the new token's storage: the old token $old_refresh_token",
    async (one) => {
      await using stack = new AsyncDisposableStack();
      const scene = await setScene(stack);
      const first = await scene.start();
      await waitForWebhook(scene.sandbox);
      await addWebhook(scene.server, scene.receiver.url);
      await onlySleep(scene);
      await scene.control("PUT", "/_sandbox/v4/switches", {
        expires_in: 61,
        old_refresh_token: one.old_refresh_token,
      });
      const held = await holdRenewals(scene);
      const { userId, sandboxUserId } = await connectPerson(scene.server, randomUUID());
      await scene.control("PUT", "/_sandbox/v4/switches", { expires_in: 3599 });
      await scene.control("POST", `/_sandbox/users/${sandboxUserId}/generate`, { days: 2, apis: "both" });
      await held.reached();
      await first.kill();
      await held.letGo();
      await endLeases(scene.query);
      await restarted(scene);
      await settled(scene);
      expect(await stateOf(scene, userId)).toBe(one.state);
      const of = (type: string) => eventsOf(scene.receiver).filter(({ body }) => body.type === type);
      expect(of("connection_error").map(({ body }) => body.reason)).toEqual(one.reasons);
      expect(of("access_revoked")).toEqual([]);
      if (one.state === "active") expect(of("sleep").length).toBeGreaterThan(0);
    },
  );
});

/** Starts a process again, which finds the work that the killed one left. */
async function restarted(scene: Scene): Promise<void> {
  await scene.start();
  await scene.pool.query(
    "UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND name = 'ingest'",
  );
}
