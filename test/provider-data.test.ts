/**
 * Data without a Terra field goes through the whole pipeline beside the record; so does the offset that no
 * body states.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { capturedBodies } from "./support/payloads.ts";
import { activityDay, daysAgo, exercise, night, recharge } from "./support/polar-bodies.ts";
import { type Fields, type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
let person: DemoPerson;
beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("carried");
});
afterAll(() => system?.close());

const put = (resource: string, body: unknown) => system.upload(person, resource, body);

/** Returns the events about one record, in the order of arrival. */
const about = (type: string, matches: (record: Json) => boolean): Json[] =>
  system
    .events(type)
    .map(({ body }) => body.data?.[0])
    .filter((record) => record !== undefined && matches(record));

const daily = (date: string) => about("daily", (record) => record.metadata.start_time.startsWith(date));
const polar = (record: Json) => record?.provider_data?.polar;

async function overRest(type: string, date: string, withSamples: boolean): Promise<Json[]> {
  const range = `start_date=${date}&end_date=${date}&to_webhook=false&with_samples=${withSamples}`;
  const response = await system.read(`/v2/${type}?user_id=${person.userId}&${range}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { data: Fields[] }).data;
}

describe("provider_data", () => {
  it("has the night's data, and the recharge's once it exists, as the next revision", async () => {
    const [date, eve] = [daysAgo(5), daysAgo(6)];
    await put("sleep", night(date, eve, { sleep_rating: 0 }));
    const nights = () => about("sleep", (record) => record.provider_data.polar.sleep.date === date);
    const [alone] = await waitFor("the night", () => (nights().length > 0 ? nights() : undefined));
    const sleep = {
      date,
      continuity: 3.1,
      continuity_class: 3,
      sleep_charge: 3,
      sleep_goal: 28_800,
      sleep_rating: null,
      sleep_cycles: 5,
    };
    expect(polar(alone)).toEqual({ sleep });
    await put("nightly-recharge", recharge(date));
    await system.reconcile(["nightly-recharge"]);
    const whole = await waitFor("the recharge", () =>
      nights().find((record) => polar(record)["nightly-recharge"]),
    );
    expect(polar(whole)).toEqual({
      sleep,
      "nightly-recharge": { beat_to_beat_avg: 1_130, ans_charge: 2.1, ans_charge_status: 3 },
    });
    expect((await overRest("sleep", eve, true))[0]).toEqual(whole);
  });

  it("has an exercise's other series completely, and none of them in a read without samples", async () => {
    const temperatures = Array.from({ length: 150 }, (_, second) => 20 + second / 10);
    const samples = [
      { recording_rate: 1, sample_type: 0, data: "98,100,102" },
      { recording_rate: 1, sample_type: 9, data: temperatures.join(",") },
    ];
    await put(
      "exercises",
      exercise("warm", { samples, running_index: 51, training_load_pro: { "muscle-load": -1 } }),
    );
    const found = () => about("activity", (record) => record.metadata.summary_id === "warm")[0];
    const activity = await waitFor("the workout", found);
    const series = { sample_type: 9, recording_rate: 1, data: temperatures };
    expect(polar(activity).exercise).toEqual({ running_index: 51, samples: [series] });
    const [summary] = await overRest("activity", daysAgo(3), false);
    expect(polar(summary).exercise).toEqual({ running_index: 51, samples: [{ ...series, data: [] }] });
  });
});

describe("the day", () => {
  const date = daysAgo(1);

  it("learns its offset from the night, changes nothing for one that agrees, and reports one that does not", async () => {
    await put("activities", activityDay(date));
    await waitFor("the day", () => daily(date)[0]);
    expect(polar(daily(date)[0])).not.toHaveProperty("utc_offset");
    await put("sleep", night(date, daysAgo(2)));
    const inferred = await waitFor("the offset", () => daily(date)[1]);
    expect(polar(inferred).utc_offset).toEqual({ minutes: 60, basis: "inferred" });
    expect(inferred.metadata).toEqual(daily(date)[0].metadata);
    await put("exercises", exercise("agrees", { start_time: `${date}T08:00:00`, start_time_utc_offset: 60 }));
    await waitFor(
      "the workout",
      () => about("activity", (record) => record.metadata.summary_id === "agrees")[0],
    );
    await put(
      "exercises",
      exercise("differs", { start_time: `${date}T18:00:00`, start_time_utc_offset: 540 }),
    );
    const disputed = await waitFor("the dispute", () => daily(date)[2]);
    expect(polar(disputed).utc_offset).toEqual({ minutes: null, basis: "disputed", observed: [60, 540] });
    expect(daily(date)).toHaveLength(3);
  });

  it("has the cardio load, which is never announced", async () => {
    const load = {
      date,
      cardio_load_status: "MAINTAINING",
      cardio_load: 61.5,
      strain: 40.25,
      tolerance: 44.5,
      cardio_load_ratio: 0.9,
      cardio_load_level: { very_low: 10, low: 20, medium: 30, high: 40, very_high: 50 },
    };
    await put("cardio-load", load);
    await system.reconcile(["cardio-load"]);
    const loaded = await waitFor("the load", () =>
      daily(date).find((record) => record.strain_data.strain_level),
    );
    const { date: _, cardio_load, ...carried } = load;
    expect(loaded.strain_data).toEqual({ strain_level: cardio_load });
    expect(polar(loaded)["cardio-load"]).toEqual(carried);
    expect(loaded.distance_data.steps).toBe(8_000);
    // Every other date of the list says that there is nothing, and makes no day.
    expect(await overRest("daily", daysAgo(20), true)).toEqual([]);
  });

  it.skipIf(capturedBodies("cardio-load").length === 0)(
    "makes nothing of the captured load, which has no data",
    async () => {
      const [body] = capturedBodies("cardio-load").map(({ text }) => text);
      const captured = JSON.parse(body ?? "");
      await system.control("PUT", "/_sandbox/clock", { now: `${captured.date}T20:00:00Z` });
      await put("cardio-load", captured);
      await put("activities", activityDay(captured.date));
      const day = await waitFor("the day", () => daily(captured.date)[0]);
      expect(day.strain_data).toEqual({ strain_level: null });
      expect(polar(day)).not.toHaveProperty("cardio-load");
    },
  );
});
