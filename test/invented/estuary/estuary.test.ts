/** Pushed days whose tides are fetched, tokens that expire before the permission is given back: the whole way. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { estuary } from "./plugin.ts";
import { type EstuaryServer, startEstuary } from "./server.ts";

let server: EstuaryServer;
let hub: Hub;

beforeAll(async () => {
  server = await startEstuary();
  hub = await startHub(estuary, {
    ESTUARY_CLIENT_ID: "id",
    ESTUARY_CLIENT_SECRET: "secret",
    ESTUARY_AUTHORIZE_URL: `${server.url}/authorize`,
    ESTUARY_TOKEN_URL: `${server.url}/token`,
    ESTUARY_API_URL: server.url,
  });
});
afterAll(async () => {
  await hub.close();
  await server.close();
});

const hook = () => `${hub.url}/v2/hooks/estuary`;
const connect = (person: string) => {
  server.person = person;
  return hub.connect(person);
};
const leave = (userId: string) => hub.call("DELETE", `/v2/auth/deauthenticateUser?user_id=${userId}`);

interface Day {
  readonly distance_data: { readonly steps: number; readonly floors_climbed: number | null };
}

async function dayOf(userId: string, day: string): Promise<Day["distance_data"] | undefined> {
  const range = `user_id=${userId}&start_date=${day}&end_date=${day}&to_webhook=false`;
  const { body } = await hub.call("GET", `/v2/daily?${range}`);
  const [found] = (body.data ?? []) as readonly Day[];
  return found?.distance_data;
}

it("answers HEAD and POST that test the address, and believes only signatures by a published key", async () => {
  expect((await fetch(hook(), { method: "HEAD" })).status).toBe(204);
  const hello = await fetch(`${hook()}?hello=there`, { method: "POST" });
  expect([hello.status, await hello.text()]).toEqual([200, "there"]);
  const headers = { "estuary-signature": "k1:AAAA" };
  expect((await fetch(hook(), { method: "POST", body: "{}", headers })).status).toBe(401);
});

it("fetches what belongs to a pushed day, by POST and page by page", async () => {
  server.granted = ["days", "tides"];
  const userId = await connect("tidal");
  const day = daysAgo(1);
  expect((await server.push(hook(), { event: "DAY", person: "tidal", day, steps: 10 })).status).toBe(200);
  await waitFor("the tides", async () => (await dayOf(userId, day))?.floors_climbed === 2);
  // Tides without their day make no record.
  await server.push(hook(), { event: "GONE", person: "tidal", day });
  await waitFor("the day to go", async () => (await dayOf(userId, day)) === undefined);
});

it("gives a permission back with a token that has not expired", async () => {
  server.granted = ["days"];
  server.tokenSeconds = 30;
  const userId = await connect("now");
  await waitFor("the subscription", () => server.subscribers.has("now"));
  server.expireTokens();
  await leave(userId);
  expect(server.revoked).toContain("now");
  expect(server.subscribers.has("now")).toBe(false);
});

it("gives it back later with a new token as well, when the provider could not be reached", async () => {
  const userId = await connect("later");
  await waitFor("the subscription", () => server.subscribers.has("later"));
  server.refusesRevocations = true;
  await leave(userId);
  server.expireTokens();
  server.refusesRevocations = false;
  await hub.query("UPDATE pgboss.job SET start_after = now() WHERE state = 'created' AND name = 'ingest'");
  await waitFor("the permission to be given back", () => server.revoked.includes("later"));
});

it("leaves no subscription of somebody who left while it was made", async () => {
  server.tokenSeconds = 3_600;
  const begun = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  server.beforeSubscribing = () => {
    begun.resolve();
    return left.promise;
  };
  const userId = await connect("gone");
  await begun.promise;
  await leave(userId);
  left.resolve();
  await waitFor("the subscription to be made", () =>
    server.asked.some(({ method, url }, index) => {
      const isMade = method === "PUT" && url.pathname === "/subscriber";
      return isMade && server.asked.slice(index + 1).some((one) => one.method === "DELETE");
    }),
  );
  await waitFor("it to be removed", () => !server.subscribers.has("gone"));
});
