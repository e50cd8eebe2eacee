/**
 * Failures of other hubs that read Polar, each tested through the whole pipeline: put at the sandbox,
 * announced, fetched, and read as a client reads it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { parseTimestamp } from "../src/models/index.ts";
import { activityDay, daysAgo, exercise, heartRateDay, night, recharge } from "./support/polar-bodies.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
let person: DemoPerson;

beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("known failures");
  await quiet();
});
afterAll(() => system.close());
afterEach(() => system.control("DELETE", "/_sandbox/faults"));

/** Resolves when nothing is being fetched, or about to be. */
const quiet = () =>
  waitFor("all tasks", async () => {
    const rows = await system.query(
      "SELECT 1 FROM fetch_tasks WHERE state = 'accepted' AND (next_attempt_at IS NULL OR next_attempt_at < now())",
    );
    return rows.length === 0;
  });

async function records(type: string, query = ""): Promise<Json[]> {
  const range = `user_id=${person.userId}&start_date=2020-01-01&to_webhook=false&with_samples=true`;
  const response = await system.read(`/v2/${type}?${range}${query}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as Json).data;
}

const startOf = (date: string) => (record: Json) => record.metadata.start_time.startsWith(date);

const isNightOf = (date: string) => (record: Json) => record.provider_data.polar.sleep.date === date;

async function workout(id: string, changes?: Json): Promise<Json> {
  await system.upload(person, "exercises", exercise(id, changes));
  return waitFor(id, async () =>
    (await records("activity")).find(({ metadata }) => metadata.summary_id === id),
  );
}

async function nightOf(date: string): Promise<Json> {
  return waitFor(`the night of ${date}`, async () => (await records("sleep")).find(isNightOf(date)));
}

const dayOf = async (date: string): Promise<Json> => (await records("daily")).find(startOf(date));

const instant = (text: string): number | null => parseTimestamp(text).instantEpochMs;

describe("known failures of others", () => {
  it("offset added instead of subtracted: a workout keeps its instant", async () => {
    const { metadata } = await workout("offset1", {
      start_time: `${daysAgo(3)}T10:00:00`,
      start_time_utc_offset: 180,
    });
    expect(instant(metadata.start_time)).toBe(Date.parse(`${daysAgo(3)}T07:00:00Z`));
  });

  it("fetched and never committed: data fetched for a notification is visible to other readers", async () => {
    await workout("committed1");
    const rows = await system.query(
      "SELECT 1 FROM records WHERE user_id = $1 AND natural_key = 'committed1' AND raw_payload_ids <> '{}'",
      [person.userId],
    );
    expect(rows).toHaveLength(1);
  });

  it("lists taken for objects and objects for lists: a bare array, an envelope, a single thing", async () => {
    const [date, other] = [daysAgo(6), daysAgo(7)];
    await system.upload(person, "exercises", [exercise("list1"), exercise("list2")]);
    await system.upload(person, "continuous-heart-rate", [
      heartRateDay(date, [["08:00:00", 60]]),
      heartRateDay(other, [["08:00:00", 61]]),
    ]);
    await waitFor("all of them", async () => {
      const ids = (await records("activity")).map(({ metadata }) => metadata.summary_id);
      return ids.includes("list1") && ids.includes("list2") && (await dayOf(date)) && (await dayOf(other));
    });
  });

  it("the first sample after midnight dated a day early: it is on the day that began", async () => {
    const [date, eve] = [daysAgo(4), daysAgo(5)];
    await system.upload(person, "sleep", night(date, eve));
    const { heart_rate_data } = await nightOf(date);
    const times = heart_rate_data.detailed.hr_samples.map(({ timestamp }: Json) => timestamp.slice(0, 16));
    expect(times).toEqual([`${eve}T23:05`, `${date}T00:05`, `${date}T06:55`]);
  });

  it("local heart rate stored as UTC: it stays local, without an offset", async () => {
    const date = daysAgo(8);
    await system.upload(person, "continuous-heart-rate", heartRateDay(date, [["23:59:30", 60]]));
    const day = await waitFor("the day", () => dayOf(date));
    expect(day.heart_rate_data.detailed.hr_samples).toMatchObject([
      { timestamp: `${date}T23:59:30.000000`, bpm: 60 },
    ]);
  });

  it("a night that is synced again doubles its time in bed: it is one night of the same length", async () => {
    const [date, eve] = [daysAgo(9), daysAgo(10)];
    const put = (body: Json) =>
      system.control("PUT", `/_sandbox/users/${person.sandboxUserId}/sleep?notify=twice`, body);
    await put(night(date, eve));
    await nightOf(date);
    await put(night(date, eve, { sleep_score: 78 }));
    await waitFor("the new score", async () => (await nightOf(date)).scores.sleep === 78);
    const nights = (await records("sleep")).filter(isNightOf(date));
    expect(nights).toHaveLength(1);
    expect(nights[0].sleep_durations_data.other.duration_in_bed_seconds).toBe(8 * 3_600);
  });

  it("one bad exercise fails a whole batch: the others exist", async () => {
    const bodies = [
      exercise("batch1"),
      exercise("batch2", { start_time: `${daysAgo(3)}Tnoon` }),
      exercise("batch3"),
    ];
    await system.upload(person, "exercises", bodies);
    await waitFor("the good ones", async () => {
      const ids = (await records("activity")).map(({ metadata }) => metadata.summary_id);
      return ids.includes("batch1") && ids.includes("batch3");
    });
    const bad = await waitFor("the failure to be shown", async () => {
      const [row] = await system.query(
        "SELECT state, code FROM fetch_tasks WHERE fetches->0->>'key' = 'batch2'",
      );
      return row?.code && row;
    });
    expect(bad).toMatchObject({ code: "PROVIDER_BODY_INVALID" });
  });

  it("a missing device or an empty heart rate rejects the workout: both are null", async () => {
    const { device, ...without } = exercise("bare1", { heart_rate: {} });
    expect(device).toBeDefined();
    await system.upload(person, "exercises", without);
    const record = await waitFor("bare1", async () =>
      (await records("activity")).find(({ metadata }) => metadata.summary_id === "bare1"),
    );
    expect(record.device_data.name).toBeNull();
    expect(record.heart_rate_data.summary.avg_hr_bpm).toBeNull();
  });

  it("an edited workout is never updated: the record follows, with a higher revision", async () => {
    await workout("edited1", { calories: 4 });
    await system.upload(person, "exercises", exercise("edited1", { calories: 400 }));
    await waitFor("the edit", async () =>
      (await records("activity")).find(
        ({ metadata, calories_data }) =>
          metadata.summary_id === "edited1" && calories_data.total_burned_calories === 400,
      ),
    );
    const [row] = await system.query("SELECT revision FROM records WHERE natural_key = 'edited1'");
    expect(row?.revision).toBeGreaterThan(1);
  });

  it("404 hides a wrong path for ever: it is tried again, and shown with its code", async () => {
    await system.control("POST", "/_sandbox/faults", { kind: "outage", status: 404, path: "/v3/exercises/" });
    await system.upload(person, "exercises", exercise("hidden1"));
    const shown = await waitFor("the failure to be shown", async () => {
      const page: Json = await (await system.admin("GET", "/notifications?limit=50")).json();
      return page.data.find(({ code, fetches }: Json) => code !== null && fetches[0]?.key === "hidden1");
    });
    expect(shown).toMatchObject({ state: "accepted", code: "PROVIDER_RESOURCE_MISSING" });
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await waitFor("hidden1", async () =>
      (await records("activity")).find(({ metadata }) => metadata.summary_id === "hidden1"),
    );
  });

  it("404 hides a wrong path for ever: a list's answer is shown with the task that requested it", async () => {
    await quiet();
    await system.control("POST", "/_sandbox/faults", {
      kind: "outage",
      status: 404,
      path: "/v3/users/cardio-load",
    });
    expect((await system.admin("POST", `/users/${person.userId}/refresh`)).ok).toBe(true);
    const shown = await waitFor("the task", async () => {
      const page: Json = await (await system.admin("GET", "/notifications?limit=50")).json();
      return page.data.find(({ event, state }: Json) => event === "REFRESH" && state === "done");
    });
    expect(shown.details.missing.some((one: string) => one.startsWith("cardio-load "))).toBe(true);
  });

  it("`last synced` runs ahead of the data: it does not move while nothing was stored", async () => {
    // A person for whom nothing else is requested meanwhile.
    const synced = await system.connect("last synced");
    await waitFor("all tasks of connecting", async () => {
      const rows = await system.query("SELECT 1 FROM fetch_tasks WHERE user_id = $1 AND state <> 'done'", [
        synced.userId,
      ]);
      return rows.length === 0;
    });
    const lastPolled = async () => {
      const answer: Json = await (await system.admin("GET", `/users/${synced.userId}`)).json();
      return answer.last_polled_at;
    };
    const days = async () => {
      const range = `user_id=${synced.userId}&start_date=2020-01-01&to_webhook=false`;
      return ((await (await system.read(`/v2/daily?${range}`)).json()) as Json).data.length;
    };
    const date = daysAgo(11);
    const path = `/v3/users/activities/${date}`;
    await system.control("POST", "/_sandbox/faults", { kind: "malformed", path });
    const before = await lastPolled();
    await system.upload(synced, "activities", activityDay(date));
    await waitFor("the failure", async () => {
      const rows = await system.query(
        "SELECT 1 FROM fetch_tasks WHERE fetches->0->>'key' = $1 AND code = 'PROVIDER_BODY_INVALID'",
        [date],
      );
      return rows.length > 0;
    });
    expect([await lastPolled(), await days()]).toEqual([before, 0]);
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await waitFor("the day", async () => (await days()) === 1);
    await waitFor("the time of the sync", async () => (await lastPolled()) !== before);
  });

  it("a stale answer overwrites newer totals with 0 steps: the answer to the later request stands", async () => {
    const date = daysAgo(12);
    const path = `/v3/users/activities/${date}`;
    await system.upload(person, "activities", activityDay(date, { steps: 0 }));
    await waitFor("the day without steps", async () => (await dayOf(date))?.distance_data.steps === 0);
    const late = { kind: "slow", milliseconds: 2_000, late: true, path, times: 1 };
    await system.control("POST", "/_sandbox/faults", late);
    await system.upload(person, "activities", activityDay(date, { steps: 0, calories: 2_201 }));
    await waitFor("the slow request", async () => {
      const { requests }: Json = await (await system.control("GET", "/_sandbox/requests")).json();
      return requests.filter((one: Json) => one.path.startsWith(path)).length >= 2;
    });
    await system.upload(person, "activities", activityDay(date, { steps: 9_000 }));
    await waitFor("the newer totals", async () => (await dayOf(date))?.distance_data.steps === 9_000);
    await waitFor("the slow answer", async () => {
      const rows = await system.query(
        `SELECT 1 FROM fetch_tasks WHERE fetches->0->>'key' = $1 AND state <> 'done'
          AND kind <> 'second-look'`,
        [date],
      );
      return rows.length === 0;
    });
    expect((await dayOf(date)).distance_data.steps).toBe(9_000);
  });

  it("RMSSD stored as SDNN: it is under rmssd, and sdnn is null", async () => {
    const [date, eve] = [daysAgo(13), daysAgo(14)];
    await system.control(
      "PUT",
      `/_sandbox/users/${person.sandboxUserId}/nightly-recharge?notify=false`,
      recharge(date),
    );
    await system.upload(person, "sleep", night(date, eve));
    const { heart_rate_data: hr } = await waitFor("the recharge", async () => {
      const found = await nightOf(date);
      return found.heart_rate_data.summary.avg_hrv_rmssd !== null && found;
    });
    expect(hr.summary).toMatchObject({ avg_hrv_rmssd: 61, avg_hrv_sdnn: null });
    expect(hr.detailed.hrv_samples_rmssd).toHaveLength(2);
    expect(hr.detailed.hrv_samples_sdnn ?? []).toEqual([]);
  });
});
