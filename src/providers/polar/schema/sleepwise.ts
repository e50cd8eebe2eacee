/** SleepWise (Polar's OpenAPI, alertness and circadian-bedtime). Times are UTC, written without Z. */
import { z } from "zod";
import { asSentInOrderOf, offsetMinutes, time } from "./fields.ts";

/** GET /v3/users/sleepwise/alertness: how alert a sleep makes, hour by hour. */
export const alertnessSchema = z.looseObject({
  sleep_period_end_time: time,
  sleep_timezone_offset_minutes: offsetMinutes,
  hourly_data: asSentInOrderOf("start_time"),
});

/** GET /v3/users/sleepwise/circadian-bedtime. The period is the sleep that the body's clock would prefer. */
export const circadianBedtimeSchema = z
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

/** When the sleep ended that the bedtime is said of. */
export const bedtimeEnd = ({ sleep_period_end_time, period_end_time }: Ends): string | null =>
  sleep_period_end_time ?? period_end_time ?? null;
