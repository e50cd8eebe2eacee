/**
 * The calls of a window that reconciliation and backfill leave to the higher ranks. Pure.
 *
 * Notifications and requests are served as long as the window has calls left, whatever the forecast says: the
 * former announce something that has happened, the latter have a person waiting. Reconciliation and backfill take
 * only the calls that the higher ranks are not expected to need until the window ends. That expectation is a
 * quarter more than the higher ranks used in the same quarters of an hour of the day before, since no two days are
 * alike. For a client watched for less than a day a share is presumed: two fifths for notifications (a person with
 * a watch causes about forty calls a day, and each person may have a hundred), a fifth for reconciliation, a
 * twentieth for requests. One more share is kept for surprises, such as a server that sends within minutes what
 * it held back for hours. All shares shrink as the window passes, so nothing is kept for a time that never comes.
 */
import { priorityOf, type Rank, ranks } from "../../store/ranks.ts";
import { type Demand, expectedCalls } from "./demand.ts";

/** Ranks that a forecast may hold back. */
const heldByForecast: ReadonlySet<Rank> = new Set<Rank>(["reconcile", "backfill"]);
const headroom = 1.25;
const presumed: Readonly<Record<Rank, number>> = {
  notification: 0.4,
  request: 0.05,
  reconcile: 0.2,
  backfill: 0,
};
const unforeseen: Readonly<Record<Rank, number>> = {
  notification: 0.1,
  request: 0.05,
  reconcile: 0.02,
  backfill: 0,
};
/** Connecting people and managing webhooks also make calls, without a reservation. */
const asideShare = 0.01;

export interface Period {
  readonly limit: number;
  readonly lengthMs: number;
  readonly now: number;
  readonly until: number;
}

/** Returns the number of calls that this rank must leave. */
export function reservedAbove(rank: Rank, demand: Demand, { limit, lengthMs, now, until }: Period): number {
  if (!heldByForecast.has(rank)) return 0;
  const share = Math.min(1, Math.max(0, (until - now) / lengthMs));
  return ranks.slice(priorityOf(rank) + 1).reduce((sum, higher) => {
    const presumedPerMs = (presumed[higher] * limit) / lengthMs / headroom;
    const expected = expectedCalls(demand, higher, { now, until, presumedPerMs }) * headroom;
    return sum + Math.max(expected, unforeseen[higher] * limit * share);
  }, 0);
}

/** Returns the number of calls that no rank may take. */
export const setAside = (limit: number): number => Math.floor(limit * asideShare);
