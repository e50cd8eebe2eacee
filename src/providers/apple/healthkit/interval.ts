/** Spans of time. */

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

export const lengthMs = ({ startMs, endMs }: Interval): number => endMs - startMs;

export const overlapMs = (one: Interval, other: Interval): number =>
  Math.max(0, Math.min(one.endMs, other.endMs) - Math.max(one.startMs, other.startMs));

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
