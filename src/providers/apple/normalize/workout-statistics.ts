/**
 * The figures of a workout: its statistics, else those of its activities, else the older attributes. Activities repeat
 * what the workout says, so both are never added.
 */
import { largest, smallest } from "../../kit/values.ts";
import type { Statistic, Workout } from "../healthkit/workout.ts";
import { withoutNoise } from "./decimal-shift.ts";
import { workoutDistances } from "./workout-types.ts";

const noFigures: Omit<Statistic, "type"> = { sum: null, average: null, minimum: null, maximum: null };

/** Returns the figures of a type. A mean is not made of the means of activities. */
export function statisticOf({ statistics, activities }: Workout, type: string): Omit<Statistic, "type"> {
  const own = statistics.find((one) => one.type === type);
  if (own !== undefined) return own;
  const parts = activities.flatMap((activity) => activity.statistics.filter((one) => one.type === type));
  const [only] = parts;
  if (only === undefined) return noFigures;
  if (parts.length === 1) return only;
  const sums = parts.map(({ sum }) => sum).filter((sum) => sum !== null);
  return {
    sum: sums.length === 0 ? null : withoutNoise(sums.reduce((sum, one) => sum + one, 0)),
    average: null,
    minimum: smallest(parts.map(({ minimum }) => minimum).filter((one) => one !== null)),
    maximum: largest(parts.map(({ maximum }) => maximum).filter((one) => one !== null)),
  };
}

/** Returns the first of several types that has figures. */
export const statisticOfAny = (workout: Workout, types: readonly string[]): Omit<Statistic, "type"> =>
  types.map((type) => statisticOf(workout, type)).find((one) => one !== noFigures) ?? noFigures;

/** Returns the distance as told: a workout of several sports has one of each kind. */
export function distanceOf(workout: Workout): number | null {
  const sums = workoutDistances.map((type) => statisticOf(workout, type).sum).filter((sum) => sum !== null);
  if (sums.length === 0) {
    return workout.totalDistanceMeters === null ? null : withoutNoise(workout.totalDistanceMeters);
  }
  return withoutNoise(sums.reduce((sum, one) => sum + one, 0));
}
