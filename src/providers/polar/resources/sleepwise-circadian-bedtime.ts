/**
 * SleepWise circadian bedtime: the resource and its ledger. Terra has no such thing. Times are UTC, written without Z.
 */
import { z } from "zod";
import { offsetMinutes, time } from "../../kit/fields.ts";
import { carried, type Ledger, numeric } from "../../ledger.ts";
import { dayList, ranged } from "../resource.ts";
import { localDay, pathsOf } from "./sleepwise.ts";

/** GET /v3/users/sleepwise/circadian-bedtime. The period is the sleep that the body's clock would prefer. */
const schema = z
  .looseObject({
    /** Not in Polar's OpenAPI; one reader joins by it (POLAR-API §3). */
    sleep_period_end_time: time.nullish(),
    period_end_time: time.nullish(),
    sleep_timezone_offset_minutes: offsetMinutes,
  })
  .refine((bedtime) => bedtimeEnd(bedtime) !== null, {
    path: ["period_end_time"],
    message: "Expected a date and time",
  });

interface Ends {
  readonly sleep_period_end_time?: string | null | undefined;
  readonly period_end_time?: string | null | undefined;
}

/** Returns the end of the sleep to which the bedtime belongs. */
const bedtimeEnd = ({ sleep_period_end_time, period_end_time }: Ends): string | null =>
  sleep_period_end_time ?? period_end_time ?? null;

const ledger: Ledger = {
  validity: carried("whether it was measured or estimated", ["VALIDITY_UNKNOWN"]),
  quality: carried("how clearly the body's rhythm shows", ["CIRCADIAN_BEDTIME_QUALITY_UNKNOWN"]),
  result_type: carried("a prediction, or what has been", ["CIRCADIAN_BEDTIME_TYPE_UNKNOWN"]),
  period_start_time: carried("UTC: start of the period it is about"),
  period_end_time: carried("UTC: end of that period; its local day is the record's"),
  preferred_sleep_period_start_time: carried("UTC: when the body would like to sleep"),
  preferred_sleep_period_end_time: carried("UTC: until when"),
  sleep_gate_start_time: carried("UTC: when it becomes easy to fall asleep"),
  sleep_gate_end_time: carried("UTC: until when"),
  sleep_period_end_time: carried(
    "UTC: end of the sleep, where Polar gives it; then its local day is the record's",
  ),
  sleep_timezone_offset_minutes: numeric(carried("minutes east of UTC; has been seen as 0 where it was not")),
};

export const circadianBedtime = dayList({
  name: "sleepwise-circadian-bedtime",
  schema,
  ledger,
  discovery: ranged(28, true),
  paths: pathsOf("circadian-bedtime"),
  day: (item) => localDay(bedtimeEnd(item) ?? "", item.sleep_timezone_offset_minutes),
  order: (item) => item.period_end_time ?? item.sleep_period_end_time ?? "",
});
