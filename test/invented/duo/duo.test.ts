/**
 * Duo, end to end: one consent for two APIs of which the person grants a part of the scopes, and a second consent for a
 * third API; a subscription for each person; and a resource that needs another's answer.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { duo } from "./plugin.ts";
import { type DuoServer, startDuo } from "./server.ts";

let server: DuoServer;
let hub: Hub;

beforeAll(async () => {
  server = await startDuo();
  server.days.push({ day: daysAgo(1), steps: 100 }, { day: daysAgo(0), steps: 3 });
  server.nights.push({ day: daysAgo(2), steps: 50 });
  hub = await startHub(duo, {
    DUO_CLIENT_ID: "id",
    DUO_CLIENT_SECRET: "secret",
    DUO_AUTHORIZE_URL: `${server.url}/authorize`,
    DUO_TOKEN_URL: `${server.url}/token`,
    DUO_API_URL: server.url,
  });
});
afterAll(async () => {
  await hub.close();
  await server.close();
});

const askedOf = (folder: string) => server.asked.filter(({ url }) => url.pathname.startsWith(`/${folder}/`));

it("asks both APIs with one grant", async () => {
  await hub.connect("whole");
  await hub.received({ [daysAgo(1)]: 100, [daysAgo(0)]: 3 });
  expect(askedOf("past").length).toBeGreaterThan(0);
  expect(askedOf("today").length).toBeGreaterThan(0);
});

it("fetches nothing that was not granted, and reports the granted scopes", async () => {
  const before = askedOf("today").length;
  server.granted = ["past"];
  const userId = await hub.connect("part");
  await hub.received({ [daysAgo(1)]: 100 }, userId);
  const { body } = await hub.call("GET", `/v2/userInfo?user_id=${userId}`);
  expect(body.user).toMatchObject({ scopes: "past", active: true });
  expect(askedOf("today").length).toBe(before);
});

const floorsOf = (userId: string, day: string) =>
  hub
    .events("daily")
    .filter(({ body }) => body.user?.user_id === userId)
    .flatMap(
      ({ body }) =>
        (body.data ?? []) as unknown as { metadata: { start_time: string }; distance_data: object }[],
    )
    .filter(({ metadata }) => metadata.start_time.startsWith(day))
    .map(({ distance_data }) => (distance_data as { floors_climbed: number | null }).floors_climbed);

it("fetches a resource that needs another's answer once that is there, and again when it has changed", async () => {
  server.granted = ["past", "today"];
  const userId = await hub.connect("climber");
  await waitFor("the floors", () => floorsOf(userId, daysAgo(1)).includes(100));
  // A task that is still in progress stands in for a refresh.
  const open = "SELECT FROM fetch_tasks WHERE user_id = $1 AND state = 'accepted'";
  await waitFor("everything to be fetched", async () => (await hub.query(open, [userId])).length === 0);
  const climbs = () => server.asked.filter(({ url }) => url.pathname === "/past/climbs");
  const days = climbs().map(({ url }) => url.searchParams.get("day"));
  expect(new Set(days)).toEqual(new Set([daysAgo(0), daysAgo(1)]));
  const before = climbs().length;
  server.days[0] = { day: daysAgo(1), steps: 120 };
  await hub.refresh(userId);
  await waitFor("the new floors", () => floorsOf(userId, daysAgo(1)).includes(120));
  // The other day has not changed.
  expect(climbs().length).toBe(before + 1);
  server.days[0] = { day: daysAgo(1), steps: 100 };
});

const subscription = async () =>
  (await hub.shown()).subscription as {
    form: string;
    state: string;
    error: string | null;
    people: { subscribed: number; waiting: number; failing: number };
  };

it("subscribes for each person soon after they connect, and shows who could not be", async () => {
  await waitFor("the subscription", () => server.subscribers.get("d-1") === `${hub.url}/v2/hooks/duo`);
  await waitFor("its showing", async () => (await subscription()).people.waiting === 0);
  expect(await subscription()).toMatchObject({ form: "person", state: "active", error: null });
  server.refusesSubscribers = true;
  server.person = "d-2";
  const userId = await hub.connect("refused");
  await waitFor("the failure", async () => (await subscription()).people.failing === 1);
  expect(await subscription()).toMatchObject({ form: "person", state: "failed", error: expect.any(String) });
  expect(server.subscribers.has("d-2")).toBe(false);
  server.refusesSubscribers = false;
  await hub.query("UPDATE connections SET subscription_due_at = now() WHERE user_id = $1", [userId]);
  await waitFor("the other try", async () => (await subscription()).people.failing === 0);
  expect(server.subscribers.has("d-2")).toBe(true);
});

it("removes a person's subscription before the permission is revoked", async () => {
  const [{ user_id: userId } = { user_id: "" }] = await hub.query<{ user_id: string }>(
    "SELECT user_id FROM connections WHERE provider_user_id = 'd-2'",
  );
  const from = server.asked.length;
  await hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${userId}`);
  expect(server.subscribers.has("d-2")).toBe(false);
  const ended = server.asked.slice(from).filter(({ method }) => method !== "GET");
  expect(ended.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
    "DELETE /subscriber",
    "POST /revoke",
  ]);
});

/** Presses the success page's button for the further consent; the provider agrees at once. */
async function shareAsWell(page: string): Promise<Response> {
  const [, action = ""] = /action="([^"]+)"/.exec(page) ?? [];
  const begun = await fetch(hub.url + action, {
    method: "POST",
    body: new URLSearchParams({ consent: "duo-night" }),
    redirect: "manual",
  });
  if (begun.status !== 303) return begun;
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  const agreed = await fetch(begun.headers.get("location") ?? "", { redirect: "manual" });
  return fetch(agreed.headers.get("location") ?? "", { headers: { cookie } });
}

