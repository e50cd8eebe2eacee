/** v3's notifications fetch what v4 has of the same night, day or session, into one record. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSandboxUser } from "../support/consent.ts";
import { activityDay, daysAgo, exercise, heartRateDay, night } from "../support/polar-bodies.ts";
import {
  askedOf,
  connectV4,
  forgetAsked,
  nightInV4,
  put,
  recordsOf,
  settledOf,
  sourcesOf,
  type V4Person,
} from "../support/polar-v4.ts";
import { type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

const date = daysAgo(1);
const range = `from=${date}&to=${daysAgo(0)}`;
/** What the notifications below are about. */
const scopes = [
  "sleep",
  "nightly_recharge",
  "training_sessions",
  "activity",
  "continuous_samples",
  "ppi_data",
];
const both = ["accesslink-v3", "dynamic-v4"];

let system: System;
let person: V4Person;
beforeAll(async () => {
  system = await startSystem();
  person = await connectV4(
    system,
    await newSandboxUser(system),
    scopes.map((scope) => `${scope}:read`).join(" "),
  );
  await settledOf(system, person);
});
afterAll(() => system.close());

/** Lets the watch send a body of v3, and returns the calls to v4 that follow from its notification. */
async function notified(resource: string, body: unknown, until: () => Promise<unknown>): Promise<string[]> {
  await forgetAsked(system);
  await system.upload(person, resource, body);
  await waitFor(`${resource} to be there`, until);
  await settledOf(system, person);
  const asked = await askedOf(system, person);
  return asked.map(({ path }) => path).filter((path) => path.startsWith("/v4/data/"));
}

/** Returns what the person's notifications named, as far as it was fetched. */
async function named(): Promise<string[]> {
  const rows = await system.query<{ fetches: { resource: string; key: string }[] }>(
    "SELECT fetches FROM fetch_tasks WHERE provider_user_id = $1 AND kind = 'announced' AND state = 'done'",
    [person.sandboxUserId],
  );
  return rows.flatMap(({ fetches }) => fetches.map(({ resource, key }) => `${resource} ${key}`));
}

const hasRecord = (type: string, key: string) => async () => (await recordsOf(system, person, type)).has(key);

describe("a notification of v3", () => {
  it("of a night fetches v4's night, its recharge and its samples", async () => {
    await put(system, person.sandboxUserId, "v4-sleeps", nightInV4(date));
    await put(system, person.sandboxUserId, "v4-nightly-recharge-results", {
      sleepResultDate: date,
      meanNightlyRecoveryRmssd: 38,
      meanNightlyRecoveryRri: 844,
    });
    const paths = await notified("sleep", night(date, daysAgo(2)), hasRecord("sleep", date));
    expect(paths.find((path) => path.startsWith(`/v4/data/sleeps?${range}&features=`))).toBeDefined();
    expect(paths).toContain(`/v4/data/sleep-wake-vectors?${range}`);
    expect(paths).toContain(`/v4/data/nightly-recharge-results?${range}`);
    expect(paths).toContain(`/v4/data/nightly-recharge-results?${range}&features=samples`);
    for (const resource of ["v4-sleep", "v4-sleep-wake", "v4-nightly-recharge"])
      expect(await named()).toContain(`${resource} ${date}`);
    const record = (await recordsOf(system, person, "sleep")).get(date)?.record;
    expect(sourcesOf(record)).toEqual(both);
  });

  it("of an exercise fetches its day's sessions, and both are one workout", async () => {
    const start = `${date}T10:00:30`;
    await put(system, person.sandboxUserId, "v4-training-sessions", {
      identifier: { id: randomUUID() },
      startTime: start,
      durationMillis: 3_000,
      timezoneOffsetMinutes: 120,
      hrAvg: 103,
      sport: { id: "1" },
      exercises: [],
    });
    const id = randomBytes(6).toString("hex");
    const body = exercise(id, { start_time: `${date}T10:00:00`, heart_rate: undefined, samples: [] });
    const paths = await notified("exercises", body, hasRecord("activity", id));
    const asked = `/v4/data/training-sessions/list?from=${date}T00:00:00&to=${daysAgo(0)}T00:00:00&features=`;
    expect(paths.find((path) => path.startsWith(asked))).toBeDefined();
    await waitFor("the session in the workout", async () => {
      const workouts = [...(await recordsOf(system, person, "activity")).values()];
      return workouts.length === 1 && sourcesOf(workouts[0]?.record).length === 2;
    });
  });

  it("of a day fetches v4's activity", async () => {
    const paths = await notified("activities", activityDay(date), hasRecord("daily", date));
    expect(paths.find((path) => path.startsWith(`/v4/data/activity/list?${range}&features=`))).toBeDefined();
    expect(await named()).toContain(`v4-activity ${date}`);
  });

  it("of a day's heart rate fetches v4's heart rate and PPI", async () => {
    const asked = () => askedOf(system, person);
    const body = heartRateDay(date, [["10:00:00", 60]]);
    const paths = await notified("continuous-heart-rate", body, async () =>
      (await asked()).some(({ path, status }) => path.includes("/ppi-samples") && status !== null),
    );
    expect(paths).toContain(`/v4/data/continuous-samples?${range}&features=heart-rate-samples`);
    expect(paths).toContain(`/v4/data/ppi-samples?${range}&features=samples`);
    for (const resource of ["v4-continuous-samples", "v4-ppi-samples"])
      expect(await named()).toContain(`${resource} ${date}`);
  });

  it("of a night that v4 does not have yet has v4 asked again, and the record revised", async () => {
    const [late, eve] = [daysAgo(3), daysAgo(4)];
    await notified("sleep", night(late, eve), hasRecord("sleep", late));
    const first = (await recordsOf(system, person, "sleep")).get(late);
    expect(sourcesOf(first?.record)).toEqual([]);
    await put(system, person.sandboxUserId, "v4-sleeps", nightInV4(late));
    const revised = await waitFor("the night of v4", async () => {
      await system.hurry();
      const found = (await recordsOf(system, person, "sleep")).get(late);
      return found !== undefined && found.revision > 1 && found;
    });
    expect(sourcesOf(revised.record)).toEqual(both);
  });
});
