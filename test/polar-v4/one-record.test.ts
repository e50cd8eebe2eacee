/**
 * A night, a day and a workout that both of Polar's APIs tell of, from the sandbox to the destination and the REST API:
 * one record each, whichever API comes first.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../../src/demo/person.ts";
import { accesslink, dynamic } from "../../src/providers/polar/names.ts";
import { activityOf, nightOf, withSamples } from "../../src/providers/polar/v4/testing/made.ts";
import { activityDay, daysAgo, exercise, night, recharge } from "../support/polar-bodies.ts";
import { isSettled } from "../support/polar-v4.ts";
import { uploadQuietly } from "../support/sync.ts";
import { type ReceivedEvent, type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;
type Type = "sleep" | "daily" | "activity";
const types: readonly Type[] = ["sleep", "daily", "activity"];

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

const day = daysAgo(4);
const workoutDay = daysAgo(3);
const ofV4 = ["v4-sleep", "v4-nightly-recharge", "v4-activity", "v4-training-session"];

interface Told {
  readonly person: DemoPerson;
  readonly exerciseId: string;
  readonly sessionId: string;
}

async function newPerson(): Promise<Told> {
  const person = await system.connect(randomUUID());
  return { person, exerciseId: `e${randomUUID().slice(0, 8)}`, sessionId: randomUUID() };
}

/** Only the first look of a day asks for the days before yesterday once more. */
async function firstLookOfDay({ userId }: DemoPerson): Promise<void> {
  await system.query(
    `UPDATE coverage SET asked_until = asked_until - interval '1 day', next_reconcile_at = now()
     WHERE user_id = $1 AND resource = ANY($2)`,
    [userId, ofV4],
  );
  await system.reconcile();
}

/** v4 is polled: what it has is found at one of the next looks. */
const untilSeen = ({ person }: Told, what: string, isSeen: () => Promise<boolean>) =>
  waitFor(what, async () => {
    // Parts are kept before the record is made of them.
    const settled = await isSettled(system, person, 0);
    if (await isSeen()) return settled;
    if (settled) await firstLookOfDay(person);
    return false;
  });

const session = (id: string, startTime = `${workoutDay}T10:00:45`, changes: object = {}) => ({
  identifier: { id },
  created: `${workoutDay}T09:00:00`,
  modified: `${workoutDay}T09:00:00`,
  startTime,
  durationMillis: 3_000,
  timezoneOffsetMinutes: 120,
  calories: 5,
  hrAvg: 101,
  hrMax: 103,
  sport: { id: "1" },
  exercises: [
    {
      startTime,
      samples: { samples: [{ type: "HEART_RATE", intervalMillis: 1_000, values: [99, null, 103] }] },
    },
  ],
  ...changes,
});

function nightInV4(): object {
  const made = nightOf(day);
  Object.assign(made.sleepResult.hypnogram, {
    sleepStart: `${daysAgo(5)}T23:00:00.000+01:00`,
    sleepEnd: `${day}T07:00:00.000+01:00`,
  });
  return made;
}

/** What v3 tells of the three, with a notification for each. */
async function tellV3({ person, exerciseId }: Told): Promise<void> {
  await uploadQuietly(system, person, "nightly-recharge", recharge(day));
  await system.upload(person, "sleep", night(day, daysAgo(5)));
  await system.upload(person, "activities", activityDay(day));
  await system.upload(person, "exercises", exercise(exerciseId));
}

/** What v4 tells of the three. Nothing announces it. */
async function tellV4({ person, sessionId }: Told): Promise<void> {
  await system.upload(person, "v4-sleeps", nightInV4());
  await system.upload(person, "v4-nightly-recharge-results", withSamples(day));
  await system.upload(person, "v4-activity", activityOf(day));
  await system.upload(person, "v4-training-sessions", session(sessionId));
}

/** The resources that a body was fetched of. */
const resourcesOf = async ({ userId }: DemoPerson): Promise<string[]> => {
  const text = "SELECT DISTINCT resource FROM raw_parts WHERE user_id = $1";
  return (await system.query<{ resource: string }>(text, [userId])).map(({ resource }) => resource);
};

const ofV3 = ["sleep", "nightly-recharge", "activity", "exercise"];
const fromV4 = [...ofV4, "v4-nightly-recharge-samples"];

/** Waits until bodies of these resources are there, and all three records are made. */
const untilFetched = (told: Told, resources: readonly string[]) =>
  untilSeen(told, resources.join(), async () => {
    const known = await resourcesOf(told.person);
    if (!resources.every((resource) => known.includes(resource))) return false;
    const records = await Promise.all(types.map((type) => read(told.person, type)));
    return records.every(({ length }) => length === 1);
  });

