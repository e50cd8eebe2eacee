/** Workouts of the neutral body. */
import { z } from "zod";
import { activityNumber } from "../../healthkit/activity-types.ts";
import { quantityTypes } from "../../healthkit/quantity-types.ts";
import { convert } from "../../healthkit/units.ts";
import type { RoutePoint, Statistic, Workout, WorkoutEvent } from "../../healthkit/workout.ts";
import { maybe, number, numeric, text, timeOf } from "../fields.ts";
import { readMetadata } from "../healthkit-values.ts";
import { common, readCommon } from "./samples.ts";

const list = maybe(z.array(z.unknown()));

const workout = z.object({
  ...common,
  end: z.string(),
  type: z.union([numeric, z.string()]),
  duration_seconds: number,
  statistics: list,
  events: list,
  route: list,
});
const statistic = z.object({
  type: z.string(),
  unit: z.string(),
  sum: number,
  average: number,
  minimum: number,
  maximum: number,
});
const event = z.object({
  type: z.int(),
  start: z.string(),
  end: text,
  metadata: maybe(z.record(z.string(), z.unknown())),
});
const point = z.object({
  at: z.string(),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  altitude: number,
  speed: number,
  course: number,
  horizontal_accuracy: number,
  vertical_accuracy: number,
});

/** Returns null for a workout without a beginning or an end. */
export function readWorkout(item: unknown): Workout | null {
  const { data } = workout.safeParse(item);
  const read = data === undefined ? null : readCommon(data);
  if (data === undefined || read === null || timeOf(data.end) === null) return null;
  const { type } = data;
  const activityType = typeof type === "number" ? type : activityNumber(type);
  return {
    ...read,
    activityType,
    activityName: typeof type === "number" ? null : type,
    durationSeconds: data.duration_seconds ?? null,
    isIndoor: indoorOf(read.metadata.HKIndoorWorkout),
    statistics: (data.statistics ?? []).flatMap(readStatistic),
    totalDistanceMeters: null,
    totalEnergyKcal: null,
    events: (data.events ?? []).flatMap(readEvent),
    activities: [],
    route: (data.route ?? []).flatMap(readPoint).toSorted((one, other) => one.atMs - other.atMs),
    samples: [],
  };
}

const indoorOf = (told: string | number | undefined): boolean | null =>
  told === undefined ? null : Number(told) === 1;

function readStatistic(item: unknown): Statistic[] {
  const { data } = statistic.safeParse(item);
  const dimension = quantityTypes.get(data?.type ?? "")?.dimension;
  if (data === undefined || dimension === undefined) return [];
  const inBase = (value: number | null | undefined): number | null =>
    typeof value === "number" ? convert(value, data.unit, dimension) : null;
  return [
    {
      type: data.type,
      sum: inBase(data.sum),
      average: inBase(data.average),
      minimum: inBase(data.minimum),
      maximum: inBase(data.maximum),
    },
  ];
}

function readEvent(item: unknown): WorkoutEvent[] {
  const { data } = event.safeParse(item);
  const start = timeOf(data?.start);
  if (data === undefined || start === null) return [];
  const endMs = Math.max(start.ms, timeOf(data.end)?.ms ?? start.ms);
  return [{ type: data.type, startMs: start.ms, endMs, metadata: readMetadata(data.metadata).rest }];
}

function readPoint(item: unknown): RoutePoint[] {
  const { data } = point.safeParse(item);
  const at = timeOf(data?.at);
  if (data === undefined || at === null) return [];
  return [
    {
      atMs: at.ms,
      latitude: data.latitude,
      longitude: data.longitude,
      altitude: data.altitude ?? null,
      speed: known(data.speed),
      course: known(data.course),
      horizontalAccuracy: known(data.horizontal_accuracy),
      verticalAccuracy: known(data.vertical_accuracy),
    },
  ];
}

/** Core Location writes a negative number for what it does not know. */
const known = (value: number | null | undefined): number | null =>
  typeof value === "number" && value >= 0 ? value : null;
