/**
 * Compares a file's clock with its exercise's. Files say UTC. Some contain local time without saying so, or a wrong
 * offset; then everything in them is off by a difference between time zones: whole or quarter hours.
 */
import { minuteMs } from "../iso-time.ts";

const quarterMs = 15 * minuteMs;

/** The distance between the westernmost zone and the easternmost one, UTC−12 and UTC+14. */
const widestMs = 26 * 60 * minuteMs;

/** How much later than the exercise a file may begin: whole seconds, a satellite found, a button held. */
export const startToleranceMs = 10_000;

/**
 * Returns what to add to the file's times so that it begins when the exercise does; null when no time zone explains the
 * difference.
 */
export function zoneErrorMs(fileStartMs: number, exerciseStartMs: number): number | null {
  const byMs = Math.round((exerciseStartMs - fileStartMs) / quarterMs) * quarterMs;
  const restMs = Math.abs(exerciseStartMs - fileStartMs - byMs);
  return Math.abs(byMs) <= widestMs && restMs <= startToleranceMs ? byMs : null;
}
