/** Keys that ask for days, and the ways to find things that no notification has named. */
import type { DayIndex, Discovery, HistoryEnd, Polling } from "../provider.ts";
import { isDate } from "./iso-time.ts";

/** The key for everything that the provider serves by default. No id looks like it. */
export const everything = "*";
/** The key of a thing of which there is only one. */
export const current = "current";

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const rangeSeparator = "..";

/** Returns a key of the form `2025-09-01..2025-09-28`, both days included. */
export const rangeKey = (from: string, to: string): string => `${from}${rangeSeparator}${to}`;

/** Returns the days of a range key; null for any other key. */
export function parseRange(key: string): DayRange | null {
  const [from = "", to = "", ...rest] = key.split(rangeSeparator);
  return isDate(from) && isDate(to) && from <= to && rest.length === 0 ? { from, to } : null;
}

/** Returns the days that a key asks for, which may be a single date; null for a key of another kind. */
export const daysOf = (key: string): DayRange | null =>
  isDate(key) ? { from: key, to: key } : parseRange(key);

export interface Reach {
  /** How many days back the provider answers, today included. */
  readonly reachDays: number;
  /** Whether notifications name what is new. */
  readonly announced: boolean;
  readonly announcedBy?: string;
  readonly polling?: Polling;
  readonly dayIndex?: DayIndex;
  readonly history?: HistoryEnd;
  /** The statuses that say that the account has no such resource. */
  readonly unavailable?: readonly number[];
}

/** Discovery by a list that takes no dates: everything of so many days, in one call. */
export const listed = (reach: Reach): Discovery => ({
  ...reach,
  daysPerCall: reach.reachDays,
  key: () => everything,
  index: null,
});

/** Discovery by ranges of days, at most so many in one call. */
export const ranged = (reach: Reach & Pick<Discovery, "daysPerCall">): Discovery => ({
  ...reach,
  key: rangeKey,
  index: null,
});

/** Discovery by single days: one call for each, with the date as its key. */
export const byDay = (reach: Reach): Discovery => ({
  ...reach,
  daysPerCall: 1,
  key: (day) => day,
  index: null,
});

/** Discovery of a single thing in its present state. */
export const single = (announced: boolean): Discovery => ({
  ...listed({ reachDays: 1, announced }),
  key: () => current,
});