async function read(person: DemoPerson, type: Type): Promise<readonly Json[]> {
  const range = `start_date=${daysAgo(9)}&end_date=${daysAgo(0)}&with_samples=true`;
  const answer = await system.read(`/v2/${type}?user_id=${person.userId}&to_webhook=false&${range}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as Json).data;
}

/** Each workout's id and heart rates. */
const heartRates = async (person: DemoPerson): Promise<string[][]> =>
  (await read(person, "activity"))
    .map((record) => {
      const samples: Json[] = record.heart_rate_data.detailed.hr_samples ?? [];
      return [idOf(record), samples.map(({ bpm }) => bpm).join()];
    })
    .toSorted();

/** The events of a record, in the order of revisions. */
const eventsOf = (person: DemoPerson, type: string): readonly ReceivedEvent[] =>
  system
    .events(type)
    .filter(({ body }) => body.user?.user_id === person.userId)
    .toSorted((one, other) => revisionOf(one) - revisionOf(other));
const revisionOf = ({ headers }: ReceivedEvent) => Number(headers["x-systole-revision"]);
const idOf = (record: Json): string => record.metadata.summary_id;

const rowsOf = ({ userId }: DemoPerson, type: string) =>
  system.query<{ natural_key: string; revision: number; content_hash: string }>(
    `SELECT natural_key, revision::int, encode(content_hash, 'hex') AS content_hash FROM records
      WHERE user_id = $1 AND type = $2 ORDER BY natural_key`,
    [userId, type],
  );

/** The record without what is each person's own. */
function commonOf({ exerciseId, sessionId, person }: Told, record: Json): Json {
  const text = JSON.stringify({ ...record, metadata: { ...record.metadata, summary_id: "" } });
  return JSON.parse(
    text
      .replaceAll(exerciseId, "EXERCISE")
      .replaceAll(sessionId, "SESSION")
      .replaceAll(person.sandboxUserId, "PERSON"),
  );
}

describe("what both APIs tell of", () => {
  let v3First: Told;
  let v4First: Told;
  beforeAll(async () => {
    // What the three need, and no more: a person's first day is a call for each resource and day.
    const choice = { data_types: types, samples: true };
    expect((await system.admin("PUT", "/providers/polar/data", choice)).status).toBe(200);
    v3First = await newPerson();
    v4First = await newPerson();
    await tellV3(v3First);
    await tellV4(v4First);
    await untilFetched(v3First, ofV3);
    await untilFetched(v4First, fromV4);
    await tellV4(v3First);
    await tellV3(v4First);
    await untilFetched(v3First, [...ofV3, ...fromV4]);
    await untilFetched(v4First, [...ofV3, ...fromV4]);
  }, 600_000);

  it.each(types)("is one record of %s with one content, whichever comes first", async (type) => {
    const [ofOne, ofOther] = [await read(v3First.person, type), await read(v4First.person, type)];
    expect([ofOne.length, ofOther.length]).toEqual([1, 1]);
    expect(commonOf(v3First, ofOne[0])).toEqual(commonOf(v4First, ofOther[0]));
    const found = new Set(Object.values(ofOne[0].provider_data.polar.sources));
    expect(found).toEqual(new Set([accesslink, dynamic]));
  });

  it.each(types)(
    "keeps the id of %s from first to last, and the late one raises the revision",
    async (type) => {
      for (const told of [v3First, v4First]) {
        const [record] = await read(told.person, type);
        const [row] = await rowsOf(told.person, type);
        expect(row?.revision).toBeGreaterThan(1);
        const events = await waitFor("the last revision", () => {
          const sent = eventsOf(told.person, type);
          return sent.some((one) => revisionOf(one) === row?.revision) && sent;
        });
        const ids = events.flatMap(({ body }) => (body.data ?? []).map(idOf));
        expect(new Set(ids)).toEqual(new Set([idOf(record)]));
      }
      if (type === "activity") {
        expect(idOf((await read(v3First.person, type))[0])).toBe(v3First.exerciseId);
        expect(idOf((await read(v4First.person, type))[0])).toBe(v4First.sessionId);
      }
    },
  );

  it("has the better source of each field", async () => {
    const [sleep] = await read(v4First.person, "sleep");
    expect(sleep.provider_data.polar.sources).toMatchObject({
      metadata: accesslink,
      "sleep_durations_data.hypnogram_samples": dynamic,
      "respiration_data.breaths_data.avg_breaths_per_min": accesslink,
    });
    expect(sleep.respiration_data.breaths_data.avg_breaths_per_min).toBe(13.4);
    const [daily] = await read(v4First.person, "daily");
    expect(daily.distance_data.steps).toBe(8_000);
    expect(daily.MET_data.MET_samples.length).toBe(2);
    const [workout] = await read(v4First.person, "activity");
    expect(workout.calories_data.total_burned_calories).toBe(4);
    expect(workout.heart_rate_data.detailed.hr_samples.map(({ bpm }: Json) => bpm)).toEqual([99, 103]);
    expect(JSON.stringify([sleep, daily, workout])).not.toMatch(/1984|birthday/);
  });

  it("is not changed by making all records anew", async () => {
    const before = await Promise.all(types.map((type) => rowsOf(v3First.person, type)));
    const answer = await system.admin("POST", "/renormalizations", { user_ids: [v3First.person.userId] });
    const { id }: Json = await answer.json();
    await waitFor("the job", async () => {
      const [row] = await system.query("SELECT state FROM renormalizations WHERE renormalization_id = $1", [
        id,
      ]);
      return row?.state === "done";
    });
    expect(await Promise.all(types.map((type) => rowsOf(v3First.person, type)))).toEqual(before);
  });

  it("parts where one start is edited, and is one again where they meet", async () => {
    const { exerciseId, sessionId, person } = v3First;
    const edited = session(sessionId, `${workoutDay}T15:00:00`, { modified: `${workoutDay}T20:00:00` });
    await system.upload(person, "v4-training-sessions", edited);
    await untilSeen(v3First, "two workouts", async () => (await read(person, "activity")).length === 2);
    const apart = [
      [exerciseId, "98,100,102"],
      [sessionId, "99,103"],
    ];
    expect(await heartRates(person)).toEqual(apart.toSorted());
    const again = session(sessionId, `${workoutDay}T10:01:00`, { modified: `${workoutDay}T21:00:00` });
    await system.upload(person, "v4-training-sessions", again);
    await untilSeen(v3First, "one workout", async () => (await read(person, "activity")).length === 1);
    expect(await heartRates(person)).toEqual([[exerciseId, "99,103"]]);
  });

  it("is erased whole", async () => {
    const tables = ["raw_parts", "raw_payloads", "records"];
    const counts = async () =>
      Promise.all(
        tables.map(async (table) => {
          const where = `SELECT count(*)::int AS found FROM ${table} WHERE user_id = $1`;
          const [row] = await system.query<{ found: number }>(where, [v4First.person.userId]);
          return row?.found;
        }),
      );
    expect((await counts()).every((count) => (count ?? 0) > 0)).toBe(true);
    expect(await resourcesOf(v4First.person)).toEqual(expect.arrayContaining([...ofV3, ...fromV4]));
    const answer = await system.admin("DELETE", `/users/${v4First.person.userId}`);
    expect([answer.status, answer.status < 300 ? "" : await answer.text()]).toEqual([answer.status, ""]);
    await waitFor("the end of the erasure", async () => (await counts()).every((count) => count === 0));
    expect((await rowsOf(v3First.person, "sleep")).length).toBe(1);
  });
});

describe("an environment that handles one type", () => {
  it("asks neither API for others", async () => {
    const choice = { data_types: ["sleep"], samples: true };
    expect((await system.admin("PUT", "/providers/polar/data", choice)).status).toBe(200);
    const told = await newPerson();
    await system.upload(told.person, "v4-sleeps", nightInV4());
    await system.upload(told.person, "v4-activity", activityOf(day));
    await system.upload(told.person, "v4-training-sessions", session(told.sessionId));
    await system.upload(told.person, "exercises", exercise(told.exerciseId));
    await system.upload(told.person, "sleep", night(day, daysAgo(5)));
    await untilSeen(told, "the night", async () => {
      const [record] = await read(told.person, "sleep");
      return record?.provider_data?.polar?.sources !== undefined;
    });
    const kept = await system.query<{ resource: string }>(
      "SELECT DISTINCT resource FROM raw_payloads WHERE user_id = $1",
      [told.person.userId],
    );
    const resources = kept.map(({ resource }) => resource);
    expect(resources).toEqual(expect.arrayContaining(["sleep", "v4-sleep"]));
    for (const other of ["exercise", "activity", "v4-activity", "v4-training-session"]) {
      expect(resources).not.toContain(other);
    }
    expect(await read(told.person, "sleep")).toHaveLength(1);
  });
});
