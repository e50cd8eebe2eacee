/** Oura's sandbox refuses, breaks and repeats itself: each is a coded error, nothing is lost, and nothing is asked without an end. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { client } from "../../src/sandbox/oura/sandbox.ts";
import { daysAgo } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";
import { nightOf } from "./documents.ts";
import { type OuraWorld, startOuraWorld } from "./oura-world.ts";

type Json = ReturnType<typeof JSON.parse>;

let world: OuraWorld;
beforeAll(async () => {
  world = await startOuraWorld();
  await world.subscribed();
});
afterAll(() => world?.close());
beforeEach(() => world.calm());

const day = daysAgo(2);
const night = (changed: object = {}) => nightOf(day, changed);

const fault = (body: object) => world.control("POST", "/faults", body);
const nights = (userId: string): Promise<Json[]> =>
  world.records(userId, "sleep", daysAgo(10), daysAgo(-1)) as Promise<Json[]>;
const until = (userId: string, count: number): Promise<Json[]> =>
  waitFor(`${count} nights`, async () => {
    const found = await nights(userId);
    return found.length === count ? found : null;
  });

/** Waits for the nights of tasks that failed, and are tried again at once. */
const untilRetried = (userId: string, count: number): Promise<Json[]> =>
  waitFor(`${count} nights`, async () => {
    const found = await nights(userId);
    if (found.length === count) return found;
    await world.hasten();
    return null;
  });

/** Waits until nothing of anybody's is due, older days included: what is asked for again later stays. */
const quiet = () =>
  waitFor("the work under way to end", async () => {
    await world.skipHistory();
    const due = await world.hub.query(
      `SELECT FROM fetch_tasks WHERE state = 'accepted'
         AND (next_attempt_at IS NULL OR next_attempt_at <= now())`,
    );
    return due.length === 0;
  });

/** Opens a link as the person who agrees. */
async function agree(link: string, person: string): Promise<{ status: number; text: string }> {
  const url = new URL(link);
  url.searchParams.set("sandbox_user", person);
  const landed = await fetch(url);
  return { status: landed.status, text: await landed.text() };
}

const isConnected = async (person: string): Promise<boolean> =>
  (await world.hub.query("SELECT FROM connections WHERE provider_user_id = $1", [person])).length > 0;

describe("connecting", () => {
  it("ends with auth_cancelled when the person refuses", async () => {
    const link = new URL(await world.hub.connectLink("refuses"));
    const form = new URLSearchParams([...link.searchParams, ["decision", "deny"]]);
    const landed = await fetch(link.origin + link.pathname, { method: "POST", body: form });
    expect(landed.status).toBeLessThan(500);
    const told = () =>
      world.hub.events("auth_cancelled").filter(({ body }) => body.reference_id === "refuses");
    await waitFor("the developer to be told", () => told().length === 1, 60_000);
    expect(told()[0]?.body.reason).toBe("access_denied");
  });

  it("without the required scope reads what was granted, and nothing else", async () => {
    const person = await world.person({ scopes: ["workout"] });
    const userId = await world.connect(person);
    await world.skipHistory();
    await waitFor("the first answers", async () =>
      (await world.asked()).some(({ user_id, path }) => user_id === person && path.includes("/workout?")),
    );
    const paths = (await world.asked()).filter(({ user_id }) => user_id === person).map(({ path }) => path);
    expect(paths.filter((path) => /\/(sleep|daily_\w+)\?/.test(path))).toEqual([]);
    expect(await nights(userId)).toEqual([]);
  });

  for (const broken of [
    { kind: "outage", status: 500, path: "/oauth/token" },
    { kind: "outage", status: 429, path: "/oauth/token" },
    { kind: "outage", status: 403, path: "/oauth/token" },
    { kind: "outage", status: 503, path: "/personal_info" },
    { kind: "outage", status: 401, path: "/personal_info" },
    { kind: "malformed", body: "html", path: "/personal_info" },
    { kind: "malformed", body: "empty", path: "/personal_info" },
    { kind: "malformed", body: "truncated", path: "/personal_info" },
  ])
    it(`says so when Oura answers ${JSON.stringify(broken)}, and works afterwards`, async () => {
      const person = await world.person();
      await fault({ ...broken, times: 1 });
      const first = await agree(await world.hub.connectLink(person), person);
      expect(first.status).toBeGreaterThanOrEqual(400);
      expect(first.text).toContain("<html");
      expect(await isConnected(person)).toBe(false);
      await world.control("DELETE", "/faults");
      expect((await agree(await world.hub.connectLink(person), person)).status).toBe(200);
      expect(await isConnected(person)).toBe(true);
      await world.skipHistory();
    });
});

