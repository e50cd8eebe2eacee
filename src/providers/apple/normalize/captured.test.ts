/** Records of the captured bodies that lie beside the repository. Their figures are read from the bodies by hand. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { DataType } from "../../../models/index.ts";
import {
  type GrowingSample,
  type Grown,
  grow,
  inForce,
  nothingGrown,
  type Statement,
} from "../../kit/growing/fold.ts";
import type { Part, Resource } from "../../provider.ts";
import { readExport } from "../formats/export/read-export.ts";
import { healthAutoExport } from "../formats/health-auto-export/resource.ts";
import { openWearables } from "../formats/open-wearables/resource.ts";
import { Folded } from "../formats/testing/folded.ts";
import { type Made, makeAll, settings } from "../testing/person.ts";

const folder = path.join(import.meta.dirname, "../../../../../shared/apple-payloads");

function recordsOf<Type extends DataType>(
  type: Type,
  resource: Resource,
  name: string,
): Map<string, Made<Type>> {
  const body = resource.decode(readFileSync(path.join(folder, name)));
  return makeAll(type, new Folded({ resource, body }).parts);
}

describe.skipIf(!existsSync(folder))("a captured body of Health Auto Export", () => {
  it("of all sections makes each record in its units", () => {
    const name = "mu-hae-v2-all-sections.json";
    const day = recordsOf("daily", healthAutoExport, name).get("2026-01-10");
    expect(day?.metadata).toMatchObject({
      start_time: "2026-01-10T00:00:00.000000+01:00",
      end_time: "2026-01-11T00:00:00.000000+01:00",
    });
    expect(day?.distance_data).toMatchObject({ steps: 192, distance_meters: 71.2, floors_climbed: 2 });
    expect(day?.heart_rate_data?.summary).toMatchObject({
      resting_hr_bpm: 52,
      avg_hrv_sdnn: 47.03,
      max_hr_bpm: 79,
    });
    const body = recordsOf("body", healthAutoExport, name).get("2026-01-10");
    expect(body?.measurements_data).toMatchObject({
      day_avg_weight_kg: 71.2,
      day_avg_bodyfat_percentage: 21.3,
    });
    expect(body?.heart_data?.ecg_signal?.[0]?.raw_signal?.[0]?.potential_uV).toBe(-7.642);
    const food = recordsOf("nutrition", healthAutoExport, name).get("2026-01-10");
    expect(food?.summary?.macros).toMatchObject({ calories: 520, carbohydrates_g: 80, sodium_mg: 640 });
    const cycle = recordsOf("menstruation", healthAutoExport, name).get("2026-01-10");
    expect(cycle?.menstruation_data?.menstruation_flow?.map(({ flow }) => flow)).toEqual([2]);
    const sleep = recordsOf("sleep", healthAutoExport, name).get("2026-01-10");
    // 4.2 + 1.1 + 1.8 hours.
    expect(sleep?.sleep_durations_data?.asleep?.duration_asleep_state_seconds).toBe(7.1 * 3_600);
  });

  it("of hours makes the steps of a day", () => {
    const days = recordsOf("daily", healthAutoExport, "hae-v2-2026-start-end.json");
    expect(days.get("2026-03-14")?.distance_data?.steps).toBe(9_133);
    expect([...days].map(([, day]) => day.heart_rate_data?.summary?.resting_hr_bpm)).toEqual([53, 54, 52]);
  });

  it("of nights of four versions makes a night of each", () => {
    const nights = recordsOf("sleep", healthAutoExport, "hae-sleep-nights-observed.json");
    expect(
      [...nights].map(([date, { sleep_durations_data }]) => [
        date,
        sleep_durations_data?.asleep?.duration_asleep_state_seconds,
      ]),
    ).toEqual([
      ["2022-07-23", 20_340],
      ["2024-09-12", 27_900],
      ["2026-05-05", 19_950.48],
      ["2026-08-07", 31_693.872],
    ]);
  });
});

describe.skipIf(!existsSync(folder))("a captured body of the open-wearables SDK", () => {
  const name = "mu-ow-sync-0.6.0.json";

  it("makes a night whose stages are its length", () => {
    const sleep = recordsOf("sleep", openWearables, name).get("2026-01-14");
    expect(sleep?.sleep_durations_data).toMatchObject({
      asleep: { duration_asleep_state_seconds: 26_760, duration_REM_sleep_state_seconds: 2_160 },
      awake: { duration_awake_state_seconds: 240 },
      other: { duration_in_bed_seconds: 28_800, duration_unmeasurable_sleep_seconds: 0 },
    });
  });

  it("makes days, a body and a workout in Terra's units", () => {
    const day = recordsOf("daily", openWearables, name).get("2026-01-14");
    expect(day?.oxygen_data?.avg_saturation_percentage).toBe(97);
    expect(day?.heart_rate_data?.detailed?.hr_samples?.map(({ context }) => context)).toEqual([2]);
    const body = recordsOf("body", openWearables, name).get("2026-01-14");
    expect(body?.measurements_data).toMatchObject({
      day_avg_bodyfat_percentage: 21.3,
      day_avg_height_cm: 178,
    });
    const [run] = recordsOf("activity", openWearables, name).values();
    expect(run?.metadata).toMatchObject({ type: 8, name: "Running" });
    expect(run?.calories_data).toMatchObject({ net_activity_calories: 402.2, total_burned_calories: 453.2 });
    expect(run?.distance_data?.summary).toMatchObject({ distance_meters: 6_512.8, steps: 6_104 });
  });
});

/** Reads a whole export, as ingest does. */
async function partsOfExport(name: string): Promise<Part[]> {
  const directory = mkdtempSync(path.join(tmpdir(), "export-"));
  const states = new Map<string, Grown<GrowingSample>>();
  try {
    for await (const batch of readExport(path.join(folder, name), { directory, progress: () => undefined })) {
      for (const { resource, key, value } of batch.filter((part) => part.resource !== "export")) {
        const at = JSON.stringify([resource, key]);
        const statement = value as Statement<GrowingSample>;
        states.set(at, grow(states.get(at) ?? nothingGrown, { ...statement, order: 1 }));
      }
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return [...states].map(([at, state]) => {
    const [resource = "", key = ""] = JSON.parse(at) as string[];
    return { resource, key, value: inForce(state) };
  });
}

describe.skipIf(!existsSync(folder))("a captured export", () => {
  const berlin = settings({ zone: "Europe/Berlin" });

  it("of two devices counts each step once", async () => {
    const parts = await partsOfExport("mu-export-steps-two-devices.xml");
    const days = makeAll("daily", [...parts, berlin]);
    expect([...days].map(([date, day]) => [date, day.distance_data?.steps])).toEqual([
      ["2026-01-10", 5_140],
      ["2026-01-11", 700],
    ]);
    expect(makeAll("athlete", [...parts, berlin]).get("athlete")).toMatchObject({
      sex: "female",
      date_of_birth: null,
    });
  });

  it("of food, glucose and a cycle is in Terra's units, each food once", async () => {
    const parts = [...(await partsOfExport("mu-export-cycle-nutrition-correlations.xml")), berlin];
    const food = makeAll("nutrition", parts).get("2026-01-10");
    // 520 kcal once, and 837 kJ.
    expect(food?.summary?.macros?.calories).toBeCloseTo(720, 0);
    expect(food?.meals?.map(({ name, type, macros }) => [name, type, macros.calories])).toEqual([
      ["Rice & beans", 3, 520],
    ]);
    const body = makeAll("body", parts).get("2026-01-10");
    expect(body?.glucose_data?.blood_glucose_samples?.[0]?.blood_glucose_mg_per_dL).toBeCloseTo(97.3, 1);
    expect(body?.measurements_data?.day_avg_bodyfat_percentage).toBe(27.1);
    expect(body?.oxygen_data?.avg_saturation_percentage).toBe(97);
    const cycle = makeAll("menstruation", parts);
    expect(cycle.get("2024-05-02")?.menstruation_data).toMatchObject({ day_in_cycle: 2, current_phase: 1 });
    expect(cycle.get("2026-01-03")?.menstruation_data?.menstruation_flow?.map(({ flow }) => flow)).toEqual([
      5,
    ]);
  });

  it("of workouts has each figure once, on the clock of the recording", async () => {
    const runs = makeAll("activity", await partsOfExport("export-2026-workouts-fr.xml"));
    const walk = [...runs.values()].find(({ metadata }) => metadata.start_time.startsWith("2018-06-11"));
    expect(walk?.metadata.start_time).toBe("2018-06-11T12:46:43.000000+02:00");
    expect(walk?.distance_data?.summary?.distance_meters).toBe(1_215.51);
    expect(walk?.provider_data?.apple.weather).toMatchObject({ humidity_percent: 80 });
    const ride = [...runs.values()].find(({ metadata }) => metadata.start_time.startsWith("2025-07-14"));
    expect(ride?.distance_data?.summary).toMatchObject({
      distance_meters: 18_989.5,
      elevation: { gain_actual_meters: 231.78 },
    });
    expect(ride?.lap_data?.laps).toEqual([]);
  });
});
