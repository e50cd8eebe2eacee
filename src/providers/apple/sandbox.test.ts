/**
 * The same days of one phone by each format, as the sandbox writes them: the records are those of the export, the format
 * that tells most, but for what a format cannot tell. Each exception stands here with its reason.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { DataType } from "../../models/index.ts";
import { bodyOf, exportFile, type JsonFormat } from "../../sandbox/apple/bodies.ts";
import { daysOf } from "../../sandbox/apple/generate/index.ts";
import { usualProfile, wearerOf } from "../../sandbox/apple/generate/person.ts";
import type { Part, Resource } from "../provider.ts";
import { readBytes } from "./formats/export/testing/read.ts";
import { Folded } from "./formats/testing/folded.ts";
import { resources } from "./resources.ts";
import { differences } from "./testing/differences.ts";
import { type Made, makeAll, settings } from "./testing/person.ts";

const now = Date.parse("2026-01-28T20:00:00Z");
const wearer = wearerOf(usualProfile, 1, now);
const period = { days: 28, now };
/** The zone is the person's choice on the connect page: an export tells it for few samples. */
const zone = settings({ zone: wearer.zone });

const parts = new Map<string, readonly Part[]>();
const unread = new Map<string, Part | undefined>();

function resourceOf(format: string): Resource {
  const found = resources.find(({ name }) => name === format);
  if (found === undefined) throw new Error(`No resource ${format}`);
  return found;
}

function fold(format: JsonFormat, key: string): void {
  const body: unknown = JSON.parse(JSON.stringify(bodyOf(format, wearer, daysOf(wearer, period), now)));
  const folded = new Folded({ resource: resourceOf(format.replace(/-v1$/, "")), key, body });
  parts.set(format, [...folded.parts, zone]);
  unread.set(format, folded.unread);
}

beforeAll(async () => {
  fold("healthkit", "body");
  fold("open-wearables", "body");
  fold("health-auto-export", "automation-aggregation=Hours&automation-period=Default&session-id=one");
  fold("health-auto-export-v1", "body");
  const read = await readBytes(await exportFile(wearer, period));
  expect(read.error).toBeNull();
  const folded = new Folded({ resource: { ...resourceOf("export"), parts: () => read.parts }, body: null });
  parts.set("export", [...folded.parts, zone]);
});

const made = new Map<string, ReadonlyMap<string, unknown>>();

/** Makes the records of a format once. */
function records<Type extends DataType>(format: string, type: Type): ReadonlyMap<string, Made<Type>> {
  const name = `${format} ${type}`;
  const known = made.get(name) ?? makeAll(type, parts.get(format) ?? []);
  made.set(name, known);
  return known as ReadonlyMap<string, Made<Type>>;
}

/** Returns the leaves in which any record differs from the export's. */
function different(format: string, type: DataType): string[] {
  const best = records("export", type);
  const found = [...records(format, type)].flatMap(([key, record]) =>
    differences(best.get(key) ?? null, record),
  );
  return [...new Set(found)].toSorted();
}

const keysOf = (format: string, type: DataType): string[] => [...records(format, type).keys()];

/** Where the export cuts days by the zone that the person chose, these formats state the offset of each sample. */
const clock = ["provider_data.apple.clock.basis", "provider_data.apple.clock.zone"];
/** No other format has the rings, by which the export's active time is corrected. */
const rings = [
  "active_durations_data.activity_seconds",
  "provider_data.apple.rings",
  "provider_data.apple.taken_from_rings",
];
/** Only the export has the beats and, beside Health Auto Export, the ECGs. */
const beats = ["heart_data.rr_interval_samples.length"];
const ecgs = [
  "device_data.other_devices.length",
  "heart_data.afib_classification_samples.length",
  "heart_data.ecg_signal.length",
  "provider_data.apple.ecgs",
];
/** Neither has correlations, so nutrients are of no meal. */
const meals = ["meals.length"];