describe("a list that is answered with", () => {
  for (const broken of [
    { kind: "outage", status: 401, times: 1 },
    { kind: "outage", status: 500, times: 1 },
    { kind: "outage", status: 502, times: 2 },
    { kind: "rate-limit", reset_seconds: 1, times: 1 },
    { kind: "malformed", body: "html", times: 1 },
    { kind: "malformed", body: "empty", times: 1 },
    { kind: "malformed", body: "truncated", times: 1 },
  ])
    it(`${JSON.stringify(broken)} is asked for again`, async () => {
      const person = await world.person();
      await world.put(person, "sleep", night());
      await fault({ ...broken, path: "/usercollection/sleep?" });
      const userId = await world.connect(person);
      await world.skipHistory();
      await untilRetried(userId, 1);
    });

  for (const status of [400, 403, 404, 409, 422])
    it(`${status} leaves the others, and is not asked for again and again`, async () => {
      const person = await world.person();
      await world.put(person, "sleep", night());
      await fault({ kind: "outage", status, path: "/usercollection/session" });
      const userId = await world.connect(person);
      await until(userId, 1);
      await quiet();
      const refused = (await world.asked()).filter(
        ({ user_id, path }) => user_id === person && path.includes("/session"),
      );
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThan(12);
      await world.control("DELETE", "/faults");
    });
});

describe("pages that repeat", () => {
  it("end with an error, and what they had is kept once", async () => {
    const person = await world.person();
    await world.put(person, "sleep", night());
    await fault({ kind: "pages", user_id: person });
    const userId = await world.connect(person);
    await world.skipHistory();
    await until(userId, 1);
    await waitFor("the error", async () => {
      const rows = await world.hub.query(
        `SELECT FROM fetch_tasks WHERE user_id = $1 AND (code = 'PROVIDER_PAGES_ENDLESS'
           OR details::text LIKE '%PROVIDER_PAGES_ENDLESS%' OR fetches::text LIKE '%PROVIDER_PAGES_ENDLESS%')`,
        [userId],
      );
      return rows.length > 0;
    });
    await world.control("DELETE", "/faults");
    expect(await nights(userId)).toHaveLength(1);
  });
});

describe("pages with always new tokens", () => {
  it("end after a hundred calls, and what they had is kept", async () => {
    const person = await world.person();
    await world.put(person, "sleep", night());
    const userId = await world.connect(person);
    await world.skipHistory();
    await until(userId, 1);
    await quiet();
    await world.put(person, "sleep", night({ type: "sleep" }));
    await fault({ kind: "pages", pages: "endless", collection: "sleep", user_id: person });
    await world.control("DELETE", "/requests");
    await world.hub.requestRefresh(userId);
    await until(userId, 2);
    await quiet();
    const lists = (await world.asked()).filter(
      ({ user_id, path }) => user_id === person && path.includes("/usercollection/sleep?"),
    );
    // Older days may have been asked for as well: by their first page.
    const byDays = Map.groupBy(lists, ({ path }) => path.replace(/&next_token=.*/, ""));
    expect(new Set([...byDays.values()].map(({ length }) => length))).toEqual(new Set([100]));
    const failed = await world.hub.query(
      `SELECT FROM fetch_tasks WHERE user_id = $1 AND (code = 'PROVIDER_PAGES_ENDLESS'
         OR details::text LIKE '%PROVIDER_PAGES_ENDLESS%' OR fetches::text LIKE '%PROVIDER_PAGES_ENDLESS%')`,
      [userId],
    );
    expect(failed.length).toBeGreaterThan(0);
    await world.control("DELETE", "/faults");
  });
});

