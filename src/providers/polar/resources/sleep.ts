/** A night's sleep, by the day of waking up. */
import { z } from "zod";
import { everything } from "../../kit/discovery.ts";
import { asSent, date, number, text, time, unused } from "../../kit/fields.ts";
import { alsoIn, carried, ignored, type Ledger, mapped, numeric } from "../../ledger.ts";
import { clockSeries } from "../clock-series.ts";
import { listed, listOrDay, resource } from "../resource.ts";
import { nightFingerprint } from "./night-fingerprint.ts";
import { sleepIndex } from "./sleep-index.ts";

/** GET /v3/users/sleep/{date} (Polar's OpenAPI, sleep). `date` is the day of waking up. */
const schema = z.looseObject({
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

export type PolarNight = z.output<typeof schema>;

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
const ledger: Ledger = {
  polar_user: ignored("a link whose host varies [R]; the person is known by the token"),
  date: alsoIn(
    "sleep.metadata.summary_id",
    carried(
      '"Result date of the sleep" [O]: the day of waking up. The id is made from it, and is each person\'s own',
    ),
  ),
  sleep_start_time: mapped(
    ["sleep.metadata.start_time", "sleep.sleep_durations_data.other.duration_in_bed_seconds"],
    "exact; derived: end − start",
    "with offset and milliseconds [R]",
  ),
  sleep_end_time: mapped(
    ["sleep.metadata.end_time", "sleep.sleep_durations_data.other.duration_in_bed_seconds"],
    "exact; derived: end − start",
    "as instants, so a night of changing clocks has its true length",
  ),
  device_id: mapped(
    ["sleep.device_data.serial_number", "sleep.metadata.upload_type"],
    "exact",
    "with a device Automatic (2), else Unknown",
  ),
  continuity: carried("1.0–5.0, 5 is uninterrupted [O]", [0, -1]),
  continuity_class: carried("1–5, `continuity` in words [O]", [0, -1]),
  light_sleep: mapped(
    [
      "sleep.sleep_durations_data.asleep.duration_light_sleep_state_seconds",
      "sleep.sleep_durations_data.asleep.duration_asleep_state_seconds",
    ],
    "exact; derived: light + deep + REM",
    "seconds, N1 + N2 [O]. The total, never the hypnogram's sum, which is off by 90–120 s [R]",
  ),
  deep_sleep: mapped(
    [
      "sleep.sleep_durations_data.asleep.duration_deep_sleep_state_seconds",
      "sleep.sleep_durations_data.asleep.duration_asleep_state_seconds",
    ],
    "exact; derived: light + deep + REM",
    "seconds, N3 [O]",
  ),
  rem_sleep: mapped(
    [
      "sleep.sleep_durations_data.asleep.duration_REM_sleep_state_seconds",
      "sleep.sleep_durations_data.asleep.duration_asleep_state_seconds",
    ],
    "exact; derived: light + deep + REM",
    "seconds [O]",
  ),
  unrecognized_sleep_stage: mapped(
    "sleep.sleep_durations_data.other.duration_unmeasurable_sleep_seconds",
    "exact",
    'seconds. "Sometimes it\'s impossible to recognize sleep stages" [O]: not counted as asleep, so that asleep + awake + unmeasurable is the night (25,950 + 1,650 + 0 = 27,600 s [R])',
  ),
  sleep_score: mapped("sleep.scores.sleep", "exact", "1–100 [O]; 0 → null"),
  total_interruption_duration: mapped(
    "sleep.sleep_durations_data.awake.duration_awake_state_seconds",
    "exact",
    '"total time in seconds you spent awake between when you fell asleep and when you woke up" [O]',
  ),
  short_interruption_duration: mapped(
    "sleep.sleep_durations_data.awake.duration_short_interruption_seconds",
    "exact",
    '"less than 90 seconds" [O], as in Terra',
  ),
  long_interruption_duration: mapped(
    "sleep.sleep_durations_data.awake.duration_long_interruption_seconds",
    "exact",
    '"90 seconds or more" [O]',
  ),
  sleep_charge: carried("1–5, `sleep_score` against the usual of the past 28 days [O]", [0, -1]),
  sleep_goal: numeric(carried("seconds, the person's setting [O]")),
  sleep_rating: carried("1–5, the person's own word on the night; 0 when none [O]", [0, -1]),
  sleep_cycles: carried("number of sleep cycles [O]; not the number of REM periods", [-1]),
  group_duration_score: carried("1–100, a part of `sleep_score` [O]", [0, -1]),
  group_solidity_score: carried("1–100, a part of `sleep_score` [O]", [0, -1]),
  group_regeneration_score: carried("1–100, a part of `sleep_score` [O]", [0, -1]),
  "hypnogram{}": mapped(
    "sleep.sleep_durations_data.hypnogram_samples.level",
    "converted",
    "0 Awake, 1 REM, 2 and 3 Light, 4 Deep, 5 Unknown [O]. Every key, repeated codes included; keys are minutes while epochs are 30 s, so short stages are lost before we see them [R]",
  ),
  "heart_rate_samples{}": mapped(
    [
      "sleep.heart_rate_data.detailed.hr_samples.bpm",
      "sleep.heart_rate_data.summary.max_hr_bpm",
      "sleep.heart_rate_data.summary.min_hr_bpm",
    ],
    "exact; derived: largest and smallest sample",
    '"5 min average samples" [O], and so are the extremes. 0 is no signal',
  ),
};

export const sleep = resource({
  name: "sleep",
  schema,
  ledger,
  discovery: { ...listed(28, true), index: { resource: sleepIndex.name, key: everything } },
  envelope: "nights",
  path: (key) => listOrDay("/v3/users/sleep", key),
  keys: ({ date }) => [date],
  fingerprint: ({ value: { sleep_start_time, sleep_end_time } }) =>
    nightFingerprint(sleep_start_time, sleep_end_time),
});
