/** Workouts of the neutral body. */
import { z } from "zod";
import { activityNumber } from "../../healthkit/activity-types.ts";
import { quantityTypes } from "../../healthkit/quantity-types.ts";
import { convert } from "../../healthkit/units.ts";
import type { RoutePoint, Statistic, Workout, WorkoutEvent } from "../../healthkit/workout.ts";
import { maybe, number, numeric, text, timeOf } from "../fields.ts";
import { readMetadata } from "../healthkit-values.ts";
import { routePoint } from "../route-point.ts";
import { common, readCommon } from "./samples.ts";

const list = maybe(z.array(z.unknown()));

const body = z.object({
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
  latitude: z.number(),
  longitude: z.number(),
  altitude: number,
  speed: number,
  course: number,
  horizontal_accuracy: number,
  vertical_accuracy: number,
});

export interface ReadWorkout {
  readonly workout: Workout;
  /** By their paths in the workout. */
  readonly unreadable: readonly string[];
}

/** Returns null for a workout without a beginning or an end. */
export function readWorkout(item: unknown): ReadWorkout | null {
  const { data } = body.safeParse(item);
  const read = data === undefined ? null : readCommon(data);
  if (data === undefined || read === null || timeOf(data.end) === null) return null;
  const { type } = data;
  const activityType = typeof type === "number" ? type : activityNumber(type);
  const lists = { statistics: data.statistics ?? [], events: data.events ?? [], route: data.route ?? [] };
  const workout: Workout = {
    ...read,
    activityType,
    activityName: typeof type === "number" ? null : type,
    durationSeconds: data.duration_seconds ?? null,
    isIndoor: indoorOf(read.metadata.HKIndoorWorkout),
    statistics: lists.statistics.flatMap(readStatistic),
    totalDistanceMeters: null,
    totalEnergyKcal: null,
    events: lists.events.flatMap(readEvent),
    activities: [],
    route: lists.route.flatMap(readPoint).toSorted((one, other) => one.atMs - other.atMs),
    samples: [],
  };
  const shorter = (["statistics", "events", "route"] as const).filter(
    (name) => workout[name].length < lists[name].length,
  );
  const unreadable = [...shorter.map((name) => `${name}[]`), ...(activityType === null ? ["type"] : [])];
  return { workout, unreadable };
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

function readPoint(item: unknown): RoutePoint | [] {
  const { data } = point.safeParse(item);
  if (data === undefined) return [];
  const { at, horizontal_accuracy: horizontalAccuracy, vertical_accuracy: verticalAccuracy, ...told } = data;
  return routePoint(timeOf(at)?.ms, { ...told, horizontalAccuracy, verticalAccuracy }) ?? [];
}
