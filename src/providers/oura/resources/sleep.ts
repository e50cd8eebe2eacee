/** Sleep periods: nights and naps, several a day. */
import { z } from "zod";
import { asSent, date, number, text, time } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, type Ledger, mapped, numeric } from "../../ledger.ts";
import { declareCollection, documentId } from "../collection.ts";
import { series } from "../series.ts";

/** GET /v2/usercollection/sleep (Oura's OpenAPI, PublicModifiedSleepModel). */
const schema = z.looseObject({
  id: documentId,
  day: date,
  type: text,
  bedtime_start: time,
  bedtime_end: time,
  time_in_bed: number,
  total_sleep_duration: number,
  deep_sleep_duration: number,
  light_sleep_duration: number,
  rem_sleep_duration: number,
  awake_time: number,
  latency: number,
  efficiency: number,
  sleep_phase_30_sec: text,
  sleep_phase_5_min: text,
  app_sleep_phase_5_min: text,
  average_breath: number,
  average_heart_rate: number,
  lowest_heart_rate: number,
  average_hrv: number,
  heart_rate: series,
  hrv: series,
  readiness: z
    .looseObject({
      score: number,
      contributors: asSent,
      temperature_deviation: number,
      temperature_trend_deviation: asSent,
    })
    .nullish(),
  movement_30_sec: asSent,
  restless_periods: asSent,
  low_battery_alert: asSent,
  period: asSent,
  readiness_score_delta: asSent,
  sleep_score_delta: asSent,
  sleep_algorithm_version: asSent,
  sleep_analysis_reason: asSent,
  ring_id: asSent,
});

export type OuraSleep = z.output<typeof schema>;

const durations = "sleep.sleep_durations_data";
const level = `${durations}.hypnogram_samples.level`;

/** Sources: [O] Oura's OpenAPI description, [R] captured bodies. */
const ledger: Ledger = {
  id: mapped("sleep.metadata.summary_id", "exact"),
  day: identifying(
    mapped(
      "sleep.metadata.summary_id",
      "key",
      "the day of waking up; a nap that ends after 18:00 belongs to the next day [O][R]. Joins the day's scores",
    ),
  ),
  type: alsoIn(
    "sleep.metadata.is_nap",
    carried(
      "long_sleep is the night; sleep and late_nap are naps. rest (a rejected nap) and deleted make no record [O]",
    ),
  ),
  bedtime_start: mapped(
    ["sleep.metadata.start_time", `${durations}.hypnogram_samples.timestamp`],
    "exact; derived: start + index × length of a phase",
    "with its true offset [R]",
  ),
  bedtime_end: mapped("sleep.metadata.end_time", "exact"),
  time_in_bed: mapped(`${durations}.other.duration_in_bed_seconds`, "exact"),
  total_sleep_duration: mapped(`${durations}.asleep.duration_asleep_state_seconds`, "exact"),
  deep_sleep_duration: mapped(`${durations}.asleep.duration_deep_sleep_state_seconds`, "exact"),
  light_sleep_duration: mapped(`${durations}.asleep.duration_light_sleep_state_seconds`, "exact"),
  rem_sleep_duration: mapped(`${durations}.asleep.duration_REM_sleep_state_seconds`, "exact"),
  awake_time: mapped(`${durations}.awake.duration_awake_state_seconds`, "exact"),
  latency: mapped(
    `${durations}.awake.sleep_latency_seconds`,
    "exact",
    '"the time it took for the user to fall asleep after going to bed" [O]',
  ),
  efficiency: mapped(`${durations}.sleep_efficiency`, "exact", "percent, a whole number [R]; 0 → null"),
  sleep_phase_30_sec: mapped(
    level,
    "converted",
    "1 deep, 2 light, 3 REM, 4 awake [O]. Every phase, repeated ones included; the finest string there is",
  ),
  sleep_phase_5_min: mapped(level, "converted", "where there is none of 30 seconds"),
  app_sleep_phase_5_min: mapped(level, "converted", "where there is no other; as the app shows it [O]"),
  average_breath: mapped(
    "sleep.respiration_data.breaths_data.avg_breaths_per_min",
    "exact",
    "per minute; 0 → null",
  ),
  average_heart_rate: mapped(
    "sleep.heart_rate_data.summary.avg_hr_bpm",
    "exact",
    "of 30-second samples, so not the mean of `heart_rate` [O]",
  ),
  lowest_heart_rate: mapped(
    "sleep.heart_rate_data.summary.min_hr_bpm",
    "exact",
    "of 30-second samples [O]; 0 → null",
  ),
  average_hrv: mapped("sleep.heart_rate_data.summary.avg_hrv_rmssd", "exact", "ms, RMSSD; 0 → null"),
  "heart_rate.interval": mapped(
    "sleep.heart_rate_data.detailed.hr_samples.timestamp",
    "derived: start + index × interval",
    "seconds",
  ),
  "heart_rate.items": mapped(
    ["sleep.heart_rate_data.detailed.hr_samples.bpm", "sleep.heart_rate_data.summary.max_hr_bpm"],
    "exact; derived: the largest",
    "null and 0 give no sample; the list is null for short periods [R]",
  ),
  "heart_rate.timestamp": mapped(
    "sleep.heart_rate_data.detailed.hr_samples.timestamp",
    "derived: start + index × interval",
  ),
  "hrv.interval": mapped(
    "sleep.heart_rate_data.detailed.hrv_samples_rmssd.timestamp",
    "derived: start + index × interval",
    "seconds",
  ),
  "hrv.items": mapped(
    "sleep.heart_rate_data.detailed.hrv_samples_rmssd.hrv_rmssd",
    "exact",
    "ms; null and 0 give no sample",
  ),
  "hrv.timestamp": mapped(
    "sleep.heart_rate_data.detailed.hrv_samples_rmssd.timestamp",
    "derived: start + index × interval",
  ),
  "readiness.score": mapped("sleep.readiness_data.readiness", "exact", "1–100; 0 → null"),
  "readiness.contributors": composite(carried("the parts of the score, each 1–100 or null")),
  "readiness.temperature_deviation": mapped(
    "sleep.temperature_data.delta",
    "exact",
    "°C from the person's usual; 0 is a value",
  ),
  "readiness.temperature_trend_deviation": numeric(carried("°C, the trend of several days")),
  movement_30_sec: carried("a digit for each 30 seconds: 1 no motion, 2 restless, 3 tossing, 4 active"),
  restless_periods: numeric(carried("number of restless periods")),
  low_battery_alert: carried("whether the ring's battery was low"),
  period: numeric(carried("Oura's number of the period within its day")),
  readiness_score_delta: numeric(carried("effect of this period on the day's readiness score")),
  sleep_score_delta: numeric(carried("effect of this period on the day's sleep score")),
  sleep_algorithm_version: carried("v1 or v2"),
  sleep_analysis_reason: carried("why this version of the period was made, such as bedtime_edit"),
  ring_id: carried("the ring, as an encrypted id"),
};

export const sleep = declareCollection({
  name: "sleep",
  collection: "sleep",
  scope: "daily",
  schema,
  ledger,
  daysPerCall: 60,
  endsWithId: true,
  keys: ({ day, id }) => [`${day}/${id}`],
});
