/** Local days by IANA zone. */
import { dayMs, minuteMs } from "../../kit/iso-time.ts";
import { offsetIn } from "../../kit/zone-offset.ts";

/** A local calendar day: from one midnight of a zone to the next, which are 23 to 25 hours apart. */
export interface LocalDay {
  /** `2026-03-29`. */
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Returns the local day of an instant. @throws RangeError when there is no such zone */
export function localDay(zone: string, ms: number): LocalDay {
  return dayOfDate(zone, dateAt(zone, ms));
}

/** Returns the local day of a date. @throws RangeError when there is no such zone */
export function dayOfDate(zone: string, date: string): LocalDay {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return { date, startMs: midnightOf(zone, midnight), endMs: midnightOf(zone, midnight + dayMs) };
}

function dateAt(zone: string, ms: number): string {
  return new Date(ms + offsetOrThrow(zone, ms) * minuteMs).toISOString().slice(0, 10);
}

/**
 * Returns the first instant of a local date. Where midnight is skipped, as in Cairo, the day begins when the clocks have
 * been moved.
 */
function midnightOf(zone: string, wallMs: number): number {
  const candidates = [-dayMs, 0, dayMs].map(
    (around) => wallMs - offsetOrThrow(zone, wallMs + around) * minuteMs,
  );
  const exact = candidates.filter((ms) => ms + offsetOrThrow(zone, ms) * minuteMs === wallMs);
  return Math.min(...(exact.length > 0 ? exact : [Math.max(...candidates)]));
}

function offsetOrThrow(zone: string, ms: number): number {
  const offset = offsetIn(zone, ms);
  if (offset === null) throw new RangeError("Not a time zone");
  return offset;
}
