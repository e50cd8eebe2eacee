/**
 * Computes what to ask a provider for so that everything available of one resource has been requested: days
 * never requested, and those since the last request. Pure.
 */
import type { Discovery, Resource } from "../providers/provider.ts";
import { addDays, type DayRange, laterDay, utcDay, withoutDays } from "../store/days.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { HeldDiscovery } from "./held-discovery.ts";
import { fetchesFor, firstNewDay, lookAt } from "./looks.ts";

export interface KnownDays {
  /** The days that were requested with success. */
  readonly days: readonly DayRange[];
  /** The time of the latest success; null if there was none. */
  readonly askedUntil: Date | null;
  /** The first day of the oldest answer that had data; null or absent while none had. */
  readonly oldestFound?: string | null;
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
  readonly discovery: HeldDiscovery;
}

export const isDiscoverable = (resource: Resource): resource is DiscoverableResource =>
  resource.discovery !== null;

export function uncovered(resource: DiscoverableResource, known: KnownDays, now: Date): Uncovered {
  const { name, discovery } = resource;
  const { open, soon = open, failed = [], askedUntil } = known;
  const oldest = oldestDay(discovery, known.oldestFound ?? null, now);
  const looking = { name, discovery, askedUntil, oldest, now };
  const since = firstNewDay(looking);
  const { newest, others } = lookAt(looking);
  const recent = without(newest, soon);
  if (known.isUnavailable) return { since, recent, again: [], older: [] };
  const again = since === null ? [] : others.filter(({ covers }) => isAny(known.days, covers, overlap));
  const missing = withoutDays({ from: oldest, to: utcDay(now) }, [
    ...known.days,
    ...daysOf(name, [...newest, ...others, ...open, ...failed]),
  ]);
  const asked = discovery.dayIndex ?? { ...discovery, resource: name };
  const unanswered = others.filter((one) => !again.includes(one) && !isAny(known.days, one.covers, includes));
  const before = missing.reverse().flatMap((range) => fetchesFor(name, asked, range));
  return {
    since,
    recent,
    again: without(again, open),
    older: without([...unanswered, ...before], [...open, ...failed]),
  };
}

/**
 * Returns the oldest day to ask for. Where the provider does not say how far back its data goes, so many windows without
 * data before the oldest one that had some are the end. It moves back with what is found.
 */
function oldestDay({ reachDays, history }: Discovery, oldestFound: string | null, now: Date): string {
  const reach = addDays(utcDay(now), 1 - reachDays);
  if (history === undefined) return reach;
  const before = oldestFound ?? addDays(utcDay(now), 1);
  return laterDay(reach, addDays(before, -history.emptyWindows * history.windowDays));
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

const daysOf = (resource: string, fetches: readonly TaskFetch[]): DayRange[] =>
  fetches.flatMap(({ covers }) => (covers?.resource === resource ? [covers] : []));

/** Whether one of the others asks for the same days, or more. */
export const isIncluded = (fetch: TaskFetch, others: readonly TaskFetch[]): boolean =>
  others.some((one) => one.resource === fetch.resource && (one.key === fetch.key || hasDaysOf(one, fetch)));

const hasDaysOf = ({ covers: outer }: TaskFetch, { covers: inner }: TaskFetch): boolean =>
  outer !== undefined && inner !== undefined && includes(outer, inner);
