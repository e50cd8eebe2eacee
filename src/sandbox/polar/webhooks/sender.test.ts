import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Linked, Receiver, startWorld, until, type World } from "../testing/world.ts";

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
const sleepOn = (person: Linked, date: string, query = "") =>
  world.put(person.id, `sleep${query}`, { date, sleep_score: 80 });

describe("pushes", () => {
  test("are signed over the raw body with the secret", async () => {
    const { signature_secret_key: secret } = await created();
    const person = await world.linked();
    expect((await sleepOn(person, "2025-10-01")).json()).toEqual({ stored: 1, notified: 1 });
    await until(() => receiver.received.length === 2);
    const push = receiver.received[1];
    expect(push?.headers["polar-webhook-event"]).toBe("SLEEP");
    expect(push?.headers["user-agent"]).toBeTruthy();
    const signature = createHmac("sha256", secret)
      .update(push?.body ?? "")
      .digest("hex");
    expect(push?.headers["polar-webhook-signature"]).toBe(signature);
    expect(push?.json).toEqual({
      event: "SLEEP",
      user_id: person.id,
      date: "2025-10-01",
      timestamp: expect.stringMatching(/^2025-10-02T09:0\d:\d\dZ$/),
      url: `${world.sandbox.url}/v3/users/sleep/2025-10-01`,
    });
  });

  test("name the uploaded data, in order; polled resources push nothing", async () => {
    await created();
    const person = await world.linked();
    const alertness = (day: string) => ({
      sleep_period_end_time: `2025-09-${day}T23:30:00`,
      sleep_timezone_offset_minutes: 120,
    });
    const bodies: Record<string, unknown> = {
      exercises: [
        { id: "x1", start_time: "2025-10-01T08:00:00" },
        { id: "x2", start_time: "2025-10-01T18:00:00" },
      ],
      "nightly-recharge": { date: "2025-10-01" },
      activities: { start_time: "2025-10-01T00:00" },
      "cardio-load": { date: "2025-10-01" },
      "continuous-heart-rate": { date: "2025-10-01" },
      "biosensing/spo2": { source_device_id: "A", test_time: 1759300000 },
      "physical-info": { weight: 70 },
      "sleepwise/alertness": [alertness("29"), alertness("27")],
      "sleepwise/circadian-bedtime": {
        period_start_time: "2025-09-30T20:00:00",
        period_end_time: "2025-10-01T04:00:00",
      },
    };
    for (const [resource, body] of Object.entries(bodies)) {
      expect((await world.put(person.id, resource, body)).status).toBe(200);
    }
    await until(() => receiver.received.length >= 8);
    const pushed = receiver.received
      .slice(1)
      .map(({ json: { event, user_id, timestamp, url, ...extra } }) => {
        expect([user_id, typeof timestamp]).toEqual([person.id, "string"]);
        return [event, extra, String(url).replace(world.sandbox.url, "")];
      });
    expect(pushed).toEqual([
      ["EXERCISE", { entity_id: "x1" }, "/v3/exercises/x1"],
      ["EXERCISE", { entity_id: "x2" }, "/v3/exercises/x2"],
      ["ACTIVITY_SUMMARY", { date: "2025-10-01" }, "/v3/users/activities/2025-10-01"],
      ["CONTINUOUS_HEART_RATE", { date: "2025-10-01" }, "/v3/users/continuous-heart-rate/2025-10-01"],
      ["PHYSICAL_INFORMATION", {}, "/v3/users/physical-info"],
      [
        "SLEEP_WISE_ALERTNESS",
        { from: "2025-09-28", to: "2025-09-30" },
        "/v3/users/sleepwise/alertness/date?from=2025-09-28&to=2025-09-30",
      ],
      [
        "SLEEP_WISE_CIRCADIAN_BEDTIME",
        { from: "2025-10-01", to: "2025-10-01" },
        "/v3/users/sleepwise/circadian-bedtime/date?from=2025-10-01&to=2025-10-01",
      ],
    ]);
  });

  test("the same thing twice in one upload is pushed once, in its last form", async () => {
    await created();
    const person = await world.linked();
    const nights = [1, 2].map((sleep_score) => ({ date: "2025-10-01", sleep_score }));
    expect((await world.put(person.id, "sleep", nights)).json()).toEqual({ stored: 2, notified: 1 });
    const night = await world.as(person, "/v3/users/sleep/2025-10-01");
    expect(night.json().sleep_score).toBe(2);
  });

  test("notify=false is silent, notify=twice pushes the same thing twice", async () => {
    await created();
    const person = await world.linked();
    expect((await sleepOn(person, "2025-09-30", "?notify=false")).json().notified).toBe(0);
    expect((await sleepOn(person, "2025-10-01", "?notify=twice")).json().notified).toBe(2);
    await until(() => receiver.received.length >= 3);
    expect(receiver.received.slice(1).map(({ json }) => json.date)).toEqual(["2025-10-01", "2025-10-01"]);
    expect((await sleepOn(person, "2025-10-01", "?notify=maybe")).status).toBe(400);
  });

  test("are sent only for requested events, registered people, and an active webhook", async () => {
    await create(["EXERCISE"]);
    const person = await world.linked();
    expect((await sleepOn(person, "2025-10-01")).json().notified).toBe(0);
    const unregistered = await world.link(await world.person());
    const exercise = { id: "x", start_time: "2025-10-01T08:00:00" };
    expect((await world.put(unregistered.id, "exercises", exercise)).json().notified).toBe(0);
    expect((await world.put(person.id, "exercises", exercise)).json().notified).toBe(1);
    await world.asClient("/v3/webhooks/deactivate", { method: "POST" });
    expect((await world.put(person.id, "exercises", exercise)).json().notified).toBe(0);
  });

  test("only 200 counts; a failed push is tried again soon", async () => {
    await created();
    const person = await world.linked();
    receiver.status = 202;
    await sleepOn(person, "2025-10-01");
    await until(() => receiver.received.length >= 2);
    receiver.status = 200;
    await until(() => receiver.received.length >= 3);
    const record = async () => (await world.call("/_sandbox/webhook-deliveries")).json();
    await until(async () => (await record()).pending === 0);
    expect(await record()).toMatchObject({
      pending: 0,
      deliveries: [
        { event: "PING", status: 200 },
        { event: "SLEEP", attempt: 1, status: 202, user_id: person.id },
        { event: "SLEEP", attempt: 2, status: 200 },
      ],
    });
  });

  test("moving the clock tries again; seven days of failures deactivate", async () => {
    await created();
    const person = await world.linked();
    receiver.status = 500;
    await sleepOn(person, "2025-10-01");
    await until(() => receiver.received.length >= 2);
    await world.at("2025-10-08T09:00:00Z");
    await until(() => receiver.received.length >= 3);
    expect(await info()).toMatchObject([{ active: true }]);
    await world.at("2025-10-09T10:00:00Z");
    await until(async () => (await info())[0]?.active === false);
    expect(await info()).toMatchObject([{ active: false }]);
    expect((await sleepOn(person, "2025-10-08")).json().notified).toBe(0);
  });

  test("one success within the seven days restarts them", async () => {
    await created();
    const person = await world.linked();
    receiver.status = 500;
    await sleepOn(person, "2025-10-01");
    await until(() => receiver.received.length >= 2);
    receiver.status = 200;
    await world.at("2025-10-07T09:00:00Z");
    await until(() => receiver.received.length >= 3);
    receiver.status = 500;
    await sleepOn(person, "2025-10-07");
    await until(() => receiver.received.length >= 4);
    await world.at("2025-10-10T10:00:00Z");
    await until(() => receiver.received.length >= 5);
    expect(await info()).toMatchObject([{ active: true }]);
  });

  test("a PUT does not wait for a receiver that hangs", async () => {
    await created();
    const person = await world.linked();
    receiver.hang = true;
    const start = performance.now();
    await sleepOn(person, "2025-10-01");
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
