/** The offset that is in force at an instant of a night, whose body writes one at each end. */
import { clockChanges } from "../../../kit/clock-change.ts";
import { instantMs, type LocalTime } from "../../../kit/iso-time.ts";

export interface NightEnds {
  readonly start: LocalTime;
  readonly end: LocalTime;
}

/**
 * Returns the offset at each instant. Where the ends differ, the rules of the world's time zones tell when the clocks
 * were changed. Where they do not tell, the offset of the beginning holds: the instant is exact in either.
 */
export function offsetAt({ start, end }: NightEnds): (instant: number) => number | null {
  const [before, after] = [start.offsetMinutes, end.offsetMinutes];
  if (before === null || after === null || before === after) return () => before;
  const [change, ...others] = clockChanges(before, after, instantMs(start), instantMs(end));
  if (change === undefined || others.length > 0) return () => before;
  return (instant) => (instant < change ? before : after);
}
