/**
 * SleepWise: what a sleep does to the day after it. Polar gives no date: the day is the local one on which the
 * period ended, by the offset that comes along, which is how sleep is dated too. Circadian bedtimes have been seen
 * with an offset of 0 where alertness had +330 (POLAR-API §3). Nothing in such an item tells that its offset is
 * wrong, so it is taken at its word; one that ends before the true offset's hours have passed since midnight is
 * then a day early.
 */
import { alertnessLedger } from "../ledger/sleepwise-alertness.ts";
import { circadianBedtimeLedger } from "../ledger/sleepwise-circadian-bedtime.ts";
import { alertnessSchema, bedtimeEnd, circadianBedtimeSchema } from "../schema/sleepwise.ts";
import { minuteMs, parseTime } from "../time.ts";
import { dayList } from "./day-lists.ts";
import { ranged } from "./declare.ts";

function localDay(utcTime: string, offsetMinutes: number | null | undefined): string {
  const { localMs } = parseTime(utcTime);
  return new Date(localMs + (offsetMinutes ?? 0) * minuteMs).toISOString().slice(0, 10);
}

const pathsOf = (name: string) => {
  const path = `/v3/users/sleepwise/${name}`;
  return { all: path, range: `${path}/date` };
};

export const alertness = dayList({
  name: "sleepwise-alertness",
  schema: alertnessSchema,
  ledger: alertnessLedger,
  discovery: ranged(28, true),
  paths: pathsOf("alertness"),
  day: (item) => localDay(item.sleep_period_end_time, item.sleep_timezone_offset_minutes),
  order: (item) => item.sleep_period_end_time,
});

export const circadianBedtime = dayList({
  name: "sleepwise-circadian-bedtime",
  schema: circadianBedtimeSchema,
  ledger: circadianBedtimeLedger,
  discovery: ranged(28, true),
  paths: pathsOf("circadian-bedtime"),
  day: (item) => localDay(bedtimeEnd(item) ?? "", item.sleep_timezone_offset_minutes),
  order: (item) => item.period_end_time ?? item.sleep_period_end_time ?? "",
});
