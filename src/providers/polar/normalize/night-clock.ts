/**
 * Polar writes a night's samples as `{"23:33": …, "00:01": …}`: wall clock, no date, no offset. What is known
 * besides is when the night began and ended, each with its offset.
 *
 * Date: the night is far shorter than a day, so each time of day lies in it only once; a key is put on the
 * day that brings it into the night, or nearest to it (the first hypnogram key is the start cut to a minute).
 *
 * Offset: where start and end agree there is only one. Where they differ, the clock was changed during the
 * night, by the hour of summer time or by travel, and an instant is what decides:
 * 1. a time zone that made just this change in just this night says when. A time that came twice belongs to its
 *    first pass. Nearly always all such zones agree; where they do not (Cuba changes an hour before New York) a
 *    sample between has no offset, only local time;
 * 2. if that puts the keys out of order, or no zone made the change, it is where the keys show it: a jump at
 *    least as long as the change, or a step back, when there is just one;
 * 3. if they do not, no sample has an offset: local time is all that Polar said.
 * Polar's keys cannot hold both passes of an hour that comes twice: the second overwrites the first.
 */
import { dayMs, instantMs, type LocalTime, minuteMs, parseClock } from "../time.ts";
import { clockChanges } from "./clock-change.ts";

export interface Night {
  readonly start: LocalTime;
  readonly end: LocalTime;
}

/** The times of the keys, in the keys' order, which is the order of time. */
export function placeInNight(keys: readonly string[], night: Night): LocalTime[] {
  return withOffsets(
    keys.map((key) => onItsDay(parseClock(key), night)),
    night,
  );
}

/** The window of a whole day that has the night in its middle. */
function onItsDay(clockMs: number, { start, end }: Night): number {
  const spare = Math.max(0, dayMs - (end.localMs - start.localMs));
  const windowStart = start.localMs - spare / 2;
  const sinceWindowStart = (((clockMs - windowStart) % dayMs) + dayMs) % dayMs;
  return windowStart + sinceWindowStart;
}

function withOffsets(localTimes: readonly number[], night: Night): LocalTime[] {
  const before = night.start.offsetMinutes;
  const after = night.end.offsetMinutes;
  if (before === null || after === null)
    return localTimes.map((localMs) => ({ localMs, offsetMinutes: null }));
  if (before === after) return localTimes.map((localMs) => ({ localMs, offsetMinutes: before }));
  const possible = clockChanges(before, after, instantMs(night.start), instantMs(night.end))
    .map((changeMs) => aroundChange(localTimes, before, after, changeMs))
    .filter(isInOrder);
  if (possible.length > 0) return agreed(localTimes, possible);
  const first = visibleChange(localTimes, (after - before) * minuteMs);
  return localTimes.map((localMs, index) => ({
    localMs,
    offsetMinutes: first === null ? null : index < first ? before : after,
  }));
}

function aroundChange(
  localTimes: readonly number[],
  before: number,
  after: number,
  changeMs: number,
): LocalTime[] {
  return localTimes.map((localMs) => {
    const early = { localMs, offsetMinutes: before };
    return instantMs(early) < changeMs ? early : { localMs, offsetMinutes: after };
  });
}

function isInOrder(times: readonly LocalTime[]): boolean {
  return times.every((time, index) => instantMs(time) >= instantMs(times[index - 1] ?? time));
}

/** What every possibility has in common. */
function agreed(localTimes: readonly number[], possible: readonly LocalTime[][]): LocalTime[] {
  return localTimes.map((localMs, index) => {
    const [offsetMinutes = null, ...others] = new Set(possible.map((times) => times[index]?.offsetMinutes));
    return { localMs, offsetMinutes: others.length === 0 ? offsetMinutes : null };
  });
}

/** Index of the first time after the change, when exactly one place in the sequence can be it. */
function visibleChange(localTimes: readonly number[], forwardMs: number): number | null {
  const found: number[] = [];
  for (let index = 1; index < localTimes.length; index += 1) {
    const step = (localTimes[index] ?? 0) - (localTimes[index - 1] ?? 0);
    if (forwardMs > 0 ? step >= forwardMs : step < 0) found.push(index);
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}
