/**
 * Finds the offset in force on a day whose own bodies give none, from the same person's nights and exercises. It is
 * reported beside the record and applied to nothing.
 */

import { type LocalTime, parseTime } from "../../kit/iso-time.ts";
import type { PolarExerciseOffset } from "../resources/exercise/exercise-offset.ts";
import type { PolarNight } from "../resources/sleep.ts";

export type OffsetInForce =
  | { readonly minutes: number; readonly basis: "inferred" }
  /** Travel or a clock change: no single offset holds for the whole day. */
  | { readonly minutes: null; readonly basis: "disputed"; readonly observed: readonly number[] };

export interface Observations {
  /** The night that ended on the date, and the one that ended on the next. */
  readonly nights: readonly Pick<PolarNight, "date" | "sleep_start_time" | "sleep_end_time">[];
  readonly exercises: readonly PolarExerciseOffset[];
}

const dateOf = (localMs: number): string => new Date(localMs).toISOString().slice(0, 10);

/**
 * Returns the offset; null when nothing of that day gives one. How often an offset was observed makes no difference.
 */
export function offsetInForce(date: string, observations: Observations): OffsetInForce | null {
  const observed = [...new Set(offsetsOn(date, observations))].sort((one, other) => one - other);
  const [minutes] = observed;
  if (minutes === undefined) return null;
  return observed.length === 1
    ? { minutes, basis: "inferred" }
    : { minutes: null, basis: "disputed", observed };
}

/**
 * Returns the offsets observed on a date. Of the night that led into it both ends count: when they differ, the change
 * may lie after midnight. Of the next night the beginning counts, where it is still on the date.
 */
function offsetsOn(date: string, { nights, exercises }: Observations): number[] {
  const ofNights = nights.flatMap(({ date: wakingDate, sleep_start_time, sleep_end_time }) => {
    const start = parseTime(sleep_start_time);
    return wakingDate === date ? [start, parseTime(sleep_end_time)] : beganOn(date, start);
  });
  const ofExercises = exercises.flatMap(({ start_time, start_time_utc_offset }) => {
    const { localMs } = parseTime(start_time);
    return beganOn(date, { localMs, offsetMinutes: start_time_utc_offset });
  });
  return [...ofNights, ...ofExercises]
    .map(({ offsetMinutes }) => offsetMinutes)
    .filter((minutes) => minutes !== null);
}

const beganOn = (date: string, time: LocalTime): LocalTime[] => (dateOf(time.localMs) === date ? [time] : []);
