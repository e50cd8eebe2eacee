/** The TCX file of an exercise (GET /v3/exercises/{id}/tcx): its elements and attributes, in snake_case. */
import { tcxPauses } from "../../kit/files/pauses.ts";
import { decodeTcx } from "../../kit/files/tcx-file.ts";
import { tcxFileSchema } from "../../kit/files/tcx-schema.ts";
import { carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { exerciseFile } from "./exercise-file.ts";

const laps = "activity.lap_data.laps";
const lap = "training_center_database.activities.activity[].lap[]";
const activity = "training_center_database.activities.activity[]";
const withoutFit = "where the FIT file has no laps, or has the same ones and does not say it";
const inSamples = ignored("the exercise's samples and route hold the same series at the same rate");
const fileOnly = ignored("about the file: its schema, and which program wrote it");

const ledger: Ledger = {
  [`${lap}.start_time`]: identifying(
    mapped(
      `${laps}.start_time`,
      "converted: UTC to the exercise's own offset; the end of the former lap where it lies before that, as without a pause",
      withoutFit,
    ),
  ),
  [`${lap}.total_time_seconds`]: mapped(
    [`${laps}.active_duration_seconds`, `${laps}.end_time`],
    "derived: rounded to whole seconds; the end is the start and these seconds, or the last point if that is later",
    withoutFit,
  ),
  [`${lap}.distance_meters`]: mapped(
    `${laps}.distance_meters`,
    "exact; null when it is 0 in every lap of an activity: then none was measured",
    withoutFit,
  ),
  [`${lap}.calories`]: mapped(
    `${laps}.calories`,
    "exact; null in every lap of an activity when only its first lap has a value: that value is the activity's total",
    withoutFit,
  ),
  [`${lap}.average_heart_rate_bpm.value`]: mapped(`${laps}.avg_hr_bpm`, "exact", withoutFit),
  [`${lap}.extensions.lx.avg_speed`]: mapped(
    `${laps}.avg_speed_meters_per_second`,
    "derived: as it is, or ÷ 3.6 where distances and times show that the file has km/h; distance ÷ time where neither fits",
    withoutFit,
  ),
  [`${lap}.extensions.lx.avg_watts`]: mapped(`${laps}.avg_watts`, "exact", withoutFit),
  [`${lap}.trigger_method`]: mapped(
    `${laps}.trigger_method`,
    "derived: in upper case, as Terra spells it; UNSPECIFIED for one that Terra does not list",
    withoutFit,
  ),
  [`${lap}.average_heart_rate_bpm.type`]: fileOnly,
  [`${lap}.maximum_heart_rate_bpm.type`]: fileOnly,
  [`${lap}.maximum_heart_rate_bpm.value`]: carried("bpm, highest of the lap"),
  [`${lap}.maximum_speed`]: carried("as sent: m/s, or km/h where `polar.laps` says so; highest of the lap"),
  [`${lap}.cadence`]: carried("rpm, mean of the lap"),
  [`${lap}.intensity`]: carried("Active or Resting"),
  [`${lap}.notes`]: carried("the person's words about the lap"),
  [`${lap}.extensions.lx.max_watts`]: carried("W, highest of the lap"),
  [`${lap}.extensions.lx.avg_run_cadence`]: carried("strides a minute, mean of the lap"),
  [`${lap}.extensions.lx.max_run_cadence`]: carried("strides a minute, highest of the lap"),
  [`${lap}.extensions.lx.max_bike_cadence`]: carried("rpm, highest of the lap"),
  [`${lap}.extensions.lx.steps`]: carried("steps in the lap"),
  [`${lap}.extensions.lx.xmlns`]: fileOnly,
  [`${lap}.track`]: inSamples,
  "pauses[].start_time": carried("UTC: last point before a pause; made of the tracks of one lap"),
  "pauses[].end_time": carried("UTC: first point after it"),
  [`${activity}.sport`]: ignored("TCX knows three sports; the exercise's own says it more exactly"),
  [`${activity}.id`]: ignored("the exercise's start"),
  [`${activity}.notes`]: carried("the person's words about the exercise"),
  [`${activity}.training`]: carried("the training plan's or the sport's name, in the person's language"),
  [`${activity}.creator`]: ignored("the exercise names its device"),
  "training_center_database.activities.transition": composite(
    carried("laps between the sports of a multi-sport session: start, seconds and metres, as sent"),
  ),
  "training_center_database.activities.multi_sport_session[].id": ignored("the exercise's start"),
  "training_center_database.activities.multi_sport_session[].notes": carried("the person's words about it"),
  "training_center_database.author": fileOnly,
  "training_center_database.schema_location": fileOnly,
  "training_center_database.xmlns": fileOnly,
};

export const exerciseTcx = exerciseFile({
  format: "tcx",
  accept: "application/vnd.garmin.tcx+xml",
  schema: tcxFileSchema,
  ledger,
  decode: decodeTcx,
  derive: (file) => ({ pauses: tcxPauses(file) }),
});
