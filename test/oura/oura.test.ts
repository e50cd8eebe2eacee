/** Oura, end to end, against its sandbox: consents, tokens, notifications, late and moved data, refusals. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { client } from "../../src/sandbox/oura/sandbox.ts";
import { daysAgo } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";
import { newId, nightOf } from "./documents.ts";
import { type OuraRecord, type OuraWorld, startOuraWorld } from "./oura-world.ts";

type Json = ReturnType<typeof JSON.parse>;

let world: OuraWorld;
beforeAll(async () => {
  world = await startOuraWorld();
  await world.subscribed();
});
afterAll(() => world?.close());
beforeEach(() => world.calm());

const day = daysAgo(3);
const dayBefore = daysAgo(4);

const period = (changed: object = {}) =>
  nightOf(day, { sleep_phase_5_min: "4213", heart_rate: null, hrv: null, readiness: null, ...changed });
const workout = (changed: object = {}) => ({
  id: newId(),
  activity: "running",
  calories: 300,
  day,
  distance: null,
  start_datetime: `${day}T18:00:00-05:00`,
  end_datetime: `${day}T18:30:00-05:00`,
  intensity: "hard",
  label: null,
  source: "confirmed",
  ...changed,
});
const activityDay = (changed: object = {}) => ({
  id: newId(),
  day,
  timestamp: `${day}T04:00:00-05:00`,
  class_5_min: "11",
  score: 80,
  steps: 1_000,
  total_calories: 2_000,
  active_calories: 300,
  ...changed,
});
const scored = (score: number) => ({
  id: newId(),
  day,
  score,
  contributors: {},
  timestamp: `${day}T00:00:00-05:00`,
});

/** Connects a new person who has these documents already. */
async function connected(given: object, documents: Readonly<Record<string, unknown>>) {
  const person = await world.person(given);
  for (const [collection, body] of Object.entries(documents)) await world.put(person, collection, body);
  const userId = await world.connect(person);
  await waitFor("the first answers", async () => {
    const rows = await world.hub.query(
      "SELECT FROM fetch_tasks WHERE user_id = $1 AND kind = 'connect' AND state = 'done'",
      [userId],
    );
    return rows.length > 0;
  });
  await world.skipHistory();
  return { person, userId };
}

const recordsOf = (userId: string, type: string): Promise<OuraRecord[]> =>
  world.records(userId, type, daysAgo(10), daysAgo(-1));

/** Waits until a user's records of a type are as wanted. */
const until = (userId: string, type: string, isSo: (records: Json[]) => boolean): Promise<Json[]> =>
  waitFor(`the ${type} records`, async () => {
    const found = (await recordsOf(userId, type)) as Json[];
    if (isSo(found)) return found;
    await world.hasten();
    return null;
  });

describe("a person's consent", () => {
  it("opens what they granted on Oura's page, and nothing else is asked for", async () => {
    await world.control("DELETE", "/requests");
    const { person, userId } = await connected(
      { scopes: ["daily", "workout"] },
      { sleep: period(), workout: workout(), enhanced_tag: [], session: [] },
    );
    await until(userId, "activity", (records) => records.length === 1);
    await until(userId, "sleep", (records) => records.length === 1);
    const asked = (await world.asked()).filter(({ user_id }) => user_id === person);
    const collections = new Set(asked.map(({ path }) => path.split("?")[0]?.split("/")[3]));
    for (const refused of ["heartrate", "ring_battery_level", "session", "enhanced_tag", "tag", "daily_spo2"])
      expect(collections).not.toContain(refused);
    expect(collections).toContain("daily_activity");
    expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
    const [connection] = await world.hub.query<{ scopes: string }>(
      "SELECT scopes FROM connections WHERE user_id = $1",
      [userId],
    );
    expect(new Set(connection?.scopes.split(" "))).toEqual(new Set(["daily", "workout"]));
  });
});

describe("tokens", () => {
  it("renew once, whoever needs them at the same time, and no refresh token is used twice", async () => {
    const { person, userId } = await connected({}, { sleep: period() });
    await until(userId, "sleep", (records) => records.length === 1);
    await world.control("POST", "/faults", { kind: "expire" });
    const documents = Array.from({ length: 8 }, () => workout());
    await world.put(person, "workout", documents, "true");
    await until(userId, "activity", (records) => records.length === 8);
    expect(await world.control("GET", "/tokens")).toEqual({ reused: 0 });
  });

  it("that are over end the connection's fetches with one message and no storm", async () => {
    const { person, userId } = await connected({}, { sleep: period() });
    const nothingIsOpen = async (): Promise<boolean> => {
      // Older days are asked for in steps, each of which makes the next one.
      await world.skipHistory();
      const sql = "SELECT FROM fetch_tasks WHERE provider_user_id = $1 AND state = 'accepted'";
      return (await world.hub.query(sql, [person])).length === 0;
    };
    await waitFor("the first look to end", nothingIsOpen);
    await world.control("POST", "/faults", { kind: "revoke", user_id: person });
    await world.control("DELETE", "/requests");
    for (let count = 0; count < 5; count += 1) await world.put(person, "workout", workout(), "true");
    await waitFor("the developer to be told", () =>
      world.hub.events("access_revoked").some(({ body }) => body.user?.user_id === userId),
    );
    await waitFor("all of them to wait", nothingIsOpen);
    const told = world.hub.events("access_revoked").filter(({ body }) => body.user?.user_id === userId);
    expect(told).toHaveLength(1);
    const refreshes = (await world.asked()).filter(({ path }) => path.startsWith("/oauth/token"));
    expect(refreshes.length).toBeLessThanOrEqual(5);
    // The person connects again: what waited is fetched.
    const again = await world.connect(person);
    await world.skipHistory();
    await until(again, "activity", (records) => records.length === 5);
  });
});

