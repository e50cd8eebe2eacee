/** `workouts`, version 1 and version 2. */
import { z } from "zod";
import { convert, type Dimension } from "../../healthkit/units.ts";
import type { Statistic, Workout } from "../../healthkit/workout.ts";
import { fieldsIn, maybe, measured, number, sourceOf, text, timeOf } from "../fields.ts";
import type { Granularity } from "./headers.ts";
import { readRoute } from "./route.ts";
import { workoutMetadata } from "./workout-metadata.ts";
import { typeOfName } from "./workout-names.ts";
import { readSeries } from "./workout-series.ts";

const quantity = maybe(measured);

/** Version 1 has no id and no duration, and writes a sum where version 2 has a series: `stepCount`, `activeEnergy`. */
const body = z.object({
  id: text,
  name: text,
  start: text,
  end: text,
  duration: number,
  location: text,
  isIndoor: z.boolean().nullish().catch(null),
  activeEnergyBurned: quantity,
  activeEnergy: quantity,
  totalEnergy: quantity,
  distance: quantity,
  stepCount: quantity,
  flightsClimbed: quantity,
  totalSwimmingStrokeCount: quantity,
  avgHeartRate: quantity,
  maxHeartRate: quantity,
  heartRate: maybe(z.object({ min: quantity, avg: quantity, max: quantity })),
});
type Body = z.output<typeof body>;
type Quantity = z.output<typeof quantity>;

export interface ReadWorkout {
  readonly workout: Workout;
  /** By their paths in the workout. */
  readonly unreadable: readonly string[];
}

/** Returns null for a workout without a beginning or an end. */
export function readWorkout(item: unknown, hint: Granularity | null = null): ReadWorkout | null {
  const { data } = body.safeParse(item);
  const [start, end] = [timeOf(data?.start), timeOf(data?.end)];
  if (data === undefined || start === null || end === null || end.ms < start.ms) return null;
  const span = { startMs: start.ms, endMs: end.ms };
  const told = fieldsIn(item);
  const series = readSeries(told, span, hint);
  const activityType = typeOfName(data.name ?? "");
  const workout: Workout = {
    uuid: data.id?.toLowerCase() || null,
    activityType,
    activityName: data.name || null,
    ...span,
    durationSeconds: data.duration ?? null,
    zone: null,
    offsetMinutes: start.offsetMinutes,
    source: sourceOf(null),
    isUserEntered: false,
    isIndoor: isIndoor(data),
    statistics: statisticsOf(data, series.isHeartRateOfRecovery),
    totalDistanceMeters: inUnit(data.distance, "m"),
    totalEnergyKcal: inUnit(data.totalEnergy, "kcal"),
    events: [],
    activities: [],
    route: readRoute(told.route),
    samples: series.samples,
    metadata: workoutMetadata(told),
  };
  const unreadable = [...series.unreadable, ...(activityType === null ? ["name"] : [])];
  return { workout, unreadable };
}

function isIndoor({ isIndoor: told, location, name }: Body): boolean | null {
  if (typeof told === "boolean") return told;
  if (location === "Indoor") return true;
  if (location === "Outdoor" || location === "Open Water") return false;
  if (/^indoor /i.test(name ?? "")) return true;
  return /^outdoor /i.test(name ?? "") ? false : null;
}

const inUnit = (told: Quantity, dimension: Dimension): number | null =>
  told ? convert(told.qty, told.units ?? "", dimension) : null;

/**
 * The sums and means of a workout. In one version the app filled `heartRateData` with the two minutes after the
 * workout, and computed mean and maximum from them: then nothing is known of the heart rate in it.
 */
function statisticsOf(told: Body, isHeartRateOfRecovery: boolean): Statistic[] {
  const sums: [string, number | null][] = [
    ["ActiveEnergyBurned", inUnit(told.activeEnergyBurned ?? told.activeEnergy, "kcal")],
    ["StepCount", countOf(told.stepCount)],
    ["FlightsClimbed", countOf(told.flightsClimbed)],
    ["SwimmingStrokeCount", countOf(told.totalSwimmingStrokeCount)],
  ];
  const heartRate = {
    average: inUnit(told.avgHeartRate ?? told.heartRate?.avg, "per_min"),
    minimum: inUnit(told.heartRate?.min, "per_min"),
    maximum: inUnit(told.maxHeartRate ?? told.heartRate?.max, "per_min"),
  };
  const isHeartRateTold = Object.values(heartRate).some((value) => value !== null);
  return [
    ...sums.flatMap(([name, sum]) => (sum === null ? [] : [statistic(name, { sum })])),
    ...(isHeartRateTold && !isHeartRateOfRecovery ? [statistic("HeartRate", heartRate)] : []),
  ];
}

/** Counts have units of their own: `steps`, `count`, `floors`. */
const countOf = (told: Quantity): number | null => told?.qty ?? null;

const statistic = (name: string, told: Partial<Omit<Statistic, "type">>): Statistic => ({
  type: `HKQuantityTypeIdentifier${name}`,
  sum: null,
  average: null,
  minimum: null,
  maximum: null,
  ...told,
});
