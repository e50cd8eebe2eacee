/** Spans of time. */

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

export const lengthMs = ({ startMs, endMs }: Interval): number => endMs - startMs;

export const overlapMs = (one: Interval, other: Interval): number =>
  Math.max(0, Math.min(one.endMs, other.endMs) - Math.max(one.startMs, other.startMs));

/**
 * Returns the index of the first interval that ends after an instant, found by halving.
 *
 * @param ordered in order of time, without overlaps
 */
export function firstEndingAfter(ordered: readonly Interval[], instantMs: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.endMs ?? 0) <= instantMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the time that an interval shares with others, which are in order of time and do not overlap. */
export function sharedMs(ordered: readonly Interval[], interval: Interval): number {
  let sum = 0;
  for (let index = firstEndingAfter(ordered, interval.startMs); index < ordered.length; index += 1) {
    const other = ordered[index];
    if (other === undefined || other.startMs >= interval.endMs) break;
    sum += overlapMs(other, interval);
  }
  return sum;
}

/** Tells whether an instant lies in one of some intervals, which are in order of time and do not overlap. */
export function isIn(ordered: readonly Interval[], instantMs: number): boolean {
  const interval = ordered[firstEndingAfter(ordered, instantMs)];
  return interval !== undefined && interval.startMs <= instantMs;
}

/** Joins intervals that overlap or touch, in order of time. */
export function united(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const { startMs, endMs } of intervals.toSorted((one, other) => one.startMs - other.startMs)) {
    const last = joined.at(-1);
    if (last === undefined || last.endMs < startMs) joined.push({ startMs, endMs });
    else joined[joined.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) };
  }
  return joined;
}
