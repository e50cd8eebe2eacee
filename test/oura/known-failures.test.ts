/** Failures that others met with Oura's data and that only a whole run can show. The others: src/providers/oura. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { daysAgo } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";
import { newId, nightOf } from "./documents.ts";
import { type OuraWorld, startOuraWorld } from "./oura-world.ts";

type Json = ReturnType<typeof JSON.parse>;

let world: OuraWorld;
beforeAll(async () => {
  world = await startOuraWorld();
  await world.subscribed();
});
afterAll(() => world?.close());
beforeEach(() => world.calm());

const dayMs = 86_400_000;
const day = daysAgo(2);

const night = (changed: object = {}) => nightOf(day, { sleep_phase_5_min: "4213", ...changed });
const activity = (changed: object = {}) => ({
  id: newId(),
  day,
  timestamp: `${day}T04:00:00-05:00`,
  class_5_min: "1".repeat(288),
  non_wear_time: 0,
  steps: 1_000,
  ...changed,
});

const recordsOf = (userId: string, type: string): Promise<Json[]> =>
  world.records(userId, type, daysAgo(10), daysAgo(-2)) as Promise<Json[]>;
const until = (userId: string, type: string, isSo: (records: Json[]) => boolean): Promise<Json[]> =>
  waitFor(`the ${type} records`, async () => {
    const found = await recordsOf(userId, type);
    return isSo(found) ? found : null;
  });

/** Connects a person who has these documents; older days are left out. */
async function connected(documents: Readonly<Record<string, unknown>>) {
  const person = await world.person();
  for (const [collection, body] of Object.entries(documents)) await world.put(person, collection, body);
  const userId = await world.connect(person);
  await world.skipHistory();
  return { person, userId };
}

/** Whether the nights of the day were asked for with success. */
async function isKnown(userId: string): Promise<boolean> {
  const synced = await world.synced(userId, "sleep");
  return synced?.covered.some(({ from, to }) => from <= day && day <= to) ?? false;
}

describe("8: nights are missing", () => {
  it("because the ring was not worn: the day was asked for, and says so", async () => {
    const unworn = activity({ class_5_min: "0".repeat(288), non_wear_time: 86_400 });
    const { userId } = await connected({ daily_activity: unworn });
    const [daily] = await until(userId, "daily", (records) => records.length === 1);
    const levels = daily.active_durations_data.activity_levels_samples;
    expect(new Set(levels.map((one: Json) => one.activity_level))).toEqual(new Set([0]));
    await waitFor("the nights", () => isKnown(userId));
    expect(await recordsOf(userId, "sleep")).toEqual([]);
  });

  it("because Oura has none: the day was asked for, and the ring was worn", async () => {
    const { userId } = await connected({ daily_activity: activity() });
    const [daily] = await until(userId, "daily", (records) => records.length === 1);
    const levels = daily.active_durations_data.activity_levels_samples;
    expect(levels.some((one: Json) => one.activity_level === 0)).toBe(false);
    await waitFor("the nights", () => isKnown(userId));
    expect(await recordsOf(userId, "sleep")).toEqual([]);
  });

  it("because they could not be fetched: the day does not count as known, and comes later", async () => {
    await world.control("POST", "/faults", { kind: "outage", status: 503, path: "/usercollection/sleep?" });
    const { userId } = await connected({ daily_activity: activity(), sleep: night() });
    await until(userId, "daily", (records) => records.length === 1);
    const trouble = await waitFor("the trouble", async () => {
      const synced = await world.synced(userId, "sleep");
      return synced?.trouble ?? null;
    });
    expect(trouble.code).toBe("PROVIDER_UNAVAILABLE");
    expect(await isKnown(userId)).toBe(false);
    await world.control("DELETE", "/faults");
    await world.hasten();
    await until(userId, "sleep", (records) => records.length === 1);
    await waitFor("the nights", () => isKnown(userId));
  });
});

describe("6: a long night that is analysed again", () => {
  it("stays one record with one id, also where its bedtime and its day move", async () => {
    const { person, userId } = await connected({});
    const first = night();
    await world.put(person, "sleep", first, "true");
    await until(userId, "sleep", (records) => records.length === 1);
    const moved = { bedtime_start: `${daysAgo(3)}T19:10:00-05:00`, bedtime_end: `${day}T19:20:00-05:00` };
    const again = { ...first, ...moved, day: daysAgo(1), sleep_phase_5_min: "44", time_in_bed: 87_000 };
    await world.put(person, "sleep", again, "true");
    const [record] = await until(
      userId,
      "sleep",
      ([one]) => one?.sleep_durations_data.other.duration_in_bed_seconds === 87_000,
    );
    expect(record.metadata).toMatchObject({
      summary_id: first.id,
      start_time: moved.bedtime_start.replace("-05:00", ".000000-05:00"),
      end_time: moved.bedtime_end.replace("-05:00", ".000000-05:00"),
    });
    expect(record.sleep_durations_data.hypnogram_samples).toHaveLength(2);
    expect(await recordsOf(userId, "sleep")).toHaveLength(1);
    const told = () =>
      world.hub
        .events("sleep")
        .filter(({ body }) => body.user?.user_id === userId && body.data !== undefined);
    await waitFor("both revisions", () =>
      told().some(({ headers }) => headers["x-systole-revision"] === "2"),
    );
  });
});

describe("15: a night that the person deletes", () => {
  it("takes its record away, and comes back when it is restored", async () => {
    const one = night();
    const { person, userId } = await connected({ sleep: one });
    await until(userId, "sleep", (records) => records.length === 1);
    await world.put(person, "sleep", { ...one, type: "deleted" }, "true");
    await until(userId, "sleep", (records) => records.length === 0);
    await world.put(person, "sleep", one, "true");
    const [record] = await until(userId, "sleep", (records) => records.length === 1);
    expect(record.metadata.summary_id).toBe(one.id);
  });
});

describe("1, 2: today", () => {
  // At any hour, one of the two is in another day than UTC, or close to its midnight.
  it.each(["+14:00", "-11:00"])("has its day and its night without a notification, at %s", async (offset) => {
    const { person, userId } = await connected({});
    await waitFor("the first answers", () => isKnown(userId));
    const sign = offset.startsWith("-") ? -1 : 1;
    const localMs = Date.now() + sign * Number(offset.slice(1, 3)) * 3_600_000;
    const [today, yesterday] = [localMs, localMs - dayMs].map((ms) =>
      new Date(ms).toISOString().slice(0, 10),
    );
    const bedtimes = {
      bedtime_start: `${yesterday}T22:45:00${offset}`,
      bedtime_end: `${today}T05:15:00${offset}`,
    };
    await world.put(
      person,
      "daily_activity",
      activity({ day: today, timestamp: `${today}T04:00:00${offset}` }),
    );
    await world.put(person, "sleep", night({ day: today, ...bedtimes }));
    await world.hub.requestRefresh(userId);
    const [slept] = await until(userId, "sleep", (records) => records.length === 1);
    expect(slept.metadata.start_time).toBe(`${yesterday}T22:45:00.000000${offset}`);
    const [daily] = await until(userId, "daily", (records) => records.length === 1);
    expect(daily.metadata.start_time).toBe(`${today}T00:00:00.000000${offset}`);
  });
});
