/**
 * Counts the calls of each rank in each quarter of an hour of the last day, and derives how many more to
 * expect and how many users the limits can carry. Pure.
 */
import { priorityOf, type Rank, ranks } from "../../store/ranks.ts";

export const quarterMs = 15 * 60_000;
const quartersKept = 24 * 4;
const dayMs = quartersKept * quarterMs;

export interface Quarter {
  /** The number of the quarter, counted from 1970. */
  readonly number: number;
  /** Calls by priority. */
  readonly calls: readonly number[];
}

/** The counts from the oldest to the newest quarter; quarters without calls are left out. */
export interface Demand {
  /** The quarter in which counting began. */
  readonly since: number;
  readonly quarters: readonly Quarter[];
}

const quarterOf = (time: number): number => Math.floor(time / quarterMs);

export const noDemand = (now: number): Demand => ({ since: quarterOf(now), quarters: [] });

export function countCall({ since, quarters }: Demand, rank: Rank, now: number): Demand {
  const number = quarterOf(now);
  const known = quarters.filter((quarter) => quarter.number > number - quartersKept - 1);
  const current = known.find((quarter) => quarter.number === number);
  const calls = (current?.calls ?? ranks.map(() => 0)).map((count, priority) =>
    priority === priorityOf(rank) ? count + 1 : count,
  );
  return { since, quarters: [...known.filter((quarter) => quarter !== current), { number, calls }] };
}

/** A presumed share weighs as much as this many hours of counting. */
const presumedWeightMs = 6 * 3_600_000;

/**
 * Returns the calls of a rank to be expected until `until`: those of the same quarters a day before. For
 * quarters not counted yet it is the mean of the counts so far and six hours of the presumed share,
 * `presumedPerMs`, but no less than that share: one busy quarter of an hour does not make a busy day, and the
 * counts weigh more the longer they run.
 */
export function expectedCalls(
  { since, quarters }: Demand,
  rank: Rank,
  { now, until, presumedPerMs }: { now: number; until: number; presumedPerMs: number },
): number {
  let counted = 0;
  let repeated = 0;
  for (const { number, calls } of quarters) {
    const made = calls[priorityOf(rank)] ?? 0;
    counted += made;
    const begins = (number + quartersKept) * quarterMs;
    const overlap = Math.min(begins + quarterMs, until) - Math.max(begins, now);
    // The first quarter was counted only in part.
    if (number > since && overlap > 0) repeated += made * (overlap / quarterMs);
  }
  const countedMs = Math.min(now - since * quarterMs, (quartersKept + 1) * quarterMs);
  const meanPerMs = (counted + presumedPerMs * presumedWeightMs) / (countedMs + presumedWeightMs);
  const unknownUntil = Math.min(until, (since + quartersKept + 1) * quarterMs);
  return repeated + Math.max(0, unknownUntil - now) * Math.max(meanPerMs, presumedPerMs);
}

/** The ranks of people's daily data, in contrast to one-time work (backfill) and a developer's requests. */
export const steadyRanks: readonly Rank[] = ["notification", "reconcile"];

/**
 * Returns the most calls of notifications and reconciliation together in any period of this length. A shorter
 * count is scaled up to it.
 */
export function steadyCalls(demand: Demand, lengthMs: number, now: number): number {
  const span = Math.max(1, Math.round(lengthMs / quarterMs));
  const steady = demand.quarters.map(({ number, calls }) => ({
    number,
    calls: steadyRanks.reduce((sum, rank) => sum + (calls[priorityOf(rank)] ?? 0), 0),
  }));
  const sums = steady.map(({ number: first }) =>
    steady.reduce(
      (sum, { number, calls }) => sum + (number >= first && number < first + span ? calls : 0),
      0,
    ),
  );
  const counted = Math.max(1, quarterOf(now) - demand.since + 1);
  return Math.max(0, ...sums) * Math.max(1, span / counted);
}

export interface Capacity {
  readonly lengthMs: number;
  /** The client's limit now, with this number of users. */
  readonly limit: number;
  readonly callsPerUser: number;
}

/** Whether a whole day was counted: a shorter count says little about the missing hours. */
export const isDayCounted = (demand: Demand, now: number): boolean => now - demand.since * quarterMs >= dayMs;

/**
 * Returns how many users the client can carry. For each window, let `c` be the steady calls of a user in the
 * busiest period of its length, `a` the calls that each user adds to the limit, and `f` the calls of the
 * client beside that (limit − a × users). The users fit while c × n ≤ f + a × n; so n = f ÷ (c − a), without
 * a bound if a user adds as much as they need. The window that carries fewest decides. `waiting` are
 * notifications and reconciliations that wait for the limits: each is at least one call that a day should
 * have had. Null before a day is counted.
 */
export function usersThatFit(
  demand: Demand,
  windows: readonly Capacity[],
  { users, waiting, now }: { users: number; waiting: number; now: number },
): number | null {
  if (users === 0 || demand.quarters.length === 0 || !isDayCounted(demand, now)) return null;
  const bounds = windows.map(({ lengthMs, limit, callsPerUser }) => {
    const missed = lengthMs >= dayMs ? waiting : 0;
    const perUser = (steadyCalls(demand, lengthMs, now) + missed) / users;
    const fixed = limit - callsPerUser * users;
    return perUser <= callsPerUser
      ? Number.POSITIVE_INFINITY
      : Math.max(0, Math.floor(fixed / (perUser - callsPerUser)));
  });
  return Math.min(...bounds);
}
