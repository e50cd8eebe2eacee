/**
 * Computes what to ask a provider for so that everything available of one resource has been requested: days
 * never requested, and those since the last request. Pure.
 */
import type { Discovery, Resource } from "../providers/provider.ts";
import {
  addDays,
  type DayRange,
  earlierDay,
  laterDay,
  newestDay,
  oldestYesterday,
  slicesOf,
  utcDay,
  withoutDays,
} from "../store/days.ts";
import type { TaskFetch } from "../store/tables.ts";

/** A day's data may still grow after it has ended. */
const settlingDays = 2;
const weekMs = 7 * 86_400_000;

export interface KnownDays {
  /** The days that were requested with success. */
  readonly days: readonly DayRange[];
  /** The time of the latest success; null if there was none. */
  readonly askedUntil: Date | null;
  /** The fetches of open tasks. */
  readonly open: readonly TaskFetch[];
  /** The open fetches that will run no later than a new task would; all open fetches when absent. */
  readonly soon?: readonly TaskFetch[];
  /** The fetches that were given up lately. */
  readonly failed?: readonly TaskFetch[];
  /** Whether the account has no such resource: only the newest days are requested then, to see whether that is so. */
  readonly isUnavailable?: boolean;
}

export interface Uncovered {
  /** The first day that may have new data since the last request; null if there was none. */
  readonly since: string | null;
  /** The newest days. */
  readonly recent: readonly TaskFetch[];
  /** Days that were answered before and may have grown since, newest first. */
  readonly again: readonly TaskFetch[];
  /** Older days that were never answered, newest first. */
  readonly older: readonly TaskFetch[];
}

export interface DiscoverableResource extends Resource {
  readonly discovery: Discovery;
}

export const isDiscoverable = (resource: Resource): resource is DiscoverableResource =>
  resource.discovery !== null;

export function uncovered(resource: DiscoverableResource, known: KnownDays, now: Date): Uncovered {
  const { name, discovery } = resource;
  const { open, soon = open, failed = [] } = known;
  const oldest = addDays(utcDay(now), 1 - discovery.reachDays);
  const since =
    known.askedUntil === null ? null : laterDay(oldest, firstNewDay(discovery, known.askedUntil, now));
  const ofRange = (range: DayRange) => fetchesFor(name, discovery, range);
  // The newest range of a person never asked for is cut so that all calls together are no more than the reach needs:
  // tomorrow's data can come tomorrow.
  const fetches = ofRange(
    since === null ? { from: oldest, to: utcDay(now) } : { from: since, to: newestDay(now) },
  );
  const recent = without(fetches.filter(isNewest(discovery, now)), soon);
  if (known.isUnavailable) return { since, recent, again: [], older: [] };
  const others = fetches.filter((one, index) => !isNewest(discovery, now)(one, index));
  const again = since === null ? [] : others.filter(({ covers }) => isAny(known.days, covers, overlap));
  const missing = withoutDays({ from: oldest, to: addDays(since ?? oldest, -1) }, [
    ...known.days,
    ...daysOf(name, [...open, ...failed]),
  ]);
  const unanswered = others.filter((one) => !again.includes(one) && !isAny(known.days, one.covers, includes));
  return {
    since,
    recent,
    again: without(again, open),
    older: without([...unanswered, ...missing.reverse().flatMap(ofRange)], [...open, ...failed]),
  };
}

const overlap = (one: DayRange, other: DayRange): boolean => one.from <= other.to && one.to >= other.from;
const includes = (outer: DayRange, inner: DayRange): boolean =>
  outer.from <= inner.from && outer.to >= inner.to;

const isAny = (
  ranges: readonly DayRange[],
  range: DayRange | undefined,
  relation: (one: DayRange, other: DayRange) => boolean,
): boolean => range !== undefined && ranges.some((one) => relation(one, range));

const without = (fetches: readonly TaskFetch[], others: readonly TaskFetch[]) =>
  fetches.filter((one) => !isIncluded(one, others));

/** Selects of fetches, newest first, those that are made together: the newest, and of polled days also yesterday. */
const isNewest =
  ({ polling }: Discovery, now: Date) =>
  ({ covers }: TaskFetch, index: number): boolean =>
    index === 0 || (polling !== undefined && covers !== undefined && covers.to >= oldestYesterday(now));

/**
 * Returns the first day to request again. Watches are synced late, by days or weeks. Late data of an announced
 * resource is announced too, so its older days are requested only once a week, in case an announcement was
 * lost. Of a resource without announcements, as many days are requested as one call takes. Of a polled one, today and
 * yesterday, and more days at the first look of each day.
 */
function firstNewDay(discovery: Discovery, askedUntil: Date, now: Date): string {
  const { announced, daysPerCall, polling } = discovery;
  const settled = addDays(utcDay(askedUntil), -settlingDays);
  if (announced && !isWeeklyLook(askedUntil, now)) return settled;
  const ofOneCall = addDays(newestDay(now), 1 - daysPerCall);
  if (polling === undefined) return earlierDay(settled, ofOneCall);
  if (utcDay(askedUntil) >= utcDay(now)) return earlierDay(oldestYesterday(now), ofOneCall);
  const days = Math.max(polling.rereadDays, daysPerCall);
  return earlierDay(settled, addDays(utcDay(now), 1 - days));
}

/**
 * Whether no data of this person has been requested in this week yet. After a gap of more than a few days the
 * answer is no: the days of the gap are requested in any case.
 */
function isWeeklyLook(askedUntil: Date, now: Date): boolean {
  const isNewWeek = Math.floor(askedUntil.getTime() / weekMs) !== Math.floor(now.getTime() / weekMs);
  return isNewWeek && utcDay(askedUntil) >= addDays(utcDay(now), -settlingDays);
}

/** Returns the fetches for days of a resource, newest first. A resource without dates has one fetch for all. */
function fetchesFor(resource: string, discovery: Discovery, range: DayRange): TaskFetch[] {
  const byKey = new Map<string, TaskFetch>();
  for (const { from, to } of slicesOf(range, discovery.daysPerCall)) {
    const key = discovery.key(from, to);
    const same = byKey.get(key);
    byKey.set(key, { resource, key, covers: { resource, from, to: same?.covers?.to ?? to } });
  }
  return [...byKey.values()];
}

const daysOf = (resource: string, fetches: readonly TaskFetch[]): DayRange[] =>
  fetches.flatMap(({ covers }) => (covers?.resource === resource ? [covers] : []));

/** Whether one of the others asks for the same days, or more. */
export const isIncluded = (fetch: TaskFetch, others: readonly TaskFetch[]): boolean =>
  others.some((one) => one.resource === fetch.resource && (one.key === fetch.key || hasDaysOf(one, fetch)));

const hasDaysOf = ({ covers: outer }: TaskFetch, { covers: inner }: TaskFetch): boolean =>
  outer !== undefined && inner !== undefined && includes(outer, inner);
