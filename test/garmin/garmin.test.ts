/**
 * Garmin, end to end, against its sandbox: the first look, polling, edits, refusals. The tests run side by side,
 * each with a person of its own.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { daysAgo } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";
import { type GarminWorld, startGarminWorld } from "./garmin-world.ts";

type Json = ReturnType<typeof JSON.parse>;

let world: GarminWorld;
beforeAll(async () => {
  world = await startGarminWorld();
});
afterAll(() => world?.close());

const yesterday = daysAgo(1);
const offsetMs = 8 * 3_600_000;

/**
 * Today and tomorrow, in a zone eight hours ahead: the first look asks for the newest day, and the one before comes with
 * the older ones. Midnight may pass while the tests run.
 */
const newestDays = (person: number) =>
  [0, 1].map((later) => ({
    userProfileId: person,
    calendarDate: daysAgo(-later),
    totalSteps: 5_459,
    totalKilocalories: 2_252,
    wellnessStartTimeGmt: `${daysAgo(1 - later)}T16:00:00.0`,
    wellnessStartTimeLocal: `${daysAgo(-later)}T00:00:00.0`,
    wellnessEndTimeGmt: `${daysAgo(-later)}T16:00:00.0`,
    wellnessEndTimeLocal: `${daysAgo(-1 - later)}T00:00:00.0`,
    averageStressLevel: -1,
  }));

const nightOf = (changed: object = {}) => {
  const localStart = Date.parse(`${daysAgo(2)}T23:10:00Z`);
  const localEnd = Date.parse(`${yesterday}T06:40:00Z`);
  return {
    id: localStart - offsetMs,
    calendarDate: yesterday,
    sleepTimeSeconds: 26_000,
    sleepStartTimestampGMT: localStart - offsetMs,
    sleepEndTimestampGMT: localEnd - offsetMs,
    // Already shifted: not to be converted again.
    sleepStartTimestampLocal: localStart,
    sleepEndTimestampLocal: localEnd,
    deepSleepSeconds: 5_000,
    lightSleepSeconds: 15_000,
    remSleepSeconds: 6_000,
    awakeSleepSeconds: 1_000,
    deviceRemCapable: true,
    nextSleepNeed: { calendarDate: daysAgo(0) },
    ...changed,
  };
};

const activityOf = (activityId: number, changed: object = {}) => ({
  activityId,
  activityType: { typeId: 1, typeKey: "running", parentTypeId: 17 },
  startTimeLocal: `${yesterday} 18:00:00`,
  startTimeGMT: `${yesterday} 10:00:00`,
  duration: 1_800,
  elapsedDuration: 1_800,
  distance: 5_000,
  calories: 400,
  ...changed,
});

/** Makes a person with the newest days and these bodies, and connects them. */
async function connected(bodies: Readonly<Record<string, unknown>>) {
  const person = await world.person();
  await world.put(person, "daily-summary", newestDays(person));
  for (const [resource, body] of Object.entries(bodies)) await world.put(person, resource, body);
  const userId = await world.connect(person);
  return { person, userId };
}

const until = (userId: string, type: string, isSo: (records: Json[]) => boolean): Promise<Json[]> =>
  waitFor(`the ${type} records`, async () => {
    const found = (await world.records(userId, type, daysAgo(10), daysAgo(-1))) as Json[];
    if (isSo(found)) return found;
    await world.hasten(userId);
    return null;
  });

const firstLookEnds = (userId: string) =>
  waitFor("the first look", async () => {
    const rows = await world.hub.query(
      "SELECT FROM fetch_tasks WHERE user_id = $1 AND kind = 'connect' AND state <> 'accepted'",
      [userId],
    );
    return rows.length > 0;
  });

const codeOf = async (userId: string): Promise<string | null | undefined> => {
  const [row] = await world.hub.query<{ error_code: string | null }>(
    "SELECT error_code FROM connections WHERE user_id = $1",
    [userId],
  );
  return row?.error_code;
};

