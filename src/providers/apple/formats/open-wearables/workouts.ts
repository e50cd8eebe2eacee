/** `workouts`: an activity with a list of its figures. */
import { z } from "zod";
import { activityNumber } from "../../healthkit/activity-types.ts";
import { quantityPrefix, quantityTypes } from "../../healthkit/quantity-types.ts";
import type { Metadata } from "../../healthkit/sample.ts";
import { convert } from "../../healthkit/units.ts";
import type { Statistic, Workout } from "../../healthkit/workout.ts";
import { number, numeric, text, timeOf } from "../fields.ts";
import { readMetadata } from "../healthkit-values.ts";
import { commonFields, offsetOf } from "./records.ts";
import { sourceOf } from "./source.ts";

const figure = z.object({
  type: z.string(),
  value: z.union([numeric, z.boolean().transform(Number)]),
  unit: text,
});
type Figure = z.output<typeof figure>;

const body = z.object({
  ...commonFields,
  type: z.string(),
  duration: number,
  values: z.array(z.unknown()).nullish().catch(null),
});

/** The SDK's names that are not HealthKit's in snake_case. */
const otherNames: Readonly<Record<string, string>> = {
  strength_training: "TraditionalStrengthTraining",
  hiit: "HighIntensityIntervalTraining",
  wheelchair_run: "WheelchairRunPace",
  wheelchair_walk: "WheelchairWalkPace",
  surfing: "SurfingSports",
  skating: "SkatingSports",
  equestrian: "EquestrianSports",
};

/** By the figure's name, the quantity and the statistic that it tells. */
const statistics: Readonly<Record<string, readonly [type: string, of: keyof Omit<Statistic, "type">]>> = {
  activeEnergyBurned: ["ActiveEnergyBurned", "sum"],
  basalEnergyBurned: ["BasalEnergyBurned", "sum"],
  stepCount: ["StepCount", "sum"],
  swimmingStrokeCount: ["SwimmingStrokeCount", "sum"],
  minHeartRate: ["HeartRate", "minimum"],
  averageHeartRate: ["HeartRate", "average"],
  maxHeartRate: ["HeartRate", "maximum"],
  averageRunningPower: ["RunningPower", "average"],
  averageRunningSpeed: ["RunningSpeed", "average"],
  averageRunningStrideLength: ["RunningStrideLength", "average"],
  averageVerticalOscillation: ["RunningVerticalOscillation", "average"],
  averageGroundContactTime: ["RunningGroundContactTime", "average"],
};

/** By the figure's name, HealthKit's key for the same; the value is written with its unit, as in Apple's export. */
const metadataKeys: Readonly<Record<string, string>> = {
  averageSpeed: "HKAverageSpeed",
  maxSpeed: "HKMaximumSpeed",
  elevationAscended: "HKElevationAscended",
  elevationDescended: "HKElevationDescended",
  averageMETs: "HKAverageMETs",
  lapLength: "HKLapLength",
  weatherTemperature: "HKWeatherTemperature",
  weatherHumidity: "HKWeatherHumidity",
};

/** Figures with a field of their own in a workout. */
const fields = ["duration", "distance", "indoorWorkout", "swimmingLocationType"];

export const figureNames: readonly string[] = [
  ...Object.keys(statistics),
  ...Object.keys(metadataKeys),
  ...fields,
];

export interface ReadWorkout {
  readonly workout: Workout;
  /** By their paths in the workout. */
  readonly unreadable: readonly string[];
}

/** Returns null for a workout without a beginning or an end. */
export function readWorkout(item: unknown): ReadWorkout | null {
  const { data } = body.safeParse(item);
  const [start, end] = [timeOf(data?.startDate), timeOf(data?.endDate)];
  if (data === undefined || start === null || end === null || end.ms < start.ms) return null;
  const figures = (data.values ?? []).flatMap((one) => figure.safeParse(one).data ?? []);
  const { zone, isUserEntered, rest } = readMetadata(data.metadata);
  const activityType = typeOf(data.type);
  const workout: Workout = {
    uuid: data.id?.toLowerCase() || null,
    activityType,
    activityName: data.type,
    startMs: start.ms,
    endMs: end.ms,
    durationSeconds: figureIn(figures, "duration", "s") ?? data.duration ?? null,
    zone,
    offsetMinutes: offsetOf(data.zoneOffset),
    source: sourceOf(data.source),
    isUserEntered: isUserEntered || data.source?.recordingMethod === "manual",
    isIndoor: isIndoor(figures),
    statistics: statisticsOf(figures),
    totalDistanceMeters: figureIn(figures, "distance", "m"),
    totalEnergyKcal: null,
    events: [],
    activities: [],
    route: [],
    samples: [],
    metadata: { ...rest, ...metadataOf(figures) },
  };
  const unreadable = figures.length < (data.values ?? []).length ? ["values[].value"] : [];
  return { workout, unreadable: activityType === null ? [...unreadable, "type"] : unreadable };
}

function typeOf(name: string): number | null {
  const pascal = name.replaceAll(/(^|_)([a-z])/g, (_match, _before, letter: string) => letter.toUpperCase());
  const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  return activityNumber(other ?? pascal);
}

function figureIn(figures: readonly Figure[], name: string, dimension: "s" | "m"): number | null {
  const found = figures.find(({ type }) => type === name);
  return found === undefined ? null : convert(found.value, found.unit ?? dimension, dimension);
}

function isIndoor(figures: readonly Figure[]): boolean | null {
  const told = figures.find(({ type }) => type === "indoorWorkout");
  return told === undefined ? null : told.value !== 0;
}

function statisticsOf(figures: readonly Figure[]): Statistic[] {
  const found = new Map<string, Statistic>();
  for (const { type: name, value, unit } of figures) {
    const known = Object.hasOwn(statistics, name) ? statistics[name] : undefined;
    if (known === undefined) continue;
    const type = quantityPrefix + known[0];
    const { dimension } = quantityTypes.get(type) ?? { dimension: "count" };
    const before = found.get(type) ?? { type, sum: null, average: null, minimum: null, maximum: null };
    found.set(type, { ...before, [known[1]]: convert(value, unit ?? "", dimension) });
  }
  return [...found.values()];
}

function metadataOf(figures: readonly Figure[]): Metadata {
  return Object.fromEntries(
    figures.flatMap(({ type, value, unit }): [string, string | number][] => {
      if (type === "swimmingLocationType") return [["HKSwimmingLocationType", value]];
      const key = Object.hasOwn(metadataKeys, type) ? metadataKeys[type] : undefined;
      return key === undefined ? [] : [[key, `${value} ${unit ?? ""}`.trim()]];
    }),
  );
}
