/**
 * Gives the keys of a night's samples their date and offset. Polar writes `{"23:33": …, "00:01": …}`: wall clock, no
 * date, no offset. Besides that, the night's beginning and end are known, each with its offset. A JSON object has no
 * order (RFC 8259), and software on the way may sort its keys, so this code puts the times in order.
 *
 * Date: the night is far shorter than a day, so each time of day occurs in it only once. A key gets the day that puts
 * it into the night, or nearest to it (the first hypnogram key is the start cut to a minute).
 *
 * Offset: where start and end agree, there is only one. Where they differ, the clock was changed during the night, by
 * daylight saving time or by travel, and the instant of the change decides:
 *
 * 1. a watch that was not synced meanwhile continues in the offset of the start (`night-reading.ts`);
 * 2. a time zone that made exactly this change in this night gives the instant. A time that occurred twice belongs to
 *   its first pass. Nearly always all such zones agree; where they do not (Cuba changes an hour before New York), a
 *   sample between the two instants has no offset, only local time;
 * 3. if that puts the keys out of order, or no zone made the change, the keys may show it: by exactly one jump at least
 *   as long as the change, or exactly one step back;
 * 4. if they do not, no sample has an offset: local time is all that Polar said.
 *
 * The order in which the keys were sent is evidence of one thing only: a step back that fits a change of the clocks,
 * and leaves everything in order, is the second pass of an hour that occurred twice. Nothing else can show that.
 * Polar's keys cannot hold both passes of such an hour in full: the second overwrites the first.
 */

import { clockChanges } from "../../kit/clock-change.ts";
import { inOrder } from "../../kit/in-order.ts";
import { dayMs, instantMs, type LocalTime, minuteMs, parseClock } from "../../kit/iso-time.ts";

export interface Night {
  readonly start: LocalTime;
  readonly end: LocalTime;
}

/** A key and the time it means. */
export interface PlacedKey {
  readonly key: string;
  readonly time: LocalTime;
}

interface LocalKey {
  readonly key: string;
  readonly localMs: number;
}

/** Returns the keys in the order of time, each with its time. */
export function placeInNight(keys: readonly string[], night: Night, runsOn: boolean): readonly PlacedKey[] {
  const sent = keys.map((key) => ({ key, localMs: onItsDay(parseClock(key), night) }));
  const sorted = inOrder(sent, ({ localMs }) => localMs);
  const { before, after } = offsetsOf(night);
  if (before === null || after === null) return withOffset(sorted, null);
  if (before === after || runsOn) return withOffset(sorted, before);
  const ordered = showsSecondPass(sent, before, after) ? sent : sorted;
  const times = acrossChange(
    ordered.map(({ localMs }) => localMs),
    night,
    { before, after },
  );
  return ordered.map(({ key, localMs }, index) => ({
    key,
    time: times[index] ?? { localMs, offsetMinutes: null },
  }));
}

export const offsetsOf = ({ start, end }: Night) => ({
  before: start.offsetMinutes,
  after: end.offsetMinutes,
});

function withOffset(keys: readonly LocalKey[], offsetMinutes: number | null): PlacedKey[] {
  return keys.map(({ key, localMs }) => ({ key, time: { localMs, offsetMinutes } }));
}

/** Moves a time of day into the window of 24 hours that has the night in its middle. */
export function onItsDay(clockMs: number, { start, end }: Night): number {
  const spare = Math.max(0, dayMs - (end.localMs - start.localMs));
  const windowStart = start.localMs - spare / 2;
  const sinceWindowStart = (((clockMs - windowStart) % dayMs) + dayMs) % dayMs;
  return windowStart + sinceWindowStart;
}

/**
 * Tells whether the keys as sent show the second pass of an hour: exactly one step back, which the offsets around it
 * make a step forward. Sorted keys step back too, but by most of a day.
 */
function showsSecondPass(keys: readonly LocalKey[], before: number, after: number): boolean {
  if (after > before) return false;
  const localTimes = keys.map(({ localMs }) => localMs);
  const first = visibleChange(localTimes, (after - before) * minuteMs);
  return first !== null && isInOrder(splitAt(localTimes, first, { before, after }));
}

interface Offsets {
  readonly before: number;
  readonly after: number;
}

function acrossChange(localTimes: readonly number[], night: Night, offsets: Offsets): LocalTime[] {
  const { before, after } = offsets;
  const possible = clockChanges(before, after, instantMs(night.start), instantMs(night.end))
    .map((changeMs) => aroundChange(localTimes, offsets, changeMs))
    .filter(isInOrder);
  if (possible.length > 0) return agreed(localTimes, possible);
  const first = visibleChange(localTimes, (after - before) * minuteMs);
  if (first === null) return localTimes.map((localMs) => ({ localMs, offsetMinutes: null }));
  return splitAt(localTimes, first, offsets);
}

function splitAt(localTimes: readonly number[], first: number, { before, after }: Offsets): LocalTime[] {
  return localTimes.map((localMs, index) => ({ localMs, offsetMinutes: index < first ? before : after }));
}

function aroundChange(
  localTimes: readonly number[],
  { before, after }: Offsets,
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

/** Returns the offsets on which all possibilities agree; null for the others. */
function agreed(localTimes: readonly number[], possible: readonly LocalTime[][]): LocalTime[] {
  return localTimes.map((localMs, index) => {
    const [offsetMinutes = null, ...others] = new Set(possible.map((times) => times[index]?.offsetMinutes));
    return { localMs, offsetMinutes: others.length === 0 ? offsetMinutes : null };
  });
}

/**
 * Returns the index of the first time after the change, when exactly one place in the sequence can be it; else null.
 */
function visibleChange(localTimes: readonly number[], forwardMs: number): number | null {
  const found: number[] = [];
  for (let index = 1; index < localTimes.length; index += 1) {
    const step = (localTimes[index] ?? 0) - (localTimes[index - 1] ?? 0);
    if (forwardMs > 0 ? step >= forwardMs : step < 0) found.push(index);
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}
