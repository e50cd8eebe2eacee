/** Two APIs behind one consent, of whose scopes a part is granted: the whole way. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { daysAgo, type Hub, startHub } from "../hub.ts";
import { duo } from "./plugin.ts";
import { type DuoServer, startDuo } from "./server.ts";

let server: DuoServer;
let hub: Hub;

beforeAll(async () => {
  server = await startDuo();
  server.days.push({ day: daysAgo(1), steps: 100 }, { day: daysAgo(0), steps: 3 });
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

it("asks for nothing that was not granted, and says what was", async () => {
  const before = askedOf("today").length;
  server.granted = ["past"];
  const userId = await hub.connect("part");
  await hub.received({ [daysAgo(1)]: 100 }, userId);
  const { body } = await hub.call("GET", `/v2/userInfo?user_id=${userId}`);
  expect(body.user).toMatchObject({ scopes: "past", active: true });
  expect(askedOf("today").length).toBe(before);
});
