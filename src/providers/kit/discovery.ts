/** Keys that ask for days, and the ways in which things are found without being told of them. */
import type { Discovery } from "../provider.ts";
import { isDate } from "./iso-time.ts";

/** The key of a list of everything that the provider serves by default. No id looks like it. */
export const everything = "*";
/** The key of a thing that is the one of its kind. */
export const current = "current";

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const rangeSeparator = "..";

/** `2025-09-01..2025-09-28`, both days included. */
export const rangeKey = (from: string, to: string): string => `${from}${rangeSeparator}${to}`;

/** Null for a key that is no range of days. */
export function parseRange(key: string): DayRange | null {
  const [from = "", to = "", ...rest] = key.split(rangeSeparator);
  return isDate(from) && isDate(to) && from <= to && rest.length === 0 ? { from, to } : null;
}

/** The days that a key asks for, a single date among them; null for a key of another kind. */
export const daysOf = (key: string): DayRange | null =>
  isDate(key) ? { from: key, to: key } : parseRange(key);

export interface Reach {
  /** How many days back the provider answers, today included. */
  readonly reachDays: number;
  /** Whether notifications name what is new. */
  readonly announced: boolean;
}

/** A list that takes no dates: everything of so many days, in one call. */
export const listed = ({ reachDays, announced }: Reach): Discovery => ({
  announced,
  reachDays,
  daysPerCall: reachDays,
  key: () => everything,
  index: null,
});

/** Days from and to, so many a call at most. */
export const ranged = ({
  reachDays,
  announced,
  daysPerCall,
}: Reach & Pick<Discovery, "daysPerCall">): Discovery => ({
  announced,
  reachDays,
  daysPerCall,
  key: rangeKey,
  index: null,
});

/** One thing, as it is today. */
export const single = (announced: boolean): Discovery => ({
  ...listed({ reachDays: 1, announced }),
  key: () => current,
});
