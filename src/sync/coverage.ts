/**
 * What to ask a provider for so that everything it will give of one resource has been asked for: days never
 * asked for, and those since we last asked. Pure.
 */
import type { Discovery, Resource } from "../providers/provider.ts";
import {
  addDays,
  type DayRange,
  earlierDay,
  laterDay,
  newestDay,
  slicesOf,
  utcDay,
  withoutDays,
} from "../store/days.ts";
import type { TaskFetch } from "../store/tables.ts";

/** A day may still grow after it ended. */
const settlingDays = 2;
const weekMs = 7 * 86_400_000;

export interface KnownDays {
  /** Days that were asked for with success. */
  readonly days: readonly DayRange[];
  /** When they last were; null when never. */
  readonly askedUntil: Date | null;
  /** What there is a task for already. */
  readonly open: readonly TaskFetch[];
  /** Those of it that come as soon as what is asked now; all of it when absent. */
  readonly soon?: readonly TaskFetch[];
}

export interface Uncovered {
  /** What may be new since we last asked; the newest days where we never did. */
  readonly recent: readonly TaskFetch[];
  /** What is further back and was never answered, newest first. */
  readonly older: readonly TaskFetch[];
}

export interface DiscoverableResource extends Resource {
  readonly discovery: Discovery;
}

export const isDiscoverable = (resource: Resource): resource is DiscoverableResource =>
  resource.discovery !== null;

export function uncovered(resource: DiscoverableResource, known: KnownDays, now: Date): Uncovered {
  const { name, discovery } = resource;
  const today = utcDay(now);
  const oldest = addDays(today, 1 - discovery.reachDays);
  const since =
    known.askedUntil === null ? null : laterDay(oldest, firstNewDay(discovery, known.askedUntil, now));
  const ofRange = (range: DayRange) => fetchesFor(name, discovery, range);
  const { open, soon = open } = known;
  const notIn = (fetches: readonly TaskFetch[], others: readonly TaskFetch[]) =>
    fetches.filter((one) => !isIncluded(one, others));
  if (since === null) {
    // Of everything there are just as many calls as the reach takes: tomorrow's data can come tomorrow.
    const [first, ...rest] = ofRange({ from: oldest, to: today });
    return { recent: notIn(first ? [first] : [], soon), older: notIn(rest, open) };
  }
  const holes = withoutDays({ from: oldest, to: addDays(since, -1) }, [...known.days, ...daysOf(name, open)]);
  return {
    recent: notIn(ofRange({ from: since, to: newestDay(now) }), soon),
    older: notIn(holes.reverse().flatMap(ofRange), open),
  };
}

/**
 * Watches are synced late, by days or weeks. What is announced is announced then, too, so that its older days are
 * only asked for once a week, for an announcement that was lost; of what is not, one call may as well ask for all
 * the days it can.
 */
function firstNewDay({ announced, daysPerCall }: Discovery, askedUntil: Date, now: Date): string {
  const settled = addDays(utcDay(askedUntil), -settlingDays);
  if (announced && !isWeeklyLook(askedUntil, now)) return settled;
  return earlierDay(settled, addDays(newestDay(now), 1 - daysPerCall));
}

/** The first look of a week at somebody who was looked at shortly before: who comes back is asked for the gap. */
function isWeeklyLook(askedUntil: Date, now: Date): boolean {
  const isNewWeek = Math.floor(askedUntil.getTime() / weekMs) !== Math.floor(now.getTime() / weekMs);
  return isNewWeek && utcDay(askedUntil) >= addDays(utcDay(now), -settlingDays);
}

/** What asks for days of a resource, newest first. A resource that takes no dates has one answer for all. */
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

/** Whether one of the others asks for the same, or for more days. */
export const isIncluded = (fetch: TaskFetch, others: readonly TaskFetch[]): boolean =>
  others.some((one) => one.resource === fetch.resource && (one.key === fetch.key || hasDaysOf(one, fetch)));

const hasDaysOf = ({ covers: outer }: TaskFetch, { covers: inner }: TaskFetch): boolean =>
  outer !== undefined && inner !== undefined && outer.from <= inner.from && outer.to >= inner.to;