describe.concurrent("the first look", () => {
  it("keeps local times as they are, eight hours from UTC, and the night on its own day", async () => {
    const { userId } = await connected({
      sleep: nightOf(),
      activities: [activityOf(7)],
    });
    const [night] = await until(userId, "sleep", (records) => records.length === 1);
    expect(night.metadata).toMatchObject({
      start_time: `${daysAgo(2)}T23:10:00.000000+08:00`,
      end_time: `${yesterday}T06:40:00.000000+08:00`,
    });
    const [run] = await until(userId, "activity", (records) => records.length === 1);
    expect(run.metadata.start_time).toBe(`${yesterday}T18:00:00.000000+08:00`);
    const [day] = await until(userId, "daily", (records) => records.length > 0);
    expect(day.metadata.start_time).toMatch(/T00:00:00.000000\+08:00$/);
    expect(day.distance_data.steps).toBe(5_459);
    expect(day.stress_data.avg_stress_level).toBeNull();
  });

  it("makes no record of bodies full of nulls, and is quiet about features that the person lacks", async () => {
    const person = await world.person({ food_diary: false, menstrual_cycle: false });
    const userId = await world.connect(person);
    await firstLookEnds(userId);
    await waitFor("the calls", async () =>
      (await world.asked(person)).some(({ path }) => path.startsWith("/nutrition-service/")),
    );
    for (const type of ["daily", "sleep", "activity", "body", "nutrition", "menstruation"])
      expect(await world.records(userId, type, daysAgo(10), daysAgo(-1))).toEqual([]);
    expect(await codeOf(userId)).toBeNull();
  });

  it("follows the pages of activities", async () => {
    const activities = Array.from({ length: 43 }, (_, index) =>
      activityOf(1_000 + index, {
        startTimeLocal: `${yesterday} 18:${10 + index}:00`,
        startTimeGMT: `${yesterday} 10:${10 + index}:00`,
      }),
    );
    const { userId } = await connected({ activities });
    const records = await until(userId, "activity", (found) => found.length === 43);
    expect(new Set(records.map(({ metadata }) => metadata.summary_id)).size).toBe(43);
  });
});

describe.concurrent("polling", () => {
  it("brings edits as revisions, and nothing for what is the same", async () => {
    const { person, userId } = await connected({ sleep: nightOf() });
    await until(userId, "sleep", (records) => records.length === 1);
    await until(userId, "daily", (records) => records.length > 0);
    await firstLookEnds(userId);
    const events = () => world.hub.events("sleep").filter(({ body }) => body.user?.user_id === userId);
    await waitFor("the night's event", () => events().length === 1);
    // An earlier start has another id, and is the same night.
    const edited = nightOf({
      id: 1,
      sleepStartTimestampGMT: Date.parse(`${daysAgo(2)}T22:40:00Z`) - offsetMs,
      sleepStartTimestampLocal: Date.parse(`${daysAgo(2)}T22:40:00Z`),
    });
    await world.put(person, "sleep", edited);
    await world.refresh(userId);
    const [night] = await until(userId, "sleep", ([one]) => one?.metadata.start_time.includes("T22:40:00"));
    expect(night.metadata.end_time).toBe(`${yesterday}T06:40:00.000000+08:00`);
    expect(await world.records(userId, "sleep", daysAgo(10), daysAgo(-1))).toHaveLength(1);
    await waitFor("the revision", () => events().length === 2);
    await world.refresh(userId);
    await firstLookEnds(userId);
    expect(events()).toHaveLength(2);
  });

  it("brings the night that was empty when it was first asked for", async () => {
    const empty = { ...Object.fromEntries(Object.keys(nightOf()).map((name) => [name, null])), id: 1 };
    const { person, userId } = await connected({ sleep: { ...empty, calendarDate: yesterday } });
    await firstLookEnds(userId);
    await world.settled(userId);
    expect(await world.records(userId, "sleep", daysAgo(10), daysAgo(-1))).toEqual([]);
    await world.put(person, "sleep", nightOf());
    await world.refresh(userId);
    const [night] = await until(userId, "sleep", (records) => records.length === 1);
    expect(night.metadata.start_time).toBe(`${daysAgo(2)}T23:10:00.000000+08:00`);
  });
});

