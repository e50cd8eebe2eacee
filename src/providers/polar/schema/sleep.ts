import { z } from "zod";
import { asSent, clockSeries, date, number, text, time, unused } from "./fields.ts";

/** GET /v3/users/sleep/{date} (Polar's OpenAPI, sleep). `date` is the day of waking up. */
export const nightSchema = z.looseObject({
  polar_user: unused,
  date,
  sleep_start_time: time,
  sleep_end_time: time,
  device_id: text,
  continuity: asSent,
  continuity_class: asSent,
  light_sleep: number,
  deep_sleep: number,
  rem_sleep: number,
  unrecognized_sleep_stage: number,
  sleep_score: number,
  total_interruption_duration: number,
  short_interruption_duration: number,
  long_interruption_duration: number,
  sleep_charge: asSent,
  sleep_goal: asSent,
  sleep_rating: asSent,
  sleep_cycles: asSent,
  group_duration_score: asSent,
  group_solidity_score: asSent,
  group_regeneration_score: asSent,
  hypnogram: clockSeries,
  heart_rate_samples: clockSeries,
});

/** GET /v3/users/nightly-recharge/{date} (Polar's OpenAPI, nightly-recharge). */
export const rechargeSchema = z.looseObject({
  polar_user: unused,
  date,
  heart_rate_avg: number,
  beat_to_beat_avg: asSent,
  heart_rate_variability_avg: number,
  breathing_rate_avg: number,
  nightly_recharge_status: number,
  ans_charge: asSent,
  ans_charge_status: asSent,
  hrv_samples: clockSeries,
  breathing_samples: clockSeries,
});

export type PolarNight = z.output<typeof nightSchema>;
export type PolarRecharge = z.output<typeof rechargeSchema>;
