/**
 * SleepWise: what a sleep does to the day after it. Polar gives no date: the day is the local one on which the
 * period ended, by the offset that comes along, which is how sleep is dated too. Circadian bedtimes have been seen
 * with an offset of 0 where alertness had +330 (POLAR-API §3). Nothing in such an item tells that its offset is
 * wrong, so it is taken at its word; one that ends before the true offset's hours have passed since midnight is
 * then a day early.
 */
import { minuteMs, parseTime } from "../../kit/iso-time.ts";

export function localDay(utcTime: string, offsetMinutes: number | null | undefined): string {
  const { localMs } = parseTime(utcTime);
  return new Date(localMs + (offsetMinutes ?? 0) * minuteMs).toISOString().slice(0, 10);
}

export const pathsOf = (name: string) => {
  const path = `/v3/users/sleepwise/${name}`;
  return { all: path, range: `${path}/date` };
};
