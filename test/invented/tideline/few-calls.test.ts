/** More pages than a person's limit has calls: the whole way. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Provider } from "../../../src/providers/provider.ts";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { tideline } from "./plugin.ts";
import { startTideline, type TidelineServer } from "./server.ts";

const { "tideline-v1": api } = tideline.apis;
const personRateLimits = [{ name: "an hour", lengthMs: 3_600_000, calls: 4 }];
const limited = { ...tideline, apis: { "tideline-v1": { ...api, personRateLimits } } } as Provider;
let server: TidelineServer;
let hub: Hub;

beforeAll(async () => {
  server = await startTideline();
  for (let back = 12; back > 0; back--) server.days.push({ day: daysAgo(back), steps: back });
  hub = await startHub(limited, {
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

/** Ends the hour of the limits. */
async function nextHour(): Promise<void> {
  await waitFor("the limit to be used up", async () => {
    const postponed = "SELECT FROM fetch_tasks WHERE code = 'PROVIDER_BUDGET_SPENT'";
    return (await hub.query(postponed)).length > 0;
  });
  await hub.query("UPDATE fetch_tasks SET code = NULL");
  await hub.query("DELETE FROM provider_budgets");
  await hub.query("UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND name = 'ingest'");
}

it("goes on with the next page, and asks for none twice", async () => {
  await hub.connect("me");
  await nextHour();
  await hub.received(Object.fromEntries(server.days.map(({ day, steps }) => [day, steps])));
  const cursors = server.asked
    .filter(({ url }) => url.pathname === "/days")
    .map(({ url }) => url.searchParams.get("cursor"));
  expect(cursors).toEqual([null, "0", "2", "4", "6", "8", "10"]);
});
