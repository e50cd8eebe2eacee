/** Days as `YYYY-MM-DD` and ranges of them, first and last day included. */

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const dayMs = 24 * 3_600_000;
/** No place on earth is further ahead of UTC, or further behind it. */
const furthestAheadMs = 14 * 3_600_000;
const furthestBehindMs = 12 * 3_600_000;

export const utcDay = (instant: Date): string => instant.toISOString().slice(0, 10);

/** Returns the latest day that has begun anywhere on earth. */
export const newestDay = (now: Date): string => utcDay(new Date(now.getTime() + furthestAheadMs));

/** Returns the day before the earliest one that goes on anywhere on earth. */
export const oldestYesterday = (now: Date): string =>
  addDays(utcDay(new Date(now.getTime() - furthestBehindMs)), -1);

export const addDays = (day: string, days: number): string =>
  utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs));

export const laterDay = (one: string, other: string): string => (one > other ? one : other);
export const earlierDay = (one: string, other: string): string => (one < other ? one : other);

/** Returns the rest of a range without the others, oldest first. */
export function withoutDays(range: DayRange, taken: readonly DayRange[]): DayRange[] {
  let left = range.from > range.to ? [] : [range];
  for (const { from, to } of taken) {
    left = left.flatMap((piece) => {
      if (to < piece.from || from > piece.to) return [piece];
      const before = { from: piece.from, to: addDays(from, -1) };
      const after = { from: addDays(to, 1), to: piece.to };
      return [before, after].filter((rest) => rest.from <= rest.to);
    });
  }
  return left;
}

/** Cuts a range into pieces of at most this many days, newest first. */
export function slicesOf({ from, to }: DayRange, days: number): DayRange[] {
  const slices: DayRange[] = [];
  for (let last = to; last >= from; last = addDays(last, -days)) {
    slices.push({ from: laterDay(from, addDays(last, 1 - days)), to: last });
  }
  return slices;
}

/** Parses PostgreSQL's text of a datemultirange: `{[2025-01-01,2025-02-01),…}`. */
export const parseDays = (multirange: string): DayRange[] =>
  [...multirange.matchAll(/\[([\d-]+),([\d-]+)\)/g)].map(([, from = "", after = ""]) => ({
    from,
    to: addDays(after, -1),
  }));
