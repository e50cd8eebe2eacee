import { z } from "zod";
import { clockSeries, date, number, text, time, unused } from "./fields.ts";

/** GET /v3/users/sleep/{date} (Polar's OpenAPI, sleep). `date` is the day of waking up. */
export const nightSchema = z.looseObject({
  polar_user: unused,
  date,
  sleep_start_time: time,
  sleep_end_time: time,
  device_id: text,
  continuity: unused,
  continuity_class: unused,
  light_sleep: number,
  deep_sleep: number,
  rem_sleep: number,
  unrecognized_sleep_stage: number,
  sleep_score: number,
  total_interruption_duration: number,
  short_interruption_duration: number,
  long_interruption_duration: number,
  sleep_charge: unused,
  sleep_goal: unused,
  sleep_rating: unused,
  sleep_cycles: unused,
  group_duration_score: unused,
  group_solidity_score: unused,
  group_regeneration_score: unused,
  hypnogram: clockSeries,
  heart_rate_samples: clockSeries,
});

/** GET /v3/users/nightly-recharge/{date} (Polar's OpenAPI, nightly-recharge). */
export const rechargeSchema = z.looseObject({
  polar_user: unused,
  date,
  heart_rate_avg: number,
  beat_to_beat_avg: unused,
  heart_rate_variability_avg: number,
  breathing_rate_avg: number,
  nightly_recharge_status: number,
  ans_charge: unused,
  ans_charge_status: unused,
  hrv_samples: clockSeries,
  breathing_samples: clockSeries,
});

export type PolarNight = z.output<typeof nightSchema>;
export type PolarRecharge = z.output<typeof rechargeSchema>;