describe("notifications", () => {
  it("are subscribed to for each data type and operation", async () => {
    const { subscriptions } = await world.control<{ subscriptions: Json[] }>("GET", "/subscriptions");
    const pairs = new Set(subscriptions.map(({ event_type, data_type }) => `${event_type} ${data_type}`));
    expect(pairs.size).toBe(48);
    for (const pair of ["create sleep", "update vo2_max", "delete workout"]) expect(pairs).toContain(pair);
  });

  it("bring new, changed and deleted documents, each change once", async () => {
    const { person, userId } = await connected({}, {});
    const run = workout({ activity: "crossCountrySkiing", label: "Evening" });
    await world.put(person, "workout", run, "twice");
    const [record] = await until(userId, "activity", (records) => records.length === 1);
    expect(record.metadata).toMatchObject({
      summary_id: run.id,
      name: "Evening",
      type: 67,
      start_time: `${day}T18:00:00.000000-05:00`,
    });
    await world.put(person, "workout", { ...run, calories: 321 }, "true");
    await until(userId, "activity", ([one]) => one?.calories_data.total_burned_calories === 321);
    await waitFor("both revisions", () => {
      const events = world.hub.events("activity").filter(({ body }) => body.user?.user_id === userId);
      return new Set(events.map(({ headers }) => headers["x-systole-revision"])).size === 2;
    });
    await world.control("DELETE", `/users/${person}/workout/${run.id}`);
    await until(userId, "activity", (records) => records.length === 0);
  });

  it("about vo2_max are fetched from the collection with the capital letter", async () => {
    const { person, userId } = await connected({}, {});
    const estimate = { id: newId(), day, timestamp: `${day}T09:00:00-05:00`, vo2_max: 47 };
    await world.put(person, "vO2_max", estimate, "true");
    const [record] = await until(userId, "daily", (records) => records.length === 1);
    expect(record.oxygen_data.vo2max_ml_per_min_per_kg).toBe(47);
  });

  it("are refused when forged, altered or old", async () => {
    const body = JSON.stringify({
      event_type: "create",
      data_type: "sleep",
      object_id: newId(),
      user_id: "somebody",
    });
    const send = async (secret: string, ageSeconds: number, sent = body) => {
      const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
      const signature = createHmac("sha256", secret).update(timestamp).update(body).digest("hex");
      const headers = { "x-oura-timestamp": timestamp, "x-oura-signature": signature.toUpperCase() };
      return (await fetch(`${world.hub.url}/v2/hooks/oura`, { method: "POST", headers, body: sent })).status;
    };
    expect(await send(client.secret, 0)).toBe(200);
    expect(await send("another secret", 0)).toBe(401);
    expect(await send(client.secret, 0, body.replace("create", "delete"))).toBe(401);
    expect(await send(client.secret, 3_600)).toBe(401);
    expect(await send(client.secret, -3_600)).toBe(401);
  });

  it("do not stop when the subscriptions lapse: they are made again", async () => {
    await world.control("POST", "/faults", { kind: "lapse" });
    await world.hub.query(
      "UPDATE provider_subscriptions SET expires_at = now() + interval '1 day' WHERE provider = 'oura'",
    );
    await waitFor("the new subscriptions", async () => {
      await world.hub.ensureSubscriptions();
      const { subscriptions } = await world.control<{ subscriptions: Json[] }>("GET", "/subscriptions");
      return subscriptions.length === 48;
    });
  });
});

