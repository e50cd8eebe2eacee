/** The notification endpoint and ingest in case of failures: every refusal is coded and recorded, nothing is lost. */
import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { daysAgo, exercise, night } from "./support/polar-bodies.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

interface NotificationRow {
  readonly state: string;
  readonly code: string | null;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly body: Buffer | null;
  readonly details: Json;
}

let system: System;
let person: DemoPerson;

beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("notifications");
});
afterAll(() => system.close());
afterEach(() => system.control("DELETE", "/_sandbox/faults"));

async function notify(body: string | Buffer, signature?: string, slug = "polar"): Promise<Response> {
  const secret = await system.notificationSecret();
  const genuine = createHmac("sha256", secret).update(body).digest("hex");
  return fetch(`${system.server.url}/v2/hooks/${slug}`, {
    method: "POST",
    headers: { "content-type": "application/json", "polar-webhook-signature": signature ?? genuine },
    body: new Uint8Array(Buffer.from(body)),
  });
}

const newest = async (): Promise<NotificationRow> => {
  const [row] = await system.query<NotificationRow>(
    `SELECT notifications.*, coalesce(fetch_tasks.state, notifications.state) AS state,
        coalesce(fetch_tasks.code, notifications.code) AS code
      FROM notifications LEFT JOIN fetch_tasks USING (notification_id) ORDER BY notification_id DESC LIMIT 1`,
  );
  if (row === undefined) throw new Error("no notification was recorded");
  return row;
};

const aboutWorkout = async (id: string): Promise<NotificationRow | null> => {
  const [row] = await system.query<NotificationRow>(
    `SELECT fetch_tasks.*, notifications.body FROM fetch_tasks LEFT JOIN notifications USING (notification_id)
      WHERE fetches->0->>'key' = $1 ORDER BY task_id DESC LIMIT 1`,
    [id],
  );
  return row ?? null;
};

/** Returns the number of the provider's notifications about a workout, by state: each `done` one was a fetch. */
async function tally(id: string): Promise<Record<string, number>> {
  const counted = await system.query<{ state: string; count: number }>(
    `SELECT state, count(*)::integer FROM fetch_tasks
      WHERE kind = 'announced' AND fetches->0->>'key' = $1 GROUP BY state
     UNION ALL
     SELECT notifications.state, count(*)::integer FROM notifications
      JOIN fetch_tasks ON task_id::text = notifications.details->>'coalesced_with'
      WHERE fetches->0->>'key' = $1 GROUP BY 1`,
    [id],
  );
  return Object.fromEntries(counted.map(({ state, count }) => [state, count]));
}

const delivered = (id: string) => (): boolean =>
  system.events("activity").some(({ body }) => firstRecord(body).metadata.summary_id === id);

const firstRecord = ({ data = [] }: { data?: readonly unknown[] }): Json => data[0];

describe("refused by the endpoint", () => {
  it("a wrong signature: 401, recorded with its body", async () => {
    const response = await notify('{"event":"EXERCISE"}', "0".repeat(64));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "NOTIFICATION_SIGNATURE_INVALID", status: "error" });
    const row = await newest();
    expect(row).toMatchObject({ state: "refused", code: "NOTIFICATION_SIGNATURE_INVALID" });
    expect(row.body?.toString()).toBe('{"event":"EXERCISE"}');
  });

  it("no signature at all: 401", async () => {
    const response = await fetch(`${system.server.url}/v2/hooks/polar`, { method: "POST", body: "{}" });
    expect(response.status).toBe(401);
  });

  it.each([
    "not json",
    "",
    "[]",
    '{"event":"EXERCISE"}',
    '{"event":"EXERCISE","user_id":1,"entity_id":"../../users"}',
  ])("a body that Polar would not send (%j): 400, recorded", async (body) => {
    const response = await notify(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "NOTIFICATION_BODY_INVALID" });
    expect(await newest()).toMatchObject({ state: "refused", code: "NOTIFICATION_BODY_INVALID" });
  });

  it("a body over the limit: 413, recorded", async () => {
    const response = await notify(Buffer.alloc(100_000, 32));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "NOTIFICATION_TOO_LARGE" });
    expect(await newest()).toMatchObject({ state: "refused", code: "NOTIFICATION_TOO_LARGE" });
  });

  it("an unknown provider: 404", async () => {
    const response = await notify("{}", undefined, "nobody");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "PROVIDER_UNKNOWN" });
  });

  it("one refused unread: its length as announced, and no hash", async () => {
    await notify(Buffer.alloc(100_001, 32));
    expect(await newest()).toMatchObject({ body: null, details: { body_bytes: 100_001, body_sha256: null } });
  });

  it("a flood of forgeries: each refused and counted, ten an hour kept", async () => {
    const counted = await signatureRefusals();
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => notify("{}", "0".repeat(64))));
      expect(answers.every(({ status }) => status === 401)).toBe(true);
    }
    expect(await signatureRefusals()).toBe(counted + 1_000);
    const rows = await system.query<{ count: string }>(
      `SELECT count(*) FROM notifications WHERE code = 'NOTIFICATION_SIGNATURE_INVALID'
        GROUP BY date_trunc('hour', received_at)`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { count } of rows) expect(Number(count)).toBeLessThanOrEqual(10);
  });
});

