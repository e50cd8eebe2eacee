/**
 * SleepWise alertness: the resource and its ledger. Terra has no forecast of alertness. Times are UTC, written without
 * Z.
 */
import { z } from "zod";
import { asSentInOrderOf, offsetMinutes, time } from "../../kit/fields.ts";
import { carried, type Ledger, numeric } from "../../ledger.ts";
import { dayList, ranged } from "../resource.ts";
import { localDay, pathsOf } from "./sleepwise.ts";

/** GET /v3/users/sleepwise/alertness: the alertness that follows a sleep, hour by hour. */
const schema = z.looseObject({
  sleep_period_end_time: time,
  sleep_timezone_offset_minutes: offsetMinutes,
  hourly_data: asSentInOrderOf("start_time"),
});

const ledger: Ledger = {
  grade: numeric(carried("0 to 10: how alert this sleep makes")),
  grade_validity_seconds: numeric(carried("s for which the grade holds")),
  grade_type: carried("of the day's main sleep or of an additional one", ["GRADE_TYPE_UNKNOWN"]),
  grade_classification: carried("weak, fair, strong or excellent", ["GRADE_CLASSIFICATION_UNKNOWN"]),
  validity: carried("whether it was measured or estimated", ["VALIDITY_UNKNOWN"]),
  sleep_inertia: carried("grogginess after waking up", ["SLEEP_INERTIA_UNKNOWN"]),
  sleep_type: carried("primary, secondary or assumed", ["SLEEP_TYPE_UNKNOWN"]),
  result_type: carried("a prediction, or what has been", ["ALERTNESS_TYPE_UNKNOWN"]),
  period_start_time: carried("UTC: start of the period the grade is about"),
  period_end_time: carried("UTC: end of that period"),
  sleep_period_start_time: carried("UTC: start of the sleep"),
  sleep_period_end_time: carried("UTC: end of the sleep; its local day is the record's"),
  sleep_timezone_offset_minutes: numeric(carried("minutes east of UTC during the sleep")),
  "hourly_data[].validity": carried("whether it was measured or estimated", ["VALIDITY_UNKNOWN"]),
  "hourly_data[].alertness_level": carried("minimal to very high", ["ALERTNESS_LEVEL_UNKNOWN"]),
  "hourly_data[].start_time": carried("UTC"),
  "hourly_data[].end_time": carried("UTC"),
};

export const alertness = dayList({
  name: "sleepwise-alertness",
  schema,
  ledger,
  discovery: ranged(28, true),
  paths: pathsOf("alertness"),
  day: (item) => localDay(item.sleep_period_end_time, item.sleep_timezone_offset_minutes),
  order: (item) => item.sleep_period_end_time,
});
