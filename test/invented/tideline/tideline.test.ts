/** Tideline, end to end: PKCE, refresh tokens that work once, answers in pages, a subscription for each event. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { tideline } from "./plugin.ts";
import { startTideline, type TidelineServer } from "./server.ts";

let server: TidelineServer;
let hub: Hub;
let userId = "";

beforeAll(async () => {
  server = await startTideline();
  for (const back of [5, 4, 3, 2, 1]) server.days.push({ day: daysAgo(back), steps: back * 100 });
  hub = await startHub(tideline, {
    TIDELINE_CLIENT_ID: "id",
    TIDELINE_CLIENT_SECRET: "secret",
    TIDELINE_AUTHORIZE_URL: `${server.url}/authorize`,
    TIDELINE_TOKEN_URL: `${server.url}/token`,
    TIDELINE_API_URL: server.url,
  });
});
afterAll(async () => {
  await hub.close();
  await server.close();
});

const steps = () => Object.fromEntries(server.days.map(({ day, steps: count }) => [day, count]));

it("connects with PKCE and brings every page, the empty first one included", async () => {
  userId = await hub.connect("me");
  await hub.received(steps());
  const [auth] = hub.events("auth");
  // Its name is not its slug in capitals, and its scopes are those that were asked for.
  expect(auth?.body.user).toMatchObject({ provider: "TIDELINE_WATCH", scopes: "days" });
});

it("stores each page as it came", async () => {
  const rows = await hub.query<{ path: string }>("SELECT request_path AS path FROM raw_payloads");
  const cursors = rows.map(({ path }) => new URL(path, server.url).searchParams.get("cursor"));
  expect(new Set(cursors)).toEqual(new Set([null, "0", "2", "4"]));
});

it("renews a token that has ended, with each refresh token once", async () => {
  server.expireTokens();
  server.days[4] = { day: daysAgo(1), steps: 4_711 };
  await hub.refresh(userId);
  await hub.received(steps());
  server.expireTokens();
  server.days[4] = { day: daysAgo(1), steps: 4_712 };
  await hub.refresh(userId);
  await hub.received(steps());
  expect(server.refreshed).toHaveLength(2);
  expect(new Set(server.refreshed).size).toBe(2);
});

interface ShownEvent {
  readonly event: string;
  readonly state: string;
  readonly expires_at: string;
  readonly error: string | null;
}

const subscriptionShown = async () =>
  (await hub.shown()).subscription as {
    form: string;
    state: string;
    error: string | null;
    events: ShownEvent[];
  };

/** Checks the subscriptions until they are as wanted, because another process may be checking them right now. */
const ensureUntil = (what: string, isSo: () => boolean | Promise<boolean>) =>
  waitFor(what, async () => {
    await hub.ensureSubscriptions();
    return isSo();
  });

it("makes a subscription for each event, and accepts only that subscription's secret", async () => {
  await ensureUntil("both subscriptions", async () => (await subscriptionShown()).state === "active");
  expect([...server.subscriptions.keys()]).toEqual(["DAY_CREATED", "DAY_CHANGED"]);
  const { form, events } = await subscriptionShown();
  expect(form).toBe("events");
  expect(events.map(({ event, state }) => [event, state])).toEqual([
    ["DAY_CHANGED", "active"],
    ["DAY_CREATED", "active"],
  ]);
  expect(Date.parse(events[0]?.expires_at ?? "")).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  for (const event of ["DAY_CREATED", "DAY_CHANGED"]) {
    const steps = event.length;
    server.days[0] = { day: daysAgo(5), steps };
    // Other parts of the process learn of a new subscription within five seconds.
    await waitFor("its acceptance", async () => (await server.tell(event, daysAgo(5))) === 200);
    await hub.received({ [daysAgo(5)]: steps });
  }
  expect(await server.tell("DAY_CREATED", daysAgo(5), "another secret")).toBe(401);
});

it("renews a subscription before it ends, with its present secret, and leaves the others unchanged", async () => {
  const before = new Map(server.subscriptions);
  await hub.query(
    "UPDATE provider_subscriptions SET expires_at = now() + interval '23 hours' WHERE event = $1",
    ["DAY_CREATED"],
  );
  await ensureUntil("the renewal", () => server.subscriptions.get("DAY_CREATED")?.times === 2);
  expect(server.subscriptions.get("DAY_CHANGED")).toEqual(before.get("DAY_CHANGED"));
  expect(server.subscriptions.get("DAY_CREATED")?.secret).toBe(before.get("DAY_CREATED")?.secret);
  expect(await server.tell("DAY_CREATED", daysAgo(5))).toBe(200);
  await waitFor("its new end", async () => {
    const { events } = await subscriptionShown();
    return events.every(({ expires_at }) => Date.parse(expires_at) > Date.now() + 6 * 86_400_000);
  });
});

it("shows a subscription that cannot be renewed, tries again, and keeps its secret meanwhile", async () => {
  server.refusedEvent = "DAY_CHANGED";
  await hub.query("UPDATE provider_subscriptions SET expires_at = now() + interval '1 hour'");
  await ensureUntil("the failure", async () => (await subscriptionShown()).state === "failed");
  const failed = await subscriptionShown();
  expect(failed.error).toMatch(/^DAY_CHANGED: /);
  expect(failed.events.map(({ event, state }) => [event, state])).toEqual([
    ["DAY_CHANGED", "failed"],
    ["DAY_CREATED", "active"],
  ]);
  expect(await server.tell("DAY_CHANGED", daysAgo(5))).toBe(200);
  server.refusedEvent = null;
  await ensureUntil("all well again", async () => (await subscriptionShown()).state === "active");
  expect((await subscriptionShown()).error).toBeNull();
});

it("counts the calls for each person, and forgets the count with the person", async () => {
  const counted = "SELECT FROM provider_budgets WHERE provider = 'tideline' AND provider_user_id = 't-1'";
  expect(await hub.query(counted)).toHaveLength(1);
  await hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${userId}`);
  expect(await hub.query(counted)).toHaveLength(0);
});
