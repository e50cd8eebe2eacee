import type { FastifyRequest } from "fastify";
import { addDays, daysBetween } from "../kit/clock.ts";
import { badRequest, dateQuery } from "./http.ts";
import type { Item } from "./state.ts";

/** How far back Polar answers, in days. */
export const LIST_DAYS = 28;
const OLDEST_ACTIVITY_DAYS = 365;

export interface Range {
  from: string;
  to: string;
}

/**
 * Tells whether a date is within 28 days of today. Days ahead of UTC's today occur east of Greenwich; they are served
 * too.
 */
export function isRecent(date: string, today: string): boolean {
  return Math.abs(daysBetween(date, today)) <= LIST_DAYS;
}

export function within(items: readonly Item[], range: Range): Item[] {
  return items.filter((item) => item.date >= range.from && item.date <= range.to);
}

/** Returns `from` and `to`, both required. */
export function requiredRange(request: FastifyRequest, longestDays?: number): Range {
  const from = dateQuery(request, "from");
  const to = dateQuery(request, "to");
  if (from === undefined || to === undefined) throw badRequest("from and to are required");
  return checked({ from, to }, longestDays);
}

/** Returns `from` and `to` when either is given: 28 days ago and today where one is missing. */
export function optionalRange(request: FastifyRequest, today: string): Range | undefined {
  const from = dateQuery(request, "from");
  const to = dateQuery(request, "to");
  if (from === undefined && to === undefined) return undefined;
  return checked({ from: from ?? addDays(today, -LIST_DAYS), to: to ?? today }, LIST_DAYS);
}

function checked(range: Range, longestDays: number | undefined): Range {
  const days = daysBetween(range.from, range.to);
  if (days < 0) throw badRequest("from must not be after to");
  if (longestDays !== undefined && days > longestDays) {
    throw badRequest(`The range between from and to must not be longer than ${longestDays} days`);
  }
  return range;
}

export function refuseOldActivity(date: string, today: string): void {
  if (daysBetween(date, today) <= OLDEST_ACTIVITY_DAYS) return;
  throw badRequest(`Date cannot be older than ${OLDEST_ACTIVITY_DAYS} days`);
}
