/**
 * Shared code for SleepWise: the effect of a sleep on the day after it. Polar gives no date. The day is the local one
 * on which the period ended, by the offset in the item; sleep is dated in the same way. Circadian bedtimes have been
 * seen with an offset of 0 where alertness had +330 (POLAR-API §3). Nothing in such an item shows that its offset is
 * wrong, so it is used as it is. An item that ends shortly after local midnight, by less than the true offset, is then
 * dated a day early.
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
