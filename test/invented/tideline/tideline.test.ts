/** PKCE, refresh tokens that are used once, answers in pages: the whole way. */
import { afterAll, beforeAll, expect, it } from "vitest";
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

it("keeps each page as it came", async () => {
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