describe("a renewal that is answered with", () => {
  const refreshes = async () => (await world.asked()).filter(({ path }) => path.startsWith("/oauth/token"));
  const revoked = (userId: string) =>
    world.hub.events("access_revoked").filter(({ body }) => body.user?.user_id === userId);
  /** Refreshes a person with a new night and an ended token, whose renewals are answered so. Returns the user_id. */
  const renewing = async (answer: { readonly status: number; readonly times?: number }): Promise<string> => {
    const person = await world.person();
    const userId = await world.connect(person);
    await world.skipHistory();
    await quiet();
    await world.put(person, "sleep", night());
    await fault({ kind: "expire" });
    await fault({ kind: "outage", path: "/oauth/token", ...answer });
    await world.control("DELETE", "/requests");
    await world.hub.requestRefresh(userId);
    return userId;
  };

  for (const status of [401, 403, 404, 429, 500, 503])
    it(`${status} is tried again with the same token, and the person stays connected`, async () => {
      const userId = await renewing({ status, times: 1 });
      await untilRetried(userId, 1);
      expect((await refreshes()).map((one) => one.status)).toEqual([status, 200]);
      expect(revoked(userId)).toEqual([]);
    });

  it("403 again and again costs one call for each try of a task, and no resource is taken for missing", async () => {
    const userId = await renewing({ status: 403 });
    const open = async () => {
      await world.skipHistory();
      return world.hub.query<{ kind: string; attempts: number }>(
        "SELECT kind, attempts FROM fetch_tasks WHERE user_id = $1 AND state = 'accepted'",
        [userId],
      );
    };
    const tasks = await waitFor("two tries", async () => {
      const found = await open();
      if (found.some(({ attempts }) => attempts >= 2)) return found;
      await world.hasten();
      return null;
    });
    expect(tasks.filter(({ kind }) => kind === "refresh")).toHaveLength(1);
    // Each task may be in a further try by now.
    const tries = (await open()).reduce((sum, { attempts }) => sum + attempts + 1, 0);
    expect((await refreshes()).length).toBeLessThanOrEqual(tries);
    await world.control("DELETE", "/faults");
    await untilRetried(userId, 1);
    expect(revoked(userId)).toEqual([]);
  });
});

describe("subscriptions that lapsed while Oura answers", () => {
  const made = async () =>
    (await world.control<{ subscriptions: object[] }>("GET", "/subscriptions")).subscriptions.length;

  // A limit is the client's, so one call tells it; the others may be about the one subscription.
  for (const [status, calls] of [
    [429, 1],
    [401, 48],
    [403, 48],
    [503, 48],
  ] as const)
    it(`${status} cost ${calls} calls in a check, and are made by the next one`, async () => {
      await fault({ kind: "lapse" });
      await world.hub.query(
        "UPDATE provider_subscriptions SET expires_at = now() + interval '1 day' WHERE provider = 'oura'",
      );
      await fault({ kind: "outage", status, path: "/webhook/subscription" });
      await world.control("DELETE", "/requests");
      await world.hub.ensureSubscriptions();
      const asked = (await world.asked()).filter(({ path }) => path.startsWith("/v2/webhook/subscription"));
      expect(asked).toHaveLength(calls);
      expect(await made()).toBe(0);
      const shown = (await world.hub.shown()).subscription as { state: string; error: string };
      expect(shown.state).toBe("failed");
      await world.control("DELETE", "/faults");
      await waitFor("the new subscriptions", async () => {
        await world.hub.ensureSubscriptions();
        return (await made()) === 48;
      });
    });
});

describe("a notification", () => {
  const send = async (body: string, timestamp = String(Math.floor(Date.now() / 1_000))) => {
    const signature = createHmac("sha256", client.secret).update(timestamp).update(body).digest("hex");
    const headers = { "x-oura-timestamp": timestamp, "x-oura-signature": signature.toUpperCase() };
    return (await fetch(`${world.hub.url}/v2/hooks/oura`, { method: "POST", headers, body })).status;
  };

  it("that is no notification is refused, signed or not", async () => {
    for (const body of ["", "no JSON", "[]", "{}", '{"event_type":"create"}'])
      expect(await send(body), body).toBe(400);
    const { url } = world.hub;
    expect((await fetch(`${url}/v2/hooks/oura`, { method: "POST", body: "{}" })).status).toBe(401);
  });

  it("about a data type that has no collection, or about nobody, is taken and asks for nothing", async () => {
    await world.control("DELETE", "/requests");
    const of = (data_type: string, user_id: string) =>
      JSON.stringify({ event_type: "create", data_type, object_id: "a-document", user_id });
    const person = await world.person();
    await world.connect(person);
    await world.skipHistory();
    expect(await send(of("meal", person))).toBe(200);
    expect(await send(of("sleep", "nobody-here"))).toBe(200);
    await quiet();
    expect((await world.asked()).filter(({ path }) => path.includes("a-document"))).toEqual([]);
  });

  it("that is replayed fetches the same document, and raises no revision", async () => {
    const person = await world.person();
    const one = night();
    const userId = await world.connect(person);
    await world.skipHistory();
    await world.put(person, "sleep", one);
    const body = JSON.stringify({
      event_type: "create",
      data_type: "sleep",
      object_id: one.id,
      event_time: new Date().toISOString(),
      user_id: person,
    });
    const now = String(Math.floor(Date.now() / 1_000));
    for (let count = 0; count < 3; count += 1) expect(await send(body, now)).toBe(200);
    await until(userId, 1);
    await quiet();
    const events = world.hub.events("sleep").filter(({ body: { user } }) => user?.user_id === userId);
    expect(new Set(events.map(({ headers }) => headers["x-systole-revision"]))).toEqual(new Set(["1"]));
  });
});