async function signatureRefusals(): Promise<number> {
  const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
  const series =
    /^systole_notifications_refused_total\{provider="polar",code="NOTIFICATION_SIGNATURE_INVALID"\} (\d+)$/m;
  return Number(series.exec(metrics)?.[1]);
}

describe("acknowledged and stored", () => {
  it("a PING needs no record", async () => {
    const [before] = await system.query("SELECT count(*) FROM notifications");
    const response = await notify(JSON.stringify({ timestamp: new Date().toISOString(), event: "PING" }));
    expect(response.status).toBe(200);
    expect(await system.query("SELECT count(*) FROM notifications")).toEqual([before]);
  });

  it("an event this version does not know: 200, kept with its code", async () => {
    const body = JSON.stringify({ event: "MOON_PHASE", user_id: 1, timestamp: new Date().toISOString() });
    const response = await notify(body);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: "ignored", code: "NOTIFICATION_EVENT_UNKNOWN" });
    const row = await newest();
    expect(row).toMatchObject({ state: "ignored", code: "NOTIFICATION_EVENT_UNKNOWN" });
    expect(row.body?.toString()).toBe(body);
  });

  it("an unknown person: 200, kept, and fetched as soon as they connect", async () => {
    // The next person of the sandbox: announced before they connect.
    const response = await system.control("POST", "/_sandbox/users", {});
    const { user_id: sandboxUserId } = (await response.json()) as Json;
    const unknown = {
      event: "SLEEP",
      user_id: Number(sandboxUserId),
      date: daysAgo(4),
      timestamp: new Date().toISOString(),
    };
    const answer = await notify(JSON.stringify(unknown));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: "ignored", code: "NOTIFICATION_USER_UNKNOWN" });
    expect(await newest()).toMatchObject({ state: "waiting", code: "NOTIFICATION_USER_UNKNOWN" });

    await system.control(
      "PUT",
      `/_sandbox/users/${sandboxUserId}/sleep?notify=false`,
      night(daysAgo(4), daysAgo(5)),
    );
    await connectAs(String(sandboxUserId));
    await waitFor("the night", () => system.events("sleep").length > 0);
  });
});

async function connectAs(sandboxUserId: string): Promise<void> {
  const started = await fetch(`${system.server.url}/v2/auth/authenticateUser?resource=POLAR`, {
    method: "POST",
    headers: { "dev-id": system.server.devId, "x-api-key": system.server.apiKey },
  });
  const { auth_url } = (await started.json()) as Json;
  const consent = new URL(auth_url);
  consent.searchParams.set("sandbox_user", sandboxUserId);
  expect((await fetch(consent)).status).toBe(200);
}

