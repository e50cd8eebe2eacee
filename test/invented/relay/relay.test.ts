/**
 * Relay, end to end: data in the webhook itself, for several people at once, with deletions and the end of a
 * permission.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { relay } from "./plugin.ts";
import { type RelayServer, startRelay } from "./server.ts";

const secret = "relay's client secret";
let server: RelayServer;
let hub: Hub;
const users: string[] = [];

beforeAll(async () => {
  server = await startRelay(secret);
  hub = await startHub(relay, {
    RELAY_CLIENT_ID: "the-client",
    RELAY_CLIENT_SECRET: secret,
    RELAY_AUTHORIZE_URL: `${server.url}/authorize`,
    RELAY_TOKEN_URL: `${server.url}/token`,
    RELAY_API_URL: server.url,
  });
  for (const person of ["r-1", "r-2"]) {
    server.person = person;
    users.push(await hub.connect(person));
  }
});
afterAll(async () => {
  await hub.close();
  await server.close();
});

const hook = () => `${hub.url}/v2/hooks/relay`;
const day = (person: string, back: number, steps: number) => ({
  event: "DAY",
  person,
  day: { day: daysAgo(back), steps },
});

it("answers a test of the address, and refuses one without the client's header", async () => {
  const challenge = await fetch(`${hook()}?challenge=abc`, { headers: { "relay-client": "the-client" } });
  expect([challenge.status, await challenge.json()]).toEqual([200, { challenge: "abc" }]);
  expect((await fetch(`${hook()}?challenge=abc`)).status).toBe(401);
  expect((await fetch(hook())).status).toBe(404);
});

it("reads the data of several people from one body, and answers as the provider demands", async () => {
  const answer = await server.push(hook(), [day("r-1", 1, 100), day("r-2", 1, 200), day("r-1", 2, 300)]);
  expect([answer.status, await answer.text()]).toEqual([202, "thanks"]);
  await hub.received({ [daysAgo(1)]: 100, [daysAgo(2)]: 300 }, users[0]);
  await hub.received({ [daysAgo(1)]: 200 }, users[1]);
});

it("stores no data of one person with another", async () => {
  const [row] = await hub.query(
    "SELECT count(*)::int AS n FROM raw_payloads WHERE user_id = $1 AND body IS NOT NULL",
    [users[1]],
  );
  expect(row).toEqual({ n: 1 });
  expect(await hub.query("SELECT FROM notifications WHERE body IS NOT NULL")).toEqual([]);
});

it("lets the newer of two bodies of one day win, whichever is worked first", async () => {
  for (const steps of [1, 2, 3, 4]) await server.push(hook(), [day("r-2", 3, steps)]);
  await hub.received({ [daysAgo(3)]: 4 }, users[1]);
});

it("refuses a wrong signature", async () => {
  const init = { method: "POST", body: JSON.stringify({ messages: [day("r-1", 1, 9)] }) };
  expect((await fetch(hook(), { ...init, headers: { "relay-signature": "x" } })).status).toBe(401);
});

it("deletes what the person deleted", async () => {
  await server.push(hook(), [{ event: "DAY_DELETED", person: "r-1", day: daysAgo(2) }]);
  await waitFor("the day to go", async () => {
    const range = `user_id=${users[0]}&start_date=${daysAgo(5)}&to_webhook=false`;
    const { body } = await hub.call("GET", `/v2/daily?${range}`);
    return Array.isArray(body.data) && body.data.length === 1;
  });
});

it("sends a day that comes again as the revision after its last", async () => {
  await server.push(hook(), [day("r-1", 2, 301)]);
  await hub.received({ [daysAgo(2)]: 301 }, users[0]);
  const [row] = await hub.query("SELECT revision FROM records WHERE user_id = $1 AND natural_key = $2", [
    users[0],
    daysAgo(2),
  ]);
  expect(row).toEqual({ revision: 2 });
});

it("notes other scopes and fetches what they open, and notes the end of a permission", async () => {
  server.history.push({ day: daysAgo(20), steps: 2_000 });
  await server.push(hook(), [
    { event: "SCOPES", person: "r-1", scopes: ["days", "history"] },
    { event: "LEFT", person: "r-2" },
    { event: "MOON", person: "r-1" },
  ]);
  await waitFor("the scopes", async () => {
    const { body } = await hub.call("GET", `/v2/userInfo?user_id=${users[0]}`);
    return (body.user as { scopes?: string } | undefined)?.scopes === "days,history";
  });
  await hub.received({ [daysAgo(20)]: 2_000 }, users[0]);
  await waitFor("the end", () => hub.events("access_revoked").length === 1);
});
