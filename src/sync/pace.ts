/** How often a resource is looked at: the first interval, and the limits within which results change it. Pure. */
import type { Polling } from "../providers/provider.ts";
import { type NewCoverage, type Pace, usualPace } from "../store/coverage.ts";
import type { DiscoverableResource } from "./coverage.ts";
import type { HeldDiscovery } from "./held-discovery.ts";

const hourMs = 3_600_000;

/**
 * Polled resources have the interval that their provider declares. Announced ones are reconciled less often than others,
 * unless they have an index, which costs little. Those that another API announces begin with their quiet interval, until
 * it is known that the announcements come.
 */
export function firstInterval({ name, discovery }: DiscoverableResource): NewCoverage {
  const { announced, index, polling, whereUntold } = discovery;
  const usualMs = (announced && index === null ? 12 : 6) * hourMs;
  return { resource: name, everyMs: polling?.everyMs ?? (whereUntold ? quietMsOf(whereUntold) : usualMs) };
}

const quietMsOf = ({ everyMs, quietMs = everyMs }: Polling): number => quietMs;

/**
 * Reconciliation has the usual pace. Polling goes back to its own interval with whatever is new. So does what another API
 * announces, with whatever is found without an announcement; its interval grows to that of reconciliation once that has
 * not happened for some days.
 */
export function paceOf({ polling, whereUntold }: Pick<HeldDiscovery, "polling" | "whereUntold">): Pace {
  if (polling !== undefined) {
    const { everyMs } = polling;
    return { shortestMs: everyMs, longestMs: quietMsOf(polling), afterNewsMs: everyMs };
  }
  if (whereUntold === undefined) return usualPace;
  const { everyMs } = whereUntold;
  return {
    shortestMs: everyMs,
    longestMs: usualPace.longestMs,
    afterNewsMs: everyMs,
    longestAfterGapsMs: quietMsOf(whereUntold),
  };
}