describe.concurrent("readings of HRV and SpO₂", () => {
  const nightPath = /^\/hrv-service\/hrv\/\d/;
  const dayPath = /\/spo2acclimation\//;
  const callsTo = async (person: number, path: RegExp) =>
    (await world.asked(person)).filter((one) => path.test(one.path));

  it("are asked for where the list of nights and the day tell of them", async () => {
    const person = await world.person();
    const summaries = newestDays(person).map((day) => ({ ...day, averageSpo2: 96 }));
    const atMs = Date.parse(`${yesterday}T20:00:00Z`);
    await world.put(person, "daily-summary", summaries);
    await world.put(
      person,
      "spo2",
      summaries.map(({ calendarDate }) => ({ calendarDate, spO2HourlyAverages: [[atMs, 95]] })),
    );
    await world.put(person, "sleep", nightOf());
    await world.put(person, "hrv", {
      hrvSummary: { calendarDate: yesterday, weeklyAvg: 44, lastNightAvg: 48 },
      hrvReadings: [
        {
          hrvValue: 50,
          readingTimeGMT: `${daysAgo(2)}T16:00:00.0`,
          readingTimeLocal: `${yesterday}T00:00:00.0`,
        },
      ],
    });
    const userId = await world.connect(person);
    const [night] = await until(
      userId,
      "sleep",
      ([one]) => one?.heart_rate_data.detailed.hrv_samples_rmssd.length > 0,
    );
    expect(night.heart_rate_data).toMatchObject({
      summary: { avg_hrv_rmssd: 48 },
      detailed: {
        hrv_samples_rmssd: [{ timestamp: `${yesterday}T00:00:00.000000+08:00`, hrv_rmssd: 50 }],
      },
    });
    const samplesIn = (days: Json[]): Json[] => days.flatMap((one) => one.oxygen_data.saturation_samples);
    const days = await until(userId, "daily", (found) => samplesIn(found).length > 0);
    const [sample] = samplesIn(days);
    expect([Date.parse(sample.timestamp), sample.percentage]).toEqual([atMs, 95]);
    expect(sample.timestamp).toMatch(/\+08:00$/);
  });

  it("are asked for nowhere else", async () => {
    const { person, userId } = await connected({ sleep: nightOf() });
    await until(userId, "sleep", (records) => records.length === 1);
    await until(userId, "daily", (records) => records.length > 0);
    await firstLookEnds(userId);
    await world.settled(userId);
    expect((await callsTo(person, /^\/hrv-service\/hrv\/daily\//)).length).toBeGreaterThan(0);
    expect(await callsTo(person, nightPath)).toEqual([]);
    expect(await callsTo(person, dayPath)).toEqual([]);
  });
});

describe.concurrent("an answer that is", () => {
  for (const fault of [
    { kind: "outage", status: 500, times: 1 },
    { kind: "outage", status: 503, times: 2 },
    { kind: "rate-limit", reset_seconds: 1, times: 1 },
    { kind: "malformed", body: "html", times: 1 },
    { kind: "malformed", body: "empty", times: 1 },
    { kind: "malformed", body: "truncated", times: 1 },
    { kind: "outage", status: 401, times: 1 },
  ])
    it(`${JSON.stringify(fault)} loses nothing`, async () => {
      const person = await world.person();
      await world.put(person, "sleep", nightOf());
      const path = "/sleep-service/";
      await world.control("POST", "/faults", { ...fault, path, user_id: person });
      const userId = await world.connect(person);
      await until(userId, "sleep", (records) => records.length === 1);
      const asked = (await world.asked(person)).filter((one) => one.path.startsWith(path));
      expect(asked.length).toBeGreaterThan(fault.times);
    });

  for (const status of [403, 404, 405, 422])
    it(`${status} for one resource leaves the others`, async () => {
      const person = await world.person();
      await world.put(person, "sleep", nightOf());
      await world.put(person, "daily-summary", newestDays(person));
      await world.control("POST", "/faults", {
        kind: "outage",
        status,
        path: "/nutrition-service/",
        user_id: person,
      });
      const userId = await world.connect(person);
      await until(userId, "sleep", (records) => records.length === 1);
      await until(userId, "daily", (records) => records.length > 0);
      await firstLookEnds(userId);
      const refused = (await world.asked(person)).filter((one) => one.path.startsWith("/nutrition-service/"));
      // It was asked for, and not again and again.
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThan(12);
    });
});
