/** Data of a person's phone as parts, and the records that are made of them. */
import { asRead, type DataType, type ModelOf, models } from "../../../models/index.ts";
import { grow, inForce, nothingGrown } from "../../kit/growing/fold.ts";
import { isNamedBy, type Part } from "../../provider.ts";
import {
  type Growing,
  growingSample,
  growingWorkout,
  samplesKey,
  settingsKey,
  utcDay,
} from "../healthkit/growing-parts.ts";
import type { ConnectionSettings } from "../healthkit/readings.ts";
import type { Sample, Source } from "../healthkit/sample.ts";
import type { Statistic, Workout } from "../healthkit/workout.ts";
import { normalizers } from "../normalizers.ts";

export const watch: Source = { name: "Apple Watch", bundleId: null, model: "Watch6,1" };
export const phone: Source = { name: "iPhone", bundleId: null, model: "iPhone15,2" };
export const app: Source = { name: "Pedometer", bundleId: "com.example.steps", model: null };

/** Returns a sample: `sample("HKQuantityTypeIdentifierStepCount", "2026-01-10T09:00Z/09:10", 1000)`. */
export function sample(type: string, time: string, value: number | null, more: Partial<Sample> = {}): Sample {
  const { startMs, endMs } = spanOf(time);
  return {
    uuid: null,
    type,
    startMs,
    endMs,
    value,
    zone: null,
    offsetMinutes: null,
    source: watch,
    isUserEntered: false,
    isAggregate: false,
    metadata: {},
    ...more,
  };
}

/** Returns a workout of the Watch without figures: `workout("2026-01-10T09:00/09:30", { activityType: 37 })`. */
export function workout(time: string, more: Partial<Workout> = {}): Workout {
  return {
    uuid: null,
    activityType: 37,
    activityName: "HKWorkoutActivityTypeRunning",
    ...spanOf(time),
    durationSeconds: null,
    zone: "Europe/Berlin",
    offsetMinutes: null,
    source: watch,
    isUserEntered: false,
    isIndoor: null,
    statistics: [],
    totalDistanceMeters: null,
    totalEnergyKcal: null,
    events: [],
    activities: [],
    route: [],
    samples: [],
    metadata: {},
    ...more,
  };
}

/** Returns a statistic of a quantity. */
export const statistic = (name: string, told: Partial<Statistic>): Statistic => ({
  type: `HKQuantityTypeIdentifier${name}`,
  sum: null,
  average: null,
  minimum: null,
  maximum: null,
  ...told,
});

/** Reads `2026-01-10T09:00`, or with an end `2026-01-10T09:00/09:10` or `…/2026-01-11T00:10`; in UTC. */
export function spanOf(time: string): { startMs: number; endMs: number } {
  const [start = "", end = start] = time.split("/");
  const whole = end.includes("T") ? end : `${start.slice(0, 11)}${end}`;
  return { startMs: Date.parse(`${start}Z`), endMs: Date.parse(`${whole}Z`) };
}

/** Folds samples and workouts into parts, as ingest does. */
export function partsOf(samples: readonly Sample[], workouts: readonly Workout[] = []): Part[] {
  return [
    ...folded("samples", samples.map(growingSample), ({ startMs, type }) =>
      samplesKey(utcDay(startMs), type),
    ),
    ...folded("workouts", workouts.map(growingWorkout), ({ startMs }) => utcDay(startMs)),
  ];
}

function folded<Name extends "samples" | "workouts">(
  resource: Name,
  items: readonly Growing<Name>[],
  keyOf: (item: Growing<Name>) => string,
): Part[] {
  return [...Map.groupBy(items, keyOf)].map(([key, group]) => {
    const grown = grow<Growing<Name>>(nothingGrown, { order: 1, format: "test", samples: group });
    return { resource, key, value: inForce(grown) };
  });
}

export const settings = (chosen: Partial<ConnectionSettings>): Part => ({
  resource: "settings",
  key: settingsKey,
  value: [{ zone: null, priority: [], ignored: [], withBirthDate: false, ...chosen }],
});

/** Returns one record; null where the parts make none. */
export function make<Type extends DataType>(
  type: Type,
  naturalKey: string,
  parts: readonly Part[],
): Made<Type> | null {
  const normalizer = normalizers.find((one) => one.type === type);
  if (normalizer === undefined) throw new Error(`No normaliser of ${type}`);
  const own = normalizer.partsOf(naturalKey).flatMap((ref) => parts.filter((part) => isNamedBy(ref, part)));
  const record = normalizer.normalize(own, naturalKey);
  if (record === null) return null;
  const read = asRead<Made<Type>>(record);
  models[type].parse(read);
  return read;
}

export type Made<Type extends DataType> = ModelOf[Type] & {
  readonly provider_data?: { readonly apple: Record<string, unknown> };
};

/** Returns all records of a type that the parts affect, by natural key. */
export function makeAll<Type extends DataType>(type: Type, parts: readonly Part[]): Map<string, Made<Type>> {
  const normalizer = normalizers.find((one) => one.type === type);
  const keys = new Set(
    parts.flatMap((part) => normalizer?.affects(part) ?? []).map(({ naturalKey }) => naturalKey),
  );
  const made = new Map<string, Made<Type>>();
  for (const key of [...keys].toSorted()) {
    const record = make(type, key, parts);
    if (record !== null) made.set(key, record);
  }
  return made;
}
