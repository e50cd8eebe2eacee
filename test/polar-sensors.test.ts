/** A watch's data beyond workouts, days and nights: files, sensors, SleepWise; from its sync to the records. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPerson, type DemoPerson, newSandboxUser } from "../src/demo/person.ts";
import { daysAgo } from "./support/polar-bodies.ts";
import { settled } from "./support/sync.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

const days = 7;
/** None of them is ever announced. */
const sensors = ["body-temperature", "skin-temperature", "skin-contacts", "ecg", "spo2"];

let system: System;
let person: DemoPerson;

async function read(type: string): Promise<Json[]> {
  const range = `start_date=${daysAgo(10)}&end_date=${daysAgo(-1)}&to_webhook=false&with_samples=true`;
  const response = await system.read(`/v2/${type}?user_id=${person.userId}&${range}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as Json).data;
}

/** The laps are those of v3's files, and the sensors are read there, as long as v4 has no data. */
const syncWatch = (sandboxUserId: string) =>
  system.control("POST", `/_sandbox/users/${sandboxUserId}/generate`, { days, seed: 1, apis: "v3" });

beforeAll(async () => {
  system = await startSystem();
  const sandboxUserId = await newSandboxUser(system.server);
  // Sensor data from before the connection is found by reconciliation; workouts are those after it.
  await syncWatch(sandboxUserId);
  person = await connectPerson(system.server, "sensors", sandboxUserId);
  await settled(system);
  await syncWatch(sandboxUserId);
  await waitFor("the watch's notifications", async () => {
    const deliveries: Json = await (await system.control("GET", "/_sandbox/webhook-deliveries")).json();
    return deliveries.pending === 0;
  });
  await settled(system);
});
afterAll(() => system.close());

describe("a synced watch", () => {
  it("yields the laps and the climb that only the FIT file has", async () => {
    const runs = (await read("activity")).filter(
      ({ distance_data }) => distance_data.summary.distance_meters > 2100,
    );
    expect(runs.length).toBeGreaterThan(0);
    for (const { lap_data, distance_data, metadata } of runs) {
      const metres = distance_data.detailed.distance_samples.at(-1)?.distance_meters;
      if (metres === undefined) continue;
      // The sandbox's files have a lap for each whole kilometre.
      expect(lap_data.laps).toHaveLength(Math.floor(metres / 1000));
      expect(lap_data.laps[0].start_time).toBe(metadata.start_time);
      expect(distance_data.summary.elevation.gain_actual_meters).toBeGreaterThanOrEqual(0);
    }
  });

  it("has its files stored as they arrived, with their types", async () => {
    const kept = await system.query<{ resource: string; content_type: string; count: number }>(
      `SELECT resource, content_type, count(*)::int FROM raw_payloads WHERE resource LIKE 'exercise-%'
       AND resource NOT IN ('exercise-index', 'exercise-offset') GROUP BY 1, 2 ORDER BY 1`,
    );
    const workouts = (await read("activity")).length;
    expect(kept).toEqual([
      { resource: "exercise-fit", content_type: "application/octet-stream", count: workouts },
      { resource: "exercise-gpx", content_type: "application/gpx+xml", count: expect.any(Number) },
      { resource: "exercise-tcx", content_type: "application/vnd.garmin.tcx+xml", count: workouts },
    ]);
  });

  it("makes one night of sleep, recharge and skin temperature, with SleepWise beside it", async () => {
    const nights = await read("sleep");
    expect(nights.length).toBeGreaterThanOrEqual(days);
    for (const night of nights) {
      expect(night.temperature_data.delta).toEqual(expect.any(Number));
      expect(night.provider_data.polar["sleepwise-alertness"]).toMatchObject([{ grade: expect.any(Number) }]);
      expect(night.provider_data.polar["skin-temperature"]).toHaveLength(1);
    }
    const circadian = nights.filter(
      ({ provider_data }) => provider_data.polar["sleepwise-circadian-bedtime"],
    );
    expect(circadian.length).toBeGreaterThanOrEqual(nights.length - 1);
  });

  it("makes one body of all the sensors of a day", async () => {
    const bodies = await read("body");
    const starts = bodies.map(({ metadata }) => metadata.start_time);
    expect(new Set(starts).size).toBe(starts.length);
    const [withEcg] = bodies.filter(({ heart_data }) => heart_data.ecg_signal.length > 0);
    expect(withEcg.heart_data.ecg_signal[0].raw_signal).toHaveLength(3750);
    expect(withEcg.heart_data.rr_interval_samples).toEqual([]);
    expect(withEcg.oxygen_data.saturation_samples).toHaveLength(1);
    expect(withEcg.provider_data.polar.ecg).toMatchObject([
      { heart_rate_variability_ms: expect.any(Number) },
    ]);
    const contacts = bodies.flatMap(({ provider_data }) => provider_data.polar["skin-contacts"] ?? []);
    expect(contacts.length).toBeGreaterThanOrEqual(days);
    const temperatures = bodies.flatMap(({ temperature_data }) => temperature_data.skin_temperature_samples);
    expect(temperatures.length).toBeGreaterThan(days * 60);
  });

  it("makes nothing new of the same bodies fetched again", async () => {
    const revisions = () => system.query("SELECT type, natural_key, revision FROM records ORDER BY 1, 2");
    const again = async () => {
      await system.reconcile([...sensors, "sleepwise-alertness", "sleepwise-circadian-bedtime"]);
      await settled(system);
      return revisions();
    };
    // Today's contacts have continued since the watch first synced.
    const before = await again();
    expect(await again()).toEqual(before);
  });
});