it("offers the second consent, and adds what it opens to the connection", async () => {
  server.person = "d-3";
  const { body } = await hub.call("POST", "/v2/auth/authenticateUser?resource=DUO", {
    reference_id: "third",
  });
  const page = await (await fetch(String(body.auth_url))).text();
  expect(page).toContain("What you do at night");
  const userId = String(body.user_id);
  await hub.received({ [daysAgo(1)]: 100 }, userId);
  expect(askedOf("night")).toHaveLength(0);
  const done = await (await shareAsWell(page)).text();
  expect(done).toContain("You are connected");
  expect(done).not.toContain("What you do at night");
  await hub.received({ [daysAgo(2)]: 50 }, userId);
  const { body: info } = await hub.call("GET", `/v2/userInfo?user_id=${userId}`);
  expect(info.user).toMatchObject({ scopes: "past,today,night", active: true });
  expect(await (await shareAsWell(page)).text()).toContain("SESSION_USED");
});

it("adds no consent of another account", async () => {
  server.person = "d-4";
  const begin = await hub.call("POST", "/v2/auth/authenticateUser?resource=DUO", { reference_id: "fourth" });
  const userId = String(begin.body.user_id);
  await fetch(String(begin.body.auth_url));
  const where = `/v2/auth/authenticateUser?resource=DUO&consent=duo-night&user_id=${userId}`;
  const more = await hub.call("POST", where, {});
  expect(more.body).toMatchObject({ status: "success", user_id: userId });
  server.person = "d-5";
  const ended = await fetch(String(more.body.auth_url));
  expect(await ended.text()).toContain("CONSENT_OTHER_ACCOUNT");
  const [row] = await hub.query("SELECT consents, scopes FROM connections WHERE user_id = $1", [userId]);
  expect(row).toEqual({ consents: ["duo"], scopes: "past today" });
  expect((await hub.call("POST", where.replace("duo-night", "other"), {})).status).toBe(400);
});
