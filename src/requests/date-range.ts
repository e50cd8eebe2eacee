/** Reads the days of a data request: `YYYY-MM-DD` or ten-digit unix seconds, both ends included. */
import { SystoleError } from "../errors.ts";
import type { DateSpan } from "../store/records.ts";

export interface DateRange extends DateSpan {
  /**
   * Whether the range is longer than one calendar month. A long one is announced to the destinations and sent in
   * chunks.
   */
  readonly long: boolean;
}

/** How far a person's clock may be ahead of UTC. The days of records are the person's own. */
const furthestAheadMs = 14 * 3_600_000;

const utcDay = (instant: Date): string => instant.toISOString().slice(0, 10);

/** @throws SystoleError DATE_INVALID, DATE_RANGE_REVERSED */
export function readDateRange(startDate: string, endDate: string | undefined, now: Date): DateRange {
  const from = readDay(startDate, "start_date");
  if (endDate === undefined) {
    // Days may be one ahead of UTC: somewhere it is already tomorrow, and a record of that day is not from the future.
    return { from, to: utcDay(new Date(now.getTime() + furthestAheadMs)), long: isLong(from, utcDay(now)) };
  }
  const to = readDay(endDate, "end_date");
  if (to < from) throw new SystoleError("DATE_RANGE_REVERSED", { start_date: from, end_date: to });
  return { from, to, long: isLong(from, to) };
}

/** Returns the day of a date or of unix seconds, which name a UTC day. @throws SystoleError DATE_INVALID */
function readDay(text: string, parameter: string): string {
  if (/^\d{10}$/.test(text)) return utcDay(new Date(Number(text) * 1_000));
  const day = padded(text);
  if (day === null || !isCalendarDay(day)) throw new SystoleError("DATE_INVALID", { parameter, given: text });
  return day;
}

/** Pads a date that was assembled from numbers, such as 2025-1-9. */
function padded(text: string): string | null {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  return year === undefined ? null : `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
}

/**
 * Tells whether the day exists. Date.parse turns 31 February into 3 March; a date that changes in this way is invalid.
 */
function isCalendarDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && utcDay(parsed) === day;
}

const isLong = (from: string, to: string): boolean => to > oneMonthAfter(from);

/** Returns the same day of the next month, or that month's last day. */
function oneMonthAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  const wanted = next.getUTCDate();
  next.setUTCMonth(next.getUTCMonth() + 1);
  if (next.getUTCDate() !== wanted) next.setUTCDate(0);
  return utcDay(next);
}
