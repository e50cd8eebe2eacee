/** The night of a day, with the day's naps. */
import { z } from "zod";
import { asSent, date, integer, number } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { declareRanges } from "../collection.ts";
import { each, numbers, words } from "../ledger-groups.ts";
import { garminTime } from "../times.ts";

const time = garminTime.nullish();

const nap = z.looseObject({
  nap_time_sec: number,
  nap_start_timestamp_gmt: garminTime,
  nap_end_timestamp_gmt: garminTime,
  nap_start_time_offset: number,
  nap_end_time_offset: number,
});

/** Garmin's client, DailySleep. A day without sleep is an object whose times are null. */
const schema = z.looseObject({
  id: asSent,
  calendar_date: date.nullish(),
  sleep_time_seconds: number,
  sleep_start_timestamp_gmt: time,
  sleep_end_timestamp_gmt: time,
  sleep_start_timestamp_local: time,
  sleep_end_timestamp_local: time,
  unmeasurable_sleep_seconds: number,
  deep_sleep_seconds: number,
  light_sleep_seconds: number,
  rem_sleep_seconds: number,
  awake_sleep_seconds: number,
  awake_count: integer,
  device_rem_capable: z.boolean().nullish(),
  sleep_from_device: z.boolean().nullish(),
  average_sp_o2_value: number,
  average_respiration_value: number,
  lowest_respiration_value: number,
  highest_respiration_value: number,
  avg_heart_rate: number,
  sleep_scores: z.looseObject({ overall: z.looseObject({ value: number }).nullish() }).nullish(),
  daily_nap_dtos: z.array(nap).nullish(),
});

export type GarminSleep = z.output<typeof schema>;
export type GarminNap = z.output<typeof nap>;

const start = "sleep.metadata.start_time";
const end = "sleep.metadata.end_time";
const asleep = "sleep.sleep_durations_data.asleep.duration_";

