/**
 * Where a file's clock stands beside its exercise's. Files say UTC; some say a local time without saying so, or with
 * a wrong offset, and then everything in them lies off by what zones differ by: whole or quarter hours.
 */
import { minuteMs } from "../iso-time.ts";

const quarterMs = 15 * minuteMs;

/** Between the westernmost zone and the easternmost one, UTC−12 and UTC+14. */
const widestMs = 26 * 60 * minuteMs;

/** A file's first second need not be the exercise's: whole seconds, a satellite found, a button held. */
export const startToleranceMs = 10_000;

/** What to add to the file's times so that it begins when the exercise does; null when no zone explains it. */
export function zoneErrorMs(fileStartMs: number, exerciseStartMs: number): number | null {
  const byMs = Math.round((exerciseStartMs - fileStartMs) / quarterMs) * quarterMs;
  const restMs = Math.abs(exerciseStartMs - fileStartMs - byMs);
  return Math.abs(byMs) <= widestMs && restMs <= startToleranceMs ? byMs : null;
}
