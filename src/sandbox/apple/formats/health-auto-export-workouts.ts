/** Workouts of Health Auto Export, of both versions. */
import { quantity, type Sample, type Workout } from "../generate/facts.ts";
import { MINUTE } from "../generate/local-time.ts";
import type { Wearer } from "../generate/person.ts";
import { quantities, times } from "./quantities.ts";
import { spacedTime } from "./times.ts";

const measured = (qty: number | undefined, units: string) => (qty === undefined ? null : { qty, units });

function statistic({ statistics }: Workout, type: string) {
  return statistics.find((one) => one.type === type);
}

const distances = ["DistanceWalkingRunning", "DistanceCycling", "DistanceSwimming"];

/** The longest of them, in km. */
function distanceOf(workout: Workout): number | undefined {
  for (const type of distances) {
    const sum = statistic(workout, type)?.sum;
    if (sum !== undefined) return type === "DistanceSwimming" ? times(sum, 0.001) : sum;
  }
  return undefined;
}

const places = (workout: Workout): string | null => {
  if (workout.metadata.HKSwimmingLocationType !== undefined) return "Pool";
  return workout.isIndoor ? "Indoor" : "Outdoor";
};

/** Returns the number before the unit in HealthKit's own text: `8000 %`, `5900 cm`. */
const numberIn = ({ metadata }: Workout, key: string): number | undefined =>
  metadata[key] === undefined ? undefined : Number.parseFloat(metadata[key]);

export function workoutOf({ zone }: Wearer, workout: Workout): object {
  const heart = statistic(workout, "HeartRate");
  const distance = distanceOf(workout);
  const climbed = numberIn(workout, "HKElevationAscended");
  const told: Record<string, unknown> = {
    id: workout.uuid,
    name: workout.activity.healthAutoExport,
    start: spacedTime(zone, workout.startMs),
    end: spacedTime(zone, workout.endMs),
    duration: workout.durationSeconds,
    location: places(workout),
    isIndoor: workout.isIndoor,
    activeEnergyBurned: measured(statistic(workout, "ActiveEnergyBurned")?.sum, "kcal"),
    distance: measured(distance, "km"),
    avgHeartRate: measured(heart?.average, "bpm"),
    maxHeartRate: measured(heart?.maximum, "bpm"),
    heartRate: {
      min: measured(heart?.minimum, "bpm"),
      avg: measured(heart?.average, "bpm"),
      max: measured(heart?.maximum, "bpm"),
    },
    totalSwimmingStrokeCount: measured(statistic(workout, "SwimmingStrokeCount")?.sum, "count"),
    elevationUp: measured(climbed === undefined ? undefined : climbed / 100, "m"),
    temperature: measured(numberIn(workout, "HKWeatherTemperature"), "degF"),
    heartRateData: minutesOf(zone, workout),
    stepCount: seriesOf(zone, workout, "StepCount"),
    activeEnergy: seriesOf(zone, workout, "ActiveEnergyBurned"),
    walkingAndRunningDistance: seriesOf(zone, workout, "DistanceWalkingRunning"),
    cyclingDistance: seriesOf(zone, workout, "DistanceCycling"),
    swimDistance: seriesOf(zone, workout, "DistanceSwimming"),
    route: routeOf(zone, workout),
    metadata: {},
  };
  const isTold = ([, value]: [string, unknown]): boolean =>
    value !== null && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(told).filter(isTold));
}

const ofType = ({ samples }: Workout, name: string): Sample[] =>
  samples.filter(({ type }) => type === quantity(name));

/** Heart rates are summed up by the minute. */
function minutesOf(zone: string, workout: Workout): object[] {
  const minutes = Map.groupBy(ofType(workout, "HeartRate"), ({ startMs }) => Math.floor(startMs / MINUTE));
  return [...minutes].map(([minute, samples]) => {
    const values = samples.map(({ value }) => value);
    return {
      date: spacedTime(zone, minute * MINUTE),
      Min: Math.min(...values),
      Avg: Number((values.reduce((sum, one) => sum + one, 0) / values.length).toFixed(4)),
      Max: Math.max(...values),
      units: "bpm",
      source: workout.device.name,
    };
  });
}

const seriesOf = (zone: string, workout: Workout, name: string): object[] =>
  ofType(workout, name).map(({ startMs, value, device }) => ({
    date: spacedTime(zone, startMs),
    qty: value,
    units: quantities.get(quantity(name))?.unit,
    source: device.name,
  }));

const routeOf = (zone: string, { route }: Workout): object[] =>
  route.map(({ atMs, ...place }) => ({
    ...place,
    courseAccuracy: 8.5,
    horizontalAccuracy: 4.2,
    verticalAccuracy: 3.1,
    timestamp: spacedTime(zone, atMs),
    speedAccuracy: 0.3,
  }));

/** Version 1 has no id and no duration, and its own names. */
export function workoutOfVersion1({ zone }: Wearer, workout: Workout): object {
  const climbed = numberIn(workout, "HKElevationAscended");
  return {
    name: workout.activity.healthAutoExport,
    start: spacedTime(zone, workout.startMs),
    end: spacedTime(zone, workout.endMs),
    activeEnergy: measured(statistic(workout, "ActiveEnergyBurned")?.sum, "kcal"),
    distance: measured(distanceOf(workout), "km"),
    stepCount: measured(statistic(workout, "StepCount")?.sum, "steps"),
    avgHeartRate: measured(statistic(workout, "HeartRate")?.average, "bpm"),
    maxHeartRate: measured(statistic(workout, "HeartRate")?.maximum, "bpm"),
    elevation: { ascent: climbed === undefined ? 0 : climbed / 100, descent: 0, units: "m" },
    heartRateData: ofType(workout, "HeartRate").map(({ startMs, value }) => ({
      date: spacedTime(zone, startMs),
      qty: value,
      units: "bpm",
    })),
    route: workout.route.map(({ atMs, latitude, longitude, altitude }) => ({
      lat: latitude,
      lon: longitude,
      altitude,
      timestamp: spacedTime(zone, atMs),
    })),
  };
}
