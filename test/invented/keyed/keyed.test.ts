/** Keyed, end to end: a pasted key and polling, without any webhook. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../../support/wait.ts";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { keyed } from "./plugin.ts";
import { type KeyedServer, startKeyed } from "./server.ts";

let server: KeyedServer;
let hub: Hub;
let userId = "";

beforeAll(async () => {
  server = await startKeyed();
  server.days.push({ day: daysAgo(1), steps: 100 });
  hub = await startHub(keyed, { KEYED_API_URL: server.url });
});
afterAll(async () => {
  await hub.close();
  await server.close();
});

const paste = (link: string, fields: Record<string, string>) =>
  fetch(link, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });

it("shows how to make a key, and says when the provider refuses one", async () => {
  const link = await hub.connectLink("me");
  const page = await (await fetch(link)).text();
  expect(page).toContain("Choose “Make a key”");
  expect(page).toContain('name="ends_at"');
  const refused = await paste(link, { key: "wrong" });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain("Keyed does not accept this key");
});

it("connects with the key, and the first data comes", async () => {
  const connected = await paste(await hub.connectLink("me"), {
    key: ` ${server.key} `,
    ends_at: "2030-01-31",
  });
  expect(connected.status).toBe(200);
  const [auth] = await waitFor("the auth event", () => {
    const found = hub.events("auth");
    return found.length > 0 && found;
  });
  userId = String((auth?.body.user as { user_id: string } | undefined)?.user_id);
  await hub.received({ [daysAgo(1)]: 100 });
});

it("makes a new token from the key when the previous one has ended", async () => {
  server.expireTokens();
  server.days.push({ day: daysAgo(0), steps: 7 });
  await hub.refresh(userId);
  await hub.received({ [daysAgo(0)]: 7 });
});

it("calls in parallel, and never with more calls than the provider allows", async () => {
  const people = ["one", "two", "three", "four", "five", "six"];
  await Promise.all(people.map(async (name) => paste(await hub.connectLink(name), { key: server.key })));
  const users = await waitFor("everybody", async () => {
    const found = await hub.query<{ user_id: string }>("SELECT user_id FROM connections");
    return found.length === people.length + 1 && found.map((row) => row.user_id);
  });
  for (const user of users) await hub.received({ [daysAgo(0)]: 7 }, user);
  [server.delayMs, server.mostAtOnce] = [300, 0];
  server.days[0] = { day: daysAgo(1), steps: 101 };
  await Promise.all(users.map((user) => hub.refresh(user)));
  for (const user of users) await hub.received({ [daysAgo(1)]: 101 }, user);
  expect(server.mostAtOnce).toBe(2);
  server.delayMs = 0;
});

it("notifies the developer once when the key has ended, and makes no more calls", async () => {
  const of = (type: string) => hub.events(type).filter(({ body }) => body.user?.user_id === userId);
  server.endKey();
  await hub.refresh(userId);
  await waitFor("the word about it", () => of("connection_error").length > 0);
  const before = server.asked.length;
  await hub.refresh(userId);
  const { body } = await hub.call("GET", `/v2/userInfo?user_id=${userId}`);
  expect(body.user).toMatchObject({ active: false });
  expect(of("connection_error").map(({ body: told }) => told.reason)).toEqual(["key_refused"]);
  expect(of("access_revoked")).toEqual([]);
  expect(server.asked.length).toBe(before);
});