describe("a provider in trouble", () => {
  const cases: [name: string, fault: Json, code: string][] = [
    ["answers 403", { kind: "outage", status: 403 }, "PROVIDER_FORBIDDEN"],
    ["answers 404", { kind: "outage", status: 404 }, "PROVIDER_RESOURCE_MISSING"],
    ["answers 429", { kind: "rate-limit" }, "PROVIDER_RATE_LIMITED"],
    ["answers 500", { kind: "outage", status: 500 }, "PROVIDER_UNAVAILABLE"],
    ["answers garbage", { kind: "malformed", body: "garbage" }, "PROVIDER_BODY_INVALID"],
    ["answers HTML", { kind: "malformed", body: "html" }, "PROVIDER_BODY_INVALID"],
    ["answers half a body", { kind: "malformed", body: "truncated" }, "PROVIDER_BODY_INVALID"],
    ["answers nothing", { kind: "malformed", body: "empty" }, "PROVIDER_BODY_INVALID"],
  ];

  it.each(cases)("%s: coded, tried again, delivered in the end", async (name, fault, code) => {
    const id = `trouble${name.replace(/\W/g, "")}`;
    await system.control("POST", "/_sandbox/faults", { ...fault, path: "/v3/exercises/" });
    await system.upload(person, "exercises", exercise(id));
    const row = await waitFor("the first try", async () => {
      const found = await aboutWorkout(id);
      return found !== null && found.attempts > 0 && found;
    });
    expect(row).toMatchObject({ state: "accepted", code });
    expect(row.next_attempt_at?.getTime()).toBeGreaterThan(Date.now());
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await waitFor("the workout", delivered(id));
    const settled = await waitFor("the end", async () => {
      const found = await aboutWorkout(id);
      return found?.state === "done" && found;
    });
    expect(settled.code).toBeNull();
  });

  it("and its notification replayed 500 times: one fetch when it answers again, another for a later replay", async () => {
    const id = "replayed";
    const path = "/v3/exercises/";
    await system.control("POST", "/_sandbox/faults", { kind: "outage", status: 500, path });
    await system.upload(person, "exercises", exercise(id));
    const { body } = await waitFor("the first try", async () => {
      const [found] = await system.query<NotificationRow>(
        `SELECT notifications.body FROM notifications JOIN fetch_tasks USING (notification_id)
          WHERE fetches->0->>'key' = $1 AND attempts > 0`,
        [id],
      );
      return found;
    });
    await system.query(
      "UPDATE pgboss.job SET start_after = now() + interval '1 hour' WHERE state = 'created' AND name = 'ingest'",
    );
    for (let tens = 0; tens < 50; tens++) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => notify(body ?? "")));
      for (const answer of answers) expect(await answer.json()).toEqual({ status: "success" });
    }
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await waitFor("the workout", delivered(id));
    await waitFor("its end", async () => (await tally(id)).done === 1);
    expect(await tally(id)).toEqual({ done: 1, ignored: 500 });

    await notify(body ?? "");
    await waitFor("the later one", async () => (await tally(id)).done === 2);
    expect(await tally(id)).toEqual({ done: 2, ignored: 500 });
  });

  it("keeps an unreadable answer, byte for byte", async () => {
    const rows = await system.query<{ body_bytes: number }>(
      `SELECT body_bytes FROM raw_payloads WHERE resource = 'exercise'
       AND resource_key = 'troubleanswersgarbage' ORDER BY raw_payload_id`,
    );
    expect(rows).toHaveLength(2);
  });

  it("reports once for the whole time that the person's permission was refused", () => {
    const events = system.events("connection_error");
    // At least once: only another id makes another event.
    expect(new Set(events.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(events[0]?.body.user).toMatchObject({ user_id: person.userId, active: true });
  });

  it("waits for the provider's own window when it is told to slow down", async () => {
    await system.control("POST", "/_sandbox/faults", {
      kind: "rate-limit",
      path: "/v3/exercises/",
      reset_seconds: 600,
    });
    await system.upload(person, "exercises", exercise("slowdown1"));
    const row = await waitFor("the first try", async () => {
      const found = await aboutWorkout("slowdown1");
      return found !== null && found.attempts > 0 && found;
    });
    // The usual first pause is five seconds.
    expect(row.next_attempt_at?.getTime()).toBeGreaterThan(Date.now() + 500_000);
    // No other person of the same client is asked for either, until the window is over.
    await system.query("DELETE FROM provider_budgets");
  });
});

describe("a revoked permission", () => {
  it("is reported once, waits without a storm of calls, and is caught up when the person returns", async () => {
    const revoked = await system.connect("revoked");
    await waitFor("the connection's first fetch", async () => {
      const rows = await system.query<{ state: string }>("SELECT state FROM fetch_tasks WHERE user_id = $1", [
        revoked.userId,
      ]);
      return rows.some(({ state }) => state === "done");
    });
    await system.control("POST", "/_sandbox/faults", {
      kind: "revoke",
      user_id: Number(revoked.sandboxUserId),
    });
    for (const id of ["gone1", "gone2"]) await system.upload(revoked, "exercises", exercise(id));
    await waitFor("access_revoked", () => system.events("access_revoked").length > 0);
    await waitFor("both to wait", async () => {
      const rows = [await aboutWorkout("gone1"), await aboutWorkout("gone2")];
      return rows.every((row) => row?.state === "waiting");
    });
    expect(system.events("access_revoked")).toHaveLength(1);
    expect(system.events("access_revoked")[0]?.body.user).toMatchObject({
      user_id: revoked.userId,
      active: false,
    });

    await connectAs(revoked.sandboxUserId);
    await waitFor("both workouts", () => delivered("gone1")() && delivered("gone2")());
  });
});
