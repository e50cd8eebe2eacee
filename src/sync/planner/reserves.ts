/**
 * Calls that reconciliation and backfill leave of a window for those above them. Pure.
 *
 * A notification has happened and somebody waits for a request: both are served as long as the window has room,
 * whatever is forecast. Of what is left of a limit, reconciliation and backfill take only what the higher ranks
 * are not expected to need until the window ends: a quarter more than they made in the same quarters of the day
 * before, since no day is like another. Of a client we have not watched for a day yet, a share is presumed: two
 * fifths for notifications (a person with a watch makes some forty calls a day where a hundred are allowed
 * each), a fifth for reconciliation, a twentieth for requests. And a share is kept for what nobody could expect:
 * a server that sends in minutes what it held back for hours. All of it shrinks with the window, so that nothing
 * is kept for a time that does not come.
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
/** Connecting people and looking after webhooks are calls as well, and made without asking. */
const asideShare = 0.01;

export interface Stretch {
  readonly limit: number;
  readonly lengthMs: number;
  readonly now: number;
  readonly until: number;
}

/** Calls that this rank must leave. */
export function reservedAbove(rank: Rank, demand: Demand, { limit, lengthMs, now, until }: Stretch): number {
  if (!heldByForecast.has(rank)) return 0;
  const share = Math.min(1, Math.max(0, (until - now) / lengthMs));
  return ranks.slice(priorityOf(rank) + 1).reduce((sum, higher) => {
    const presumedPerMs = (presumed[higher] * limit) / lengthMs / headroom;
    const expected = expectedCalls(demand, higher, { now, until, presumedPerMs }) * headroom;
    return sum + Math.max(expected, unforeseen[higher] * limit * share);
  }, 0);
}

/** Calls that no rank takes. */
export const setAside = (limit: number): number => Math.floor(limit * asideShare);
