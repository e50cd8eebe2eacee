import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Receiver, startWorld, type World } from "../testing/world.ts";

const EVENTS = [
  "EXERCISE",
  "SLEEP",
  "CONTINUOUS_HEART_RATE",
  "SLEEP_WISE_CIRCADIAN_BEDTIME",
  "SLEEP_WISE_ALERTNESS",
  "ACTIVITY_SUMMARY",
  "PHYSICAL_INFORMATION",
];

let world: World;
let receiver: Receiver;
beforeEach(async () => {
  [world, receiver] = await Promise.all([startWorld(), Receiver.start()]);
});
afterEach(async () => {
  await Promise.all([world.close(), receiver.close()]);
});

const create = (events = EVENTS, url = receiver.url) =>
  world.asClient("/v3/webhooks", { method: "POST", body: { events, url } });
const created = async () =>
  (await create()).json().data as { id: string; signature_secret_key: string; url: string };
const info = async () => (await world.asClient("/v3/webhooks")).json().data as { active: boolean }[];
describe("managing the webhook", () => {
  test("creation pings and gives the secret once, and there is one for each client", async () => {
    const answer = await create(["SLEEP"]);
    expect(answer.status).toBe(201);
    expect(answer.json()).toEqual({
      data: {
        id: expect.any(String),
        events: ["SLEEP"],
        url: receiver.url,
        signature_secret_key: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.headers["polar-webhook-event"]).toBe("PING");
    expect(receiver.received[0]?.json).toEqual({
      timestamp: expect.stringMatching(/^2025-10-02T09:0\d:\d\dZ$/),
      event: "PING",
    });
    const { id } = answer.json().data as { id: string };
    expect(await info()).toEqual([{ id, events: ["SLEEP"], url: receiver.url, active: true }]);
    expect((await create()).status).toBe(409);
  });

  test("a PING that is not answered with 200 is a 400 in Polar's real shape", async () => {
    receiver.status = 204;
    const answer = await create();
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({
      error: {
        timestamp: expect.any(String),
        status: 400,
        error_type: "WebhookPingFailedException",
        message: expect.stringContaining("status 204"),
        corr_id: expect.any(String),
      },
    });
    expect(await info()).toEqual([]);
    expect((await create(EVENTS, "http://127.0.0.1:1/")).status).toBe(400);
  });

  test("wrong credentials and wrong bodies are refused", async () => {
    expect((await world.call("/v3/webhooks")).status).toBe(401);
    const person = await world.linked();
    expect((await world.as(person, "/v3/webhooks")).status).toBe(401);
    expect((await create(["NAPS"])).status).toBe(400);
    expect((await create([])).status).toBe(400);
    expect((await create(EVENTS, "ftp://here")).status).toBe(400);
  });

  test("PATCH changes events freely and the address after a PING; after DELETE another can be made", async () => {
    const { id } = await created();
    const patch = (body: object, name = id) =>
      world.asClient(`/v3/webhooks/${name}`, { method: "PATCH", body });
    expect((await patch({ events: ["SLEEP"] })).json()).toMatchObject({ data: [{ id, events: ["SLEEP"] }] });
    expect(receiver.received).toHaveLength(1);
    expect((await patch({ url: `${receiver.url}/2` })).status).toBe(200);
    expect(receiver.received).toHaveLength(2);
    receiver.status = 500;
    expect((await patch({ url: receiver.url })).status).toBe(400);
    expect(await info()).toMatchObject([{ url: `${receiver.url}/2`, events: ["SLEEP"] }]);
    expect((await patch({ events: ["SLEEP"] }, "other")).status).toBe(404);
    const remove = () => world.asClient(`/v3/webhooks/${id}`, { method: "DELETE" });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect(await info()).toEqual([]);
  });

  test("activate and deactivate answer 204 without a webhook, and activation pings", async () => {
    const turn = (how: string) => world.asClient(`/v3/webhooks/${how}`, { method: "POST" });
    expect([(await turn("activate")).status, (await turn("deactivate")).status]).toEqual([204, 204]);
    await created();
    expect((await turn("deactivate")).status).toBe(200);
    expect(await info()).toMatchObject([{ active: false }]);
    receiver.status = 500;
    expect((await turn("activate")).status).toBe(400);
    receiver.status = 200;
    expect((await turn("activate")).status).toBe(200);
    expect(await info()).toMatchObject([{ active: true }]);
    expect(receiver.events()).toEqual(["PING", "PING", "PING"]);
  });
});
