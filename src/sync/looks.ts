/**
 * The fetches of one look at a resource: for its newest days, and for others that may have grown since the last look.
 * Pure.
 */
import type { Polling } from "../providers/provider.ts";
import {
  addDays,
  type DayRange,
  earlierDay,
  laterDay,
  newestDay,
  oldestYesterday,
  slicesOf,
  utcDay,
} from "../store/days.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { HeldDiscovery } from "./held-discovery.ts";

/** A day's data may still grow after it has ended. */
const settlingDays = 2;
const weekMs = 7 * 86_400_000;

/** The resource, the time of the latest success (null if there was none), and the oldest day to ask for. */
export interface Looking {
  readonly name: string;
  readonly discovery: HeldDiscovery;
  readonly askedUntil: Date | null;
  readonly oldest: string;
  readonly now: Date;
}

export interface Look {
  /** Made together, newest first. */
  readonly newest: readonly TaskFetch[];
  readonly others: readonly TaskFetch[];
}

/** Returns the first day that may have new data since the last request; null if there was none. */
export const firstNewDay = ({ discovery, askedUntil, oldest, now }: Looking): string | null =>
  askedUntil === null ? null : laterDay(oldest, firstDayToAsk(discovery, askedUntil, now));

export function lookAt(looking: Looking): Look {
  const { name, discovery, oldest, now } = looking;
  const since = firstNewDay(looking);
  if (discovery.dayIndex !== undefined) return lookByIndex(looking, since);
  // The newest range of a person never asked for is cut so that all calls together are no more than the reach needs:
  // tomorrow's data can come tomorrow.
  const range = since === null ? { from: oldest, to: utcDay(now) } : { from: since, to: newestDay(now) };
  return split(fetchesFor(name, { ...discovery, resource: name }, range), looking);
}

/**
 * A person never asked for has their newest days asked for by name. Later, an index that tells of changes is asked
 * instead of the days themselves. One that does not is asked at the first look of a day, for the days before those that
 * are read again. Where notifications tell of changes, it is asked at each look, and the days before today are read again
 * once a day, in case a notification did not come: the index says nothing of a day that has grown.
 */
function lookByIndex(looking: Looking, since: string | null): Look {
  const { name, discovery, askedUntil, oldest, now } = looking;
  const { dayIndex, polling, whereUntold } = discovery;
  const byName = (from: string, to: string) =>
    fetchesFor(name, { ...discovery, resource: name }, { from, to });
  if (since === null || askedUntil === null || dayIndex === undefined) {
    const from = polling === undefined ? utcDay(now) : oldestYesterday(now);
    return { newest: byName(laterDay(oldest, from), utcDay(now)), others: [] };
  }
  const listedFrom = laterDay(oldest, earlierDay(since, addDays(newestDay(now), 1 - dayIndex.daysPerCall)));
  const listed = (to: string) => fetchesFor(name, dayIndex, { from: listedFrom, to });
  const isFirstOfDay = utcDay(askedUntil) < utcDay(now);
  const rereadFrom = (declared: Polling) =>
    earlierDay(
      oldestYesterday(now),
      addDays(utcDay(now), 1 - rereadDays({ ...discovery, polling: declared }, askedUntil, now)),
    );
  if (dayIndex.tellsChanges || polling === undefined) {
    const all = listed(newestDay(now));
    const isReadAgain = isFirstOfDay && !dayIndex.tellsChanges && whereUntold !== undefined;
    const again = isReadAgain
      ? byName(laterDay(oldest, rereadFrom(whereUntold)), addDays(utcDay(now), -1))
      : [];
    return { newest: all.slice(0, 1), others: [...again, ...all.slice(1)] };
  }
  const from = laterDay(since, rereadFrom(polling));
  const { newest, others } = split(byName(from, newestDay(now)), looking);
  return { newest, others: [...others, ...(isFirstOfDay ? listed(addDays(from, -1)) : [])] };
}

/** Divides fetches, newest first: the newest is made first, and of polled days also yesterday, together with it. */
function split(fetches: readonly TaskFetch[], { discovery: { polling }, now }: Looking): Look {
  const isNewest = ({ covers }: TaskFetch, index: number): boolean =>
    index === 0 || (polling !== undefined && covers !== undefined && covers.to >= oldestYesterday(now));
  return {
    newest: fetches.filter(isNewest),
    others: fetches.filter((one, index) => !isNewest(one, index)),
  };
}

/**
 * Returns the first day to request again. Watches are synced late, by days or weeks. Late data of an announced
 * resource is announced too, so its older days are requested only once a week, in case an announcement was
 * lost. Of a resource without announcements, as many days are requested as one call takes. Of a polled one, today and
 * yesterday, and more days at the first look of each day.
 */
function firstDayToAsk(discovery: HeldDiscovery, askedUntil: Date, now: Date): string {
  const { announced, daysPerCall, polling } = discovery;
  const settled = addDays(utcDay(askedUntil), -settlingDays);
  if (announced && !isWeeklyLook(askedUntil, now)) return settled;
  const ofOneCall = addDays(newestDay(now), 1 - daysPerCall);
  if (polling === undefined) return earlierDay(settled, ofOneCall);
  if (utcDay(askedUntil) >= utcDay(now)) return earlierDay(oldestYesterday(now), ofOneCall);
  return earlierDay(settled, addDays(utcDay(now), 1 - rereadDays(discovery, askedUntil, now)));
}

/** Returns how many days the first look of a day reads again, today included. */
function rereadDays({ polling, daysPerCall }: HeldDiscovery, askedUntil: Date, now: Date): number {
  if (polling === undefined) return daysPerCall;
  const { rereadDays: daily, weeklyRereadDays = daily } = polling;
  return Math.max(isNewWeek(askedUntil, now) ? weeklyRereadDays : daily, daysPerCall);
}

const isNewWeek = (askedUntil: Date, now: Date): boolean =>
  Math.floor(askedUntil.getTime() / weekMs) !== Math.floor(now.getTime() / weekMs);

/**
 * Whether no data of this person has been requested in this week yet. After a gap of more than a few days the
 * answer is no: the days of the gap are requested in any case.
 */
const isWeeklyLook = (askedUntil: Date, now: Date): boolean =>
  isNewWeek(askedUntil, now) && utcDay(askedUntil) >= addDays(utcDay(now), -settlingDays);

/** What is asked for days: the resource itself, or its index. */
interface Asked extends Pick<HeldDiscovery, "key" | "daysPerCall"> {
  readonly resource: string;
}

/** Returns the fetches for days of a resource, newest first. A list without dates has one fetch for all. */
export function fetchesFor(
  name: string,
  { resource, key: keyOf, daysPerCall }: Asked,
  range: DayRange,
): TaskFetch[] {
  const byKey = new Map<string, TaskFetch>();
  for (const { from, to } of slicesOf(range, daysPerCall)) {
    const key = keyOf(from, to);
    const same = byKey.get(key);
    byKey.set(key, { resource, key, covers: { resource: name, from, to: same?.covers?.to ?? to } });
  }
  return [...byKey.values()];
}
