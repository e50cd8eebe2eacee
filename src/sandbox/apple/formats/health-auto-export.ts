/**
 * The bodies of Health Auto Export on an English phone with metric units. Sums are those of the hour over all devices;
 * readings stand alone. Version 1 tells no sources, and of a night only sums.
 */
import { category, type Day, type Ecg, quantity, type Sample } from "../generate/facts.ts";
import type { Wearer } from "../generate/person.ts";
import { sleepRows } from "./health-auto-export-sleep.ts";
import { workoutOf, workoutOfVersion1 } from "./health-auto-export-workouts.ts";
import { hourlySums, mergedPieces } from "./merged.ts";
import { quantities, times } from "./quantities.ts";
import { spacedTime } from "./times.ts";

export type Version = 1 | 2;

interface Metric {
  readonly name: string;
  readonly units: string;
  readonly data: readonly object[];
}

export function healthAutoExportBody(wearer: Wearer, days: readonly Day[], version: Version): object {
  const samples = days.flatMap((day) => day.samples);
  const workouts = days.flatMap((day) => day.workouts);
  const metrics = metricsOf(wearer, samples, version);
  if (version === 1)
    return { data: { metrics, workouts: workouts.map((one) => workoutOfVersion1(wearer, one)) } };
  return {
    data: {
      metrics,
      workouts: workouts.map((one) => workoutOf(wearer, one)),
      stateOfMind: [],
      medications: [],
      symptoms: [],
      cycleTracking: samples.flatMap((sample) => flowOf(wearer, sample)),
      ecg: days.flatMap(({ ecgs }) => ecgs.map((ecg) => ecgOf(wearer, ecg))),
      heartRateNotifications: [],
    },
  };
}

function metricsOf(wearer: Wearer, samples: readonly Sample[], version: Version): Metric[] {
  const byType = Map.groupBy(samples, ({ type }) => type);
  const metrics: Metric[] = [];
  for (const [type, ofType] of byType) {
    const known = quantities.get(type);
    if (known === undefined || known.healthAutoExport.name === "blood_pressure") continue;
    const { name, unit: units, factor } = known.healthAutoExport;
    const data = known.isCumulative
      ? sums(wearer, ofType, factor, version)
      : ofType.map((sample) => reading(wearer, sample, factor, version));
    metrics.push({ name, units, data });
  }
  return [
    ...metrics,
    { name: "blood_pressure", units: "mmHg", data: pressures(wearer, byType) },
    { name: "apple_stand_hour", units: "count", data: stoodHours(wearer, byType, version) },
    {
      name: "sleep_analysis",
      units: "hr",
      data: sleepRows(wearer, byType.get(category("SleepAnalysis")) ?? [], version),
    },
  ].filter(({ data }) => data.length > 0);
}

/** Names are joined as the app joins them. Version 1 has none. */
export function sourceOf(samples: readonly Sample[], version: Version): { readonly source?: string } {
  const names = [...new Set(samples.map(({ device }) => device.name))].toSorted();
  return version === 1 ? {} : { source: names.join("|") };
}

function sums(wearer: Wearer, samples: readonly Sample[], factor: number, version: Version): object[] {
  const source = sourceOf(samples, version);
  return [...hourlySums(wearer.zone, mergedPieces(samples))]
    .toSorted(([one], [other]) => one - other)
    .map(([hour, sum]) => ({ date: spacedTime(wearer.zone, hour), qty: times(sum, factor), ...source }));
}

/** Heart rates have three figures, which are equal for a single reading. */
function reading({ zone }: Wearer, sample: Sample, factor: number, version: Version): object {
  const qty = times(sample.value, factor);
  const figures = sample.type === quantity("HeartRate") ? { Min: qty, Avg: qty, Max: qty } : { qty };
  return {
    date: spacedTime(zone, sample.startMs),
    ...figures,
    ...mealTimeOf(sample),
    ...sourceOf([sample], version),
  };
}

const mealTimes = new Map([
  ["1", "Before Meal"],
  ["2", "After Meal"],
]);

function mealTimeOf({ type, metadata }: Sample): object {
  if (type !== quantity("BloodGlucose")) return {};
  return { mealTime: mealTimes.get(metadata.HKBloodGlucoseMealTime ?? "") ?? "Unspecified" };
}

function pressures({ zone }: Wearer, byType: ReadonlyMap<string, readonly Sample[]>): object[] {
  const diastolic = byType.get(quantity("BloodPressureDiastolic")) ?? [];
  return (byType.get(quantity("BloodPressureSystolic")) ?? []).map(({ startMs, value, device }) => ({
    date: spacedTime(zone, startMs),
    systolic: value,
    diastolic: diastolic.find((one) => one.startMs === startMs)?.value,
    source: device.name,
  }));
}

/** A row for each hour: 1 where the person stood. HealthKit's own number of that case is 0. */
const stoodHours = (
  { zone }: Wearer,
  byType: ReadonlyMap<string, readonly Sample[]>,
  version: Version,
): object[] =>
  (byType.get(category("AppleStandHour")) ?? []).map((sample) => ({
    date: spacedTime(zone, sample.startMs),
    qty: sample.value === 0 ? 1 : 0,
    ...sourceOf([sample], version),
  }));

/** By HealthKit's number. */
const flows = ["", "Unspecified", "Light", "Medium", "Heavy", "None"];

function flowOf({ zone }: Wearer, { type, value, startMs, endMs, device }: Sample): object[] {
  if (type !== category("MenstrualFlow")) return [];
  const [start, end] = [spacedTime(zone, startMs), spacedTime(zone, endMs)];
  return [{ name: "Menstrual Flow", value: flows[value], start, end, source: device.name }];
}

function ecgOf({ zone }: Wearer, ecg: Ecg): object {
  const { startMs, samplingHz, microvolts } = ecg;
  return {
    start: spacedTime(zone, startMs),
    end: spacedTime(zone, ecg.endMs),
    classification: ecg.classification === 1 ? "Sinus Rhythm" : "Inconclusive Low Heart Rate",
    severity: "None",
    averageHeartRate: ecg.averageHeartRate,
    numberOfVoltageMeasurements: microvolts.length,
    voltageMeasurements: microvolts.map((voltage, index) => ({
      date: spacedTime(zone, startMs + (index * 1_000) / samplingHz),
      voltage,
      units: "mcV",
    })),
    samplingFrequency: samplingHz,
    source: ecg.device.name,
  };
}
