/**
 * The period of a row. Some versions write `start` and `end`; others only the beginning, `date`: then the row stands
 * for a day, an hour, a minute, or a moment. Which of them is told by all rows of the metric together.
 */
import { dayMs, minuteMs } from "../../../kit/iso-time.ts";
import type { WrittenTime } from "../../healthkit/written-time.ts";
import type { Granularity } from "./headers.ts";

const lengths: Readonly<Record<Granularity, number>> = { day: dayMs, hour: 60 * minuteMs, minute: minuteMs };

/**
 * Returns the length of the rows that tell only their beginning, in milliseconds; 0 for moments.
 *
 * @param begins the beginnings of all rows of the metric that have no end
 * @param hint the length that the app names for all metrics, also for those that it never sums up
 */
export function rowLength(
  begins: readonly WrittenTime[],
  isCumulative: boolean,
  hint: Granularity | null,
): number {
  if (begins.length === 0) return 0;
  const areOn = (length: number): boolean => begins.every(({ localMs }) => localMs % length === 0);
  if (areOn(lengths.day) && (hint === null || hint === "day")) return lengths.day;
  if (areOn(lengths.hour) && (hint === "hour" || (hint === null && isCumulative && begins.length > 1)))
    return lengths.hour;
  return areOn(lengths.minute) && (isCumulative || hint === "minute") ? lengths.minute : 0;
}

/**
 * Returns a function that tells the end of a row. A local day ends at the next midnight, on the offset of that midnight
 * where another row of the metric tells it.
 */
export function endsOf(begins: readonly WrittenTime[], lengthMs: number): (begin: WrittenTime) => number {
  if (lengthMs !== dayMs) return ({ ms }) => ms + lengthMs;
  const midnights = new Map(begins.map(({ localMs, ms }) => [localMs, ms]));
  return ({ localMs, ms }) => midnights.get(localMs + dayMs) ?? ms + dayMs;
}