describe("28 days of a phone", () => {
  it("make a record of each type and day, from a neutral body that is read to its last leaf", () => {
    const counts = (format: string) =>
      Object.fromEntries(
        (["activity", "daily", "sleep", "body", "nutrition", "menstruation", "athlete"] as const).map(
          (type) => [type, records(format, type).size],
        ),
      );
    expect(counts("export")).toEqual({
      activity: expect.any(Number),
      daily: 29,
      sleep: expect.any(Number),
      body: 29,
      nutrition: 29,
      menstruation: expect.any(Number),
      athlete: 1,
    });
    expect(counts("healthkit")).toEqual(counts("export"));
    expect(keysOf("export", "sleep").filter((key) => key.includes("T")).length).toBeGreaterThan(0);
    expect(keysOf("export", "menstruation").length).toBeGreaterThan(4);
    for (const format of ["healthkit", "open-wearables", "health-auto-export", "health-auto-export-v1"]) {
      expect([format, unread.get(format)]).toMatchObject([format, { value: {}, unreadable: [] }]);
    }
  });

  it("by the neutral body differ in what it has no place for", () => {
    const phones = ["device_data.other_devices[].hardware_version", "device_data.other_devices[].name"];
    expect(different("healthkit", "activity")).toEqual([]);
    expect(different("healthkit", "sleep")).toEqual([]);
    expect(different("healthkit", "menstruation")).toEqual([]);
    expect(different("healthkit", "athlete")).toEqual([]);
    expect(different("healthkit", "daily")).toEqual([...phones, ...rings, ...clock].toSorted());
    expect(different("healthkit", "nutrition")).toEqual([...meals, ...clock].toSorted());
    expect(different("healthkit", "body")).toEqual(
      expect.arrayContaining([...beats, ...ecgs, ...clock].toSorted()),
    );
  });

  it("by the open-wearables SDK differ in routes, pauses, rings, beats, ECGs, meals and the person", () => {
    expect(different("open-wearables", "menstruation")).toEqual([]);
    expect(different("open-wearables", "nutrition")).toEqual(meals);
    // It states the offset of a stage, and not its zone.
    expect(different("open-wearables", "sleep")).toEqual(clock);
    expect(different("open-wearables", "daily")).toEqual(
      ["device_data.other_devices[].name", ...rings].toSorted(),
    );
    expect(different("open-wearables", "body")).toEqual(expect.arrayContaining([...beats, ...ecgs]));
    expect(keysOf("open-wearables", "athlete")).toEqual([]);
    const untold =
      /^(position_data|movement_data|distance_data\.(summary\.elevation\.m|detailed\.elevation)|provider_data\.apple\.(events|pauses|statistics))|timer_duration_seconds$/;
    expect(different("open-wearables", "activity").filter((leaf) => !untold.test(leaf))).toEqual([]);
  });

  it("by Health Auto Export 2 have the same sums, nights, readings and flows", () => {
    expect(keysOf("health-auto-export", "sleep")).toEqual(keysOf("export", "sleep"));
    // It sums steps up by the hour, and tells no models of devices and no contexts of heart rates.
    const told = (type: DataType) => different("health-auto-export", type).filter((leaf) => isFigure(leaf));
    expect(told("daily")).toEqual([]);
    expect(told("sleep")).toEqual([]);
    expect(told("body")).toEqual([]);
    expect(told("nutrition")).toEqual([]);
    expect(different("health-auto-export", "menstruation")).toEqual(
      [
        // It does not say which day is the first of a period.
        "menstruation_data.current_phase",
        "menstruation_data.cycle_length_days",
        "menstruation_data.day_in_cycle",
        "menstruation_data.period_length_days",
        "menstruation_data.period_start_date",
        ...clock,
      ].filter((leaf) => different("health-auto-export", "menstruation").includes(leaf)),
    );
  });

  it("by Health Auto Export 1 have the same days and sleeping hours, without stages, naps and flows", () => {
    expect(keysOf("health-auto-export-v1", "daily")).toEqual(keysOf("export", "daily"));
    expect(different("health-auto-export-v1", "daily").filter(isFigure)).toEqual([]);
    expect(keysOf("health-auto-export-v1", "menstruation")).toEqual([]);
    const nights = records("health-auto-export-v1", "sleep");
    expect([...nights.keys()]).toEqual(keysOf("export", "sleep").filter((key) => !key.includes("T")));
    for (const [key, night] of records("export", "sleep")) {
      const asleep = night.sleep_durations_data?.asleep?.duration_asleep_state_seconds;
      // Hours of six digits are a hundredth of a second.
      if (nights.has(key))
        expect(nights.get(key)?.sleep_durations_data?.asleep?.duration_asleep_state_seconds).toBeCloseTo(
          asleep ?? -1,
          1,
        );
    }
  });

  it("have the same workouts, however much of each is told", () => {
    for (const format of ["health-auto-export", "health-auto-export-v1"]) {
      expect(keysOf(format, "activity")).toEqual(keysOf("export", "activity"));
      const leaves = different(format, "activity");
      for (const leaf of [
        "metadata.start_time",
        "metadata.end_time",
        "calories_data.net_activity_calories",
        "heart_rate_data.summary.avg_hr_bpm",
        "heart_rate_data.summary.max_hr_bpm",
        "position_data.position_samples.length",
      ])
        expect(leaves).not.toContain(leaf);
    }
  });
});

/** A sum or a reading that stands in no list of samples, other than those of devices and rings. */
const isFigure = (leaf: string): boolean =>
  /_data\.(summary|measurements|asleep|awake|steps|distance_meters|floors_climbed|net_activity_calories|BMR_calories|hydration|day_avg)|^summary\./.test(
    leaf,
  );
