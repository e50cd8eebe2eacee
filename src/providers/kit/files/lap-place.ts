/**
 * Checks that laps lie within their exercise. If a file's do not, its clock is wrong about the zone, or it is another
 * exercise's file.
 */
import { dayMs } from "../iso-time.ts";
import { startToleranceMs, zoneErrorMs } from "./file-clock.ts";
import type { TimedLap } from "./lap.ts";

export interface ExerciseSpan {
  readonly startMs: number;
  readonly durationMs: number;
}

export interface PlacedLaps {
  readonly laps: readonly TimedLap[];
  /** By how much the laps were moved; null when they are nowhere near the exercise and so do not belong to it. */
  readonly movedMs: number | null;
}

export function placedIn(exercise: ExerciseSpan, laps: readonly TimedLap[]): PlacedLaps {
  const [first] = laps;
  if (first === undefined || isInside(exercise, laps, 0)) return { laps, movedMs: 0 };
  const movedMs = zoneErrorMs(first.startMs, exercise.startMs);
  if (movedMs === null || !isInside(exercise, laps, movedMs)) return { laps: [], movedMs: null };
  const moved = ({ startMs, endMs, ...lap }: TimedLap) => ({
    ...lap,
    startMs: startMs + movedMs,
    endMs: endMs + movedMs,
  });
  return { laps: laps.map(moved), movedMs };
}

/**
 * Tells whether the laps, moved by this much, lie within the exercise. They may end later by the length of their own
 * pauses, because an exercise's duration may leave pauses out.
 */
function isInside(
  { startMs, durationMs }: ExerciseSpan,
  laps: readonly TimedLap[],
  movedMs: number,
): boolean {
  const firstMs = laps.reduce((least, lap) => Math.min(least, lap.startMs), Number.POSITIVE_INFINITY);
  const lastMs = laps.reduce((most, lap) => Math.max(most, lap.endMs), Number.NEGATIVE_INFINITY);
  const activeMs = laps.reduce((sum, lap) => sum + activeMsOf(lap), 0);
  const pausedMs = Math.min(Math.max(0, lastMs - firstMs - activeMs), dayMs);
  return (
    firstMs + movedMs >= startMs - startToleranceMs &&
    lastMs + movedMs <= startMs + durationMs + pausedMs + startToleranceMs
  );
}

const activeMsOf = ({ startMs, endMs, activeSeconds }: TimedLap) =>
  activeSeconds === null ? endMs - startMs : activeSeconds * 1000;
