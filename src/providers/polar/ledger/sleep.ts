import { alsoIn, carried, ignored, type Ledger, mapped, numeric } from "../../ledger.ts";

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
export const sleepLedger: Ledger = {
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
