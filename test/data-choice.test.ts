/** An environment handles the data types that it chose, and sends samples or not. Another one is not concerned. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { activityDay, daysAgo, exercise, night } from "./support/polar-bodies.ts";
import { askedDuring, settled, uploadQuietly } from "./support/sync.ts";
import { type Fields, type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

const all = ["activity", "daily", "sleep", "body", "athlete"];

async function choose(types: readonly string[], samples = true): Promise<Json> {
  const answer = await system.admin("PUT", "/providers/polar/data", { data_types: types, samples });
  expect(answer.status).toBe(200);
  return answer.json();
}

async function read(person: DemoPerson, type: string, more = ""): Promise<readonly Fields[]> {
  const range = type === "athlete" ? "" : `&start_date=${daysAgo(27)}&end_date=${daysAgo(0)}`;
  const answer = await system.read(`/v2/${type}?user_id=${person.userId}&to_webhook=false${range}${more}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { data: readonly Fields[] }).data;
}

const eventsOf = (person: DemoPerson, type: string) =>
  system.events(type).filter(({ body }) => body.user?.user_id === person.userId);

const coverageOf = (person: DemoPerson, resource: string) =>
  system.query<{ days: string; asked_until: Date | null }>(
    "SELECT days::text, asked_until FROM coverage WHERE user_id = $1 AND resource = $2",
    [person.userId, resource],
  );

/** The running jobs that make up for what was missed. */
const madeUp = () =>
  waitFor("the records of kept bodies", async () => {
    const [row] = await system.query<{ open: string }>(
      "SELECT count(*) AS open FROM renormalizations WHERE state = 'running'",
    );
    return row?.open === "0";
  });

describe("a type that is not chosen", () => {
  let person: DemoPerson;
  beforeAll(async () => {
    const shown = await choose(["sleep", "athlete"]);
    expect(shown.chosen).toEqual({ data_types: ["sleep", "athlete"], samples: true });
    const paths = await askedDuring(system, async () => {
      person = await system.connect("sleeper");
      await uploadQuietly(system, person, "exercises", exercise("early"));
    });
    // The consent asks whether it opens AccessLink, before and after registration; nothing else asks for workouts.
    const exercises = paths.map(({ path }) => path).filter((path) => path.startsWith("/v3/exercises"));
    expect(exercises).toEqual(["/v3/exercises", "/v3/exercises"]);
    const asked = [...new Set(paths.map(({ path }) => path.split("/")[3]?.split("?")[0]))];
    expect(asked).not.toContain("continuous-heart-rate");
    expect(asked).toContain("sleep");
  });

  it("is neither fetched nor sent when it is announced, and its days count as unknown", async () => {
    const paths = await askedDuring(system, async () => {
      await system.upload(person, "exercises", exercise("run1"));
      await system.upload(person, "activities", activityDay(daysAgo(1)));
      await system.upload(person, "sleep", night(daysAgo(1), daysAgo(2)));
      await waitFor("the night", () => eventsOf(person, "sleep").length === 1);
    });
    expect(paths.map(({ path }) => path).filter((path) => /exercises|activities/.test(path))).toEqual([]);
    expect([eventsOf(person, "activity"), eventsOf(person, "daily")]).toEqual([[], []]);
    expect(await coverageOf(person, "exercise")).toEqual([{ days: "{}", asked_until: null }]);
    expect(await coverageOf(person, "activity")).toEqual([{ days: "{}", asked_until: null }]);
  });

  it("reads as a type with nothing", async () => {
    expect(await read(person, "activity")).toEqual([]);
    expect(await read(person, "daily")).toEqual([]);
    expect(await read(person, "sleep")).toHaveLength(1);
  });

  it("is made up for once it is chosen again: fetched, and made of what other types had fetched", async () => {
    // Daily needs exercises for its UTC offset: from now on they are fetched, and make no records.
    await choose(["sleep", "athlete", "daily"]);
    await system.reconcile();
    await waitFor("the day", async () => eventsOf(person, "daily").length >= 1);
    await settled(system);
    await madeUp();
    expect(eventsOf(person, "activity")).toEqual([]);
    const before = await askedDuring(system, async () => {
      await choose(all);
      await waitFor("both workouts", () => eventsOf(person, "activity").length >= 2);
      await madeUp();
    });
    expect(before.map(({ path }) => path).filter((path) => path === "/v3/exercises")).toEqual([]);
    expect(await read(person, "activity")).toHaveLength(2);
  });
});

describe("a type that is no longer chosen", () => {
  it("keeps its records as they are, and hears of no change", async () => {
    const person = await system.connect("runner");
    await system.upload(person, "exercises", exercise("kept"));
    await waitFor("the workout", () => eventsOf(person, "activity").length === 1);
    await settled(system);
    const before = await read(person, "activity");
    expect(await coverageOf(person, "exercise")).not.toEqual([{ days: "{}", asked_until: null }]);
    await choose(["sleep"]);
    await system.upload(person, "exercises", exercise("kept", { calories: 5 }));
    await waitFor("the announcement", async () => (await coverageOf(person, "exercise"))[0]?.days === "{}");
    await settled(system);
    expect(await read(person, "activity")).toEqual(before);
    expect(eventsOf(person, "activity")).toHaveLength(1);
    await choose(all);
    await system.reconcile();
    await waitFor("the change that was missed", () => eventsOf(person, "activity").length === 2);
    const [after] = (await read(person, "activity")) as Json[];
    expect(after.calories_data.total_burned_calories).toBe(5);
    await settled(system);
    await madeUp();
  });
});

describe("another environment with the same client", () => {
  it("has a choice of its own", async () => {
    const made = await system.admin("POST", "/environments", { dev_id: "other" });
    expect(made.status).toBe(201);
    const chosenThere = async () => {
      const { data }: Json = await (await system.admin("GET", "/providers?environment=other")).json();
      return data.find(({ slug }: Json) => slug === "polar").chosen;
    };
    expect(await chosenThere()).toEqual({ data_types: all, samples: true });
    await choose(["daily", "sleep"]);
    expect(await chosenThere()).toEqual({ data_types: all, samples: true });
    await choose(all);
    await madeUp();
  });
});

describe("without samples", () => {
  it("an event is what a read without samples is, and a read may still ask for them", async () => {
    await choose(all, false);
    const person = await system.connect("quiet");
    await system.upload(person, "sleep", night(daysAgo(1), daysAgo(2)));
    await waitFor("the night", () => eventsOf(person, "sleep").length === 1);
    const [event] = eventsOf(person, "sleep");
    const plain = await read(person, "sleep");
    const whole = await read(person, "sleep", "&with_samples=true");
    expect(event?.body.data).toEqual(plain);
    expect(whole).not.toEqual(plain);
    await choose(all);
  });
});

describe("a choice that makes no sense", () => {
  const refusal = async (slug: string, body: unknown) => {
    const answer = await system.admin("PUT", `/providers/${slug}/data`, body);
    return [answer.status, ((await answer.json()) as Json).code];
  };
  it("is refused", async () => {
    expect(await refusal("polar", { data_types: [] })).toEqual([400, "REQUEST_INVALID"]);
    expect(await refusal("polar", { data_types: ["nutrition"] })).toEqual([400, "REQUEST_INVALID"]);
    expect(await refusal("polar", { data_types: ["steps"] })).toEqual([400, "REQUEST_INVALID"]);
    expect(await refusal("polar", { data_types: all, sample: false })).toEqual([400, "REQUEST_INVALID"]);
    expect(await refusal("unknown", { data_types: all })).toEqual([404, "PROVIDER_UNKNOWN"]);
  });
});
