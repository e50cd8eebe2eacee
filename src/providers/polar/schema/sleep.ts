import { z } from "zod";
import { clockSeries, date, number, text, time } from "./fields.ts";

/** GET /v3/users/sleep/{date} (Polar's OpenAPI, sleep). `date` is the day of waking up. */
export const nightSchema = z.looseObject({
  polar_user: text,
  date,
  sleep_start_time: time,
  sleep_end_time: time,
  device_id: text,
  continuity: number,
  continuity_class: number,
  light_sleep: number,
  deep_sleep: number,
  rem_sleep: number,
  unrecognized_sleep_stage: number,
  sleep_score: number,
  total_interruption_duration: number,
  short_interruption_duration: number,
  long_interruption_duration: number,
  sleep_charge: number,
  sleep_goal: number,
  sleep_rating: number,
  sleep_cycles: number,
  group_duration_score: number,
  group_solidity_score: number,
  group_regeneration_score: number,
  hypnogram: clockSeries,
  heart_rate_samples: clockSeries,
});

/** GET /v3/users/nightly-recharge/{date} (Polar's OpenAPI, nightly-recharge). */
export const rechargeSchema = z.looseObject({
  polar_user: text,
  date,
  heart_rate_avg: number,
  beat_to_beat_avg: number,
  heart_rate_variability_avg: number,
  breathing_rate_avg: number,
  nightly_recharge_status: number,
  ans_charge: number,
  ans_charge_status: number,
  hrv_samples: clockSeries,
  breathing_samples: clockSeries,
});

export type PolarNight = z.output<typeof nightSchema>;
export type PolarRecharge = z.output<typeof rechargeSchema>;