/** Sources: [O] Garmin's own client, [P] captured bodies, [Q] others' findings. */
const ledger: Ledger = {
  id: carried(
    "Garmin's id of the night: its start in epoch ms, so it changes when the person edits the start [P]",
  ),
  calendar_date: identifying(mapped("sleep.metadata.summary_id", "key", "the day of waking up")),
  sleep_start_timestamp_gmt: mapped(start, "exact"),
  sleep_start_timestamp_local: mapped(start, "derived: the offset is local − GMT", "already shifted [P]"),
  sleep_end_timestamp_gmt: mapped(end, "exact"),
  sleep_end_timestamp_local: mapped(end, "derived: the offset is local − GMT", "already shifted [P]"),
  sleep_time_seconds: mapped(`${asleep}asleep_state_seconds`, "exact"),
  deep_sleep_seconds: mapped(`${asleep}deep_sleep_state_seconds`, "exact"),
  light_sleep_seconds: mapped(`${asleep}light_sleep_state_seconds`, "exact"),
  rem_sleep_seconds: mapped(
    `${asleep}REM_sleep_state_seconds`,
    "exact",
    "null where the device cannot tell REM",
  ),
  awake_sleep_seconds: mapped("sleep.sleep_durations_data.awake.duration_awake_state_seconds", "exact"),
  unmeasurable_sleep_seconds: mapped(
    "sleep.sleep_durations_data.other.duration_unmeasurable_sleep_seconds",
    "exact",
  ),
  awake_count: mapped("sleep.sleep_durations_data.awake.num_wakeup_events", "exact"),
  device_rem_capable: alsoIn(`${asleep}REM_sleep_state_seconds`, carried("whether the device can tell REM")),
  sleep_from_device: alsoIn(
    "sleep.metadata.upload_type",
    carried("true → Automatic, false → Manual: entered by the person"),
  ),
  average_sp_o2_value: mapped(
    "sleep.respiration_data.oxygen_saturation_data.avg_saturation_percentage",
    "exact",
    "percent; 0 → null",
  ),
  average_respiration_value: mapped(
    "sleep.respiration_data.breaths_data.avg_breaths_per_min",
    "exact",
    "0 → null",
  ),
  lowest_respiration_value: mapped(
    "sleep.respiration_data.breaths_data.min_breaths_per_min",
    "exact",
    "0 → null",
  ),
  highest_respiration_value: mapped(
    "sleep.respiration_data.breaths_data.max_breaths_per_min",
    "exact",
    "0 → null",
  ),
  avg_heart_rate: mapped("sleep.heart_rate_data.summary.avg_hr_bpm", "exact", "0 → null"),
  "sleep_scores.overall.value": mapped("sleep.scores.sleep", "exact", "0–100"),
  ...words({ "sleep_scores.overall.qualifier_key": "Garmin's word for the score" }),
  ...each(
    ["optimal_start", "optimal_end", "ideal_start_in_seconds", "ideal_end_in_seconds"].map(
      (name) => `sleep_scores.overall.${name}`,
    ),
    ignored("the best range, which the whole score has none of"),
  ),
  ...each(
    [
      "total_duration",
      "stress",
      "awake_count",
      "restlessness",
      "rem_percentage",
      "light_percentage",
      "deep_percentage",
    ].map((name) => `sleep_scores.${name}`),
    composite(carried("a part of the score, with its value, word and the best range")),
  ),
  "daily_nap_dtos[].nap_start_timestamp_gmt": mapped(start, "exact", "each nap is a Sleep of its own"),
  "daily_nap_dtos[].nap_end_timestamp_gmt": mapped(end, "exact"),
  "daily_nap_dtos[].nap_start_time_offset": mapped(
    start,
    "derived: its offset",
    "minutes; others are left out",
  ),
  "daily_nap_dtos[].nap_end_time_offset": mapped(end, "derived: its offset", "minutes; others are left out"),
  "daily_nap_dtos[].nap_time_sec": mapped(`${asleep}asleep_state_seconds`, "exact"),
  ...words({
    "daily_nap_dtos[].nap_feedback": "Garmin's word for the nap",
    "daily_nap_dtos[].create_timestamp_gmt": "UTC",
    "daily_nap_dtos[].update_timestamp_gmt": "UTC",
  }),
  ...numbers({ "daily_nap_dtos[].nap_source": "Garmin's code for where the nap came from" }),
  ...each(
    ["user_profile_pk", "device_id", "calendar_date"].map((name) => `daily_nap_dtos[].${name}`),
    ignored("the person, the device or the day, as beside it"),
  ),
  ...numbers({
    nap_time_seconds: "seconds of all naps of the day",
    lowest_sp_o2_value: "percent",
    highest_sp_o2_value: "percent",
    average_sp_o2_hr_sleep: "bpm",
    sp_o2_threshold: "percent",
    spo2_threshold: "percent",
    number_of_events_below_threshold: "events of low SpO₂",
    avg_sleep_stress: "0–100",
    sleep_version: "version of Garmin's method",
  }),
  ...words({
    sleep_window_confirmed: "whether the times are final",
    sleep_window_confirmation_type: "how they became final",
    auto_sleep_start_timestamp_gmt: "UTC, as recognised before an edit",
    auto_sleep_end_timestamp_gmt: "UTC, as recognised before an edit",
    sleep_quality_type_pk: "not documented",
    sleep_result_type_pk: "not documented",
    retro: "true: computed later",
    age_group: "such as ADULT",
    sleep_score_feedback: "Garmin's code for its advice",
    sleep_score_insight: "Garmin's code for its advice",
    sleep_score_personalized_insight: "Garmin's code for its advice",
    breathing_disruption_severity: "Garmin's word",
  }),
  ...each(["user_note", "kid_sleep_note"], ignored("private notes")),
  sleep_need: composite(carried("the sleep that Garmin recommends, in minutes")),
  next_sleep_need: composite(carried("the same for the next night; its `calendar_date` is not the night's")),
  sleep_alignment: composite(carried("the night beside the usual hours")),
  user_profile_pk: ignored("names the person"),
};

/** GET /sleep-service/sleep/dailySleepSummariesByDate: at most 31 days. */
export const sleep = declareRanges({
  name: "sleep",
  daysPerCall: 28,
  path: (from, to) => `/sleep-service/sleep/dailySleepSummariesByDate?startDate=${from}&endDate=${to}`,
  schema,
  ledger,
  keys: ({ calendar_date: day }) => (day == null ? [] : [day]),
});
