/**
 * Decides how to read the keys of a night in which the clocks were changed. They follow the wall clock, or, on a watch
 * that was not synced before morning, continue in the offset in which the night began. The night's beginning and end
 * tell which.
 */

import { clockChanges } from "../../kit/clock-change.ts";
import { instantMs, minuteMs, parseClock } from "../../kit/iso-time.ts";
import { type Night, offsetsOf, onItsDay } from "./night-clock.ts";

/**
 * Tells whether the keys continue in the offset of the start. They do when only that reading puts all of them into the
 * night. When both readings do, they continue only if that makes the last key the end to the minute, and the wall clock
 * does not.
 */
export function runsOnInStartOffset(keys: readonly string[], night: Night): boolean {
  const { before, after } = offsetsOf(night);
  if (keys.length === 0 || before === null || after === null || before === after) return false;
  const localTimes = keys.map((key) => onItsDay(parseClock(key), night));
  const ends = { startMs: instantMs(night.start), endMs: instantMs(night.end) };
  const runningOn = localTimes.map((localMs) => localMs - before * minuteMs);
  if (!runningOn.every((instant) => isWithin(instant, ends))) return false;
  const changes = clockChanges(before, after, ends.startMs, ends.endMs);
  const possible = (changes.length > 0 ? changes : [null]).map((changeMs) =>
    localTimes.map((localMs) => onWallClock(localMs, { before, after, changeMs, ends })),
  );
  const byWallClock = possible.filter((instants) => instants.every((instant) => instant !== null));
  if (byWallClock.length === 0) return true;
  return reachesEnd(runningOn, ends) && !byWallClock.some((instants) => reachesEnd(instants, ends));
}

interface Ends {
  readonly startMs: number;
  readonly endMs: number;
}

/** Allows a minute on both sides, since keys are whole minutes. */
const isWithin = (instant: number, { startMs, endMs }: Ends): boolean =>
  instant > startMs - minuteMs && instant < endMs + minuteMs;

interface WallClock {
  readonly before: number;
  readonly after: number;
  /** When the clocks were changed; null when no zone's rule says. */
  readonly changeMs: number | null;
  readonly ends: Ends;
}

/** Returns the latest instant of the night at which the wall clock showed this time; null if it never did. */
function onWallClock(localMs: number, { before, after, changeMs, ends }: WallClock): number | null {
  const early = localMs - before * minuteMs;
  const late = localMs - after * minuteMs;
  if ((changeMs === null || late >= changeMs) && isWithin(late, ends)) return late;
  return (changeMs === null || early < changeMs) && isWithin(early, ends) ? early : null;
}

function reachesEnd(instants: readonly (number | null)[], { endMs }: Ends): boolean {
  return instants.some((instant) => instant !== null && Math.abs(endMs - instant) < minuteMs);
}