describe("late and changed data", () => {
  it("of a day's score changes the night, and not the nap", async () => {
    const nap = period({
      type: "sleep",
      bedtime_start: `${day}T13:00:00-05:00`,
      bedtime_end: `${day}T13:40:00-05:00`,
    });
    const { person, userId } = await connected({}, { sleep: [period(), nap] });
    await until(userId, "sleep", (records) => records.length === 2);
    await world.put(person, "daily_sleep", scored(77), "true");
    const records = await until(userId, "sleep", (all) => all.some(({ scores }) => scores.sleep === 77));
    const napped = records.find(({ metadata }) => metadata.summary_id === nap.id);
    expect(napped).toMatchObject({ scores: { sleep: null }, metadata: { is_nap: true } });
  });

  it("moves a nap to the next day under its id, and takes it away when it is rejected", async () => {
    const nap = period({
      type: "sleep",
      bedtime_start: `${dayBefore}T17:00:00-05:00`,
      bedtime_end: `${dayBefore}T17:50:00-05:00`,
      day: dayBefore,
    });
    const { person, userId } = await connected({}, { sleep: nap });
    await until(userId, "sleep", (records) => records.length === 1);
    const moved = { ...nap, type: "late_nap", bedtime_end: `${dayBefore}T18:20:00-05:00`, day };
    await world.put(person, "sleep", moved, "true");
    const [record] = await until(
      userId,
      "sleep",
      (records) => records.length === 1 && records[0].metadata.end_time.includes("T18:20"),
    );
    expect(record.metadata.summary_id).toBe(nap.id);
    await world.put(person, "sleep", { ...moved, type: "rest" }, "true");
    await until(userId, "sleep", (records) => records.length === 0);
  });

  it("adds heart rate that comes after its workout, cut at the workout's ends", async () => {
    const { person, userId } = await connected({}, { workout: workout(), daily_activity: activityDay() });
    await until(userId, "activity", (records) => records.length === 1);
    const beat = (minute: number, bpm: number) => ({
      // 18:00 in the person's offset.
      timestamp: new Date(Date.parse(`${day}T23:00:00Z`) + minute * 60_000)
        .toISOString()
        .replace(".000Z", "+00:00"),
      bpm,
      source: "workout",
    });
    await world.put(person, "heartrate", [beat(-1, 80), beat(0, 120), beat(30, 150), beat(61, 90)]);
    // Samples are not announced: they come with what is.
    await world.put(person, "daily_activity", { ...activityDay(), steps: 2_000 }, "true");
    await world.hub.refresh(userId);
    const [record] = await until(
      userId,
      "activity",
      ([one]) => one?.heart_rate_data.detailed.hr_samples.length === 2,
    );
    expect(record.heart_rate_data.summary).toMatchObject({ min_hr_bpm: 120, max_hr_bpm: 150 });
    const days = await until(userId, "daily", (records) =>
      records.some(({ heart_rate_data }) => heart_rate_data.detailed.hr_samples.length === 4),
    );
    expect(days[0].metadata.start_time).toBe(`${day}T00:00:00.000000-05:00`);
  });

  it("of a deleted day takes the day's figures away", async () => {
    const activity = activityDay();
    const { person, userId } = await connected({}, { daily_activity: activity });
    await until(userId, "daily", (records) => records.length === 1);
    await world.control("DELETE", `/users/${person}/daily_activity/${activity.id}`);
    await until(userId, "daily", (records) => records.length === 0);
  });
});

describe("pages and refusals", () => {
  it("follows every page, also within a day of samples", async () => {
    await world.control("PUT", "/pages", { documents: 2, samples: 3 });
    const samples = Array.from({ length: 11 }, (_, index) => ({
      timestamp: `${day}T12:${String(index).padStart(2, "0")}:00+00:00`,
      bpm: 60 + index,
      source: "awake",
    }));
    const naps = Array.from({ length: 5 }, (_, index) =>
      period({
        type: "sleep",
        bedtime_start: `${day}T1${index}:00:00-05:00`,
        bedtime_end: `${day}T1${index}:20:00-05:00`,
      }),
    );
    const { userId } = await connected({}, { heartrate: samples, sleep: naps });
    await until(userId, "sleep", (records) => records.length === 5);
    await until(userId, "daily", (records) =>
      records.some(({ heart_rate_data }) => heart_rate_data.detailed.hr_samples.length === 11),
    );
    await world.control("PUT", "/pages", { documents: 50, samples: 1_000 });
  });

  for (const fault of [
    { kind: "outage", status: 503, times: 1 },
    { kind: "outage", status: 500, times: 1 },
    { kind: "rate-limit", reset_seconds: 1, times: 1 },
    { kind: "malformed", body: "html", times: 1 },
    { kind: "malformed", body: "empty", times: 1 },
    { kind: "malformed", body: "truncated", times: 1 },
  ]) {
    it(`loses nothing by ${JSON.stringify(fault)}`, async () => {
      const { person, userId } = await connected({}, {});
      await world.control("POST", "/faults", { ...fault, path: "/usercollection/workout/" });
      await world.put(person, "workout", workout(), "true");
      await until(userId, "activity", (records) => records.length === 1);
    });
  }

  it("waits while a person's membership has ended, and goes on afterwards", async () => {
    const { person, userId } = await connected({}, {});
    await world.control("PATCH", `/users/${person}`, { membership: false });
    await world.put(person, "workout", workout(), "true");
    await waitFor("the refusal", async () => {
      const [row] = await world.hub.query<{ error_code: string | null }>(
        "SELECT error_code FROM connections WHERE user_id = $1",
        [userId],
      );
      return row?.error_code === "PROVIDER_FORBIDDEN";
    });
    await world.control("PATCH", `/users/${person}`, { membership: true });
    await until(userId, "activity", (records) => records.length === 1);
  });
});
