/** SleepWise circadian bedtime (GET /v3/users/sleepwise/circadian-bedtime), item by item. Terra has no such thing. */
import { carried, type Ledger, numeric } from "../../ledger.ts";

export const circadianBedtimeLedger: Ledger = {
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
