import { alsoIn, carried, type Ledger, mapped } from "../../ledger.ts";

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
export const physicalInfoLedger: Ledger = {
  weight: mapped("body.measurements_data.measurements.weight_kg", "exact", "kg [O]"),
  height: mapped("body.measurements_data.measurements.height_cm", "exact", "cm [O]"),
  created: mapped(
    ["body.metadata.start_time", "body.measurements_data.measurements.measurement_time"],
    "key, exact",
    "where `modified` is missing",
  ),
  modified: mapped(
    ["body.metadata.start_time", "body.measurements_data.measurements.measurement_time"],
    "key, exact",
    "the day of the record, in UTC as Polar gives it [O]",
  ),
  birthday: mapped("athlete.date_of_birth", "exact", "where the user has none"),
  gender: mapped(["athlete.gender", "athlete.sex"], "converted to lower case", '"User\'s gender" [O]'),
  maximum_heart_rate: mapped(
    "body.heart_data.heart_rate_data.summary.user_max_hr_bpm",
    "exact",
    'bpm, "User\'s maximum heart rate" [O]',
  ),
  resting_heart_rate: mapped("body.heart_data.heart_rate_data.summary.resting_hr_bpm", "exact", "bpm"),
  aerobic_threshold: carried("bpm", [0, -1]),
  anaerobic_threshold: carried("bpm", [0, -1]),
  vo2_max: mapped(
    "body.oxygen_data.vo2max_ml_per_min_per_kg",
    "exact",
    "the unit is not stated [O]; 50, its example, is one in ml/kg/min",
  ),
  weight_source: alsoIn(
    "body.measurements_data.measurements.weight_kg",
    carried(
      "where the weight is from; a weight from SOURCE_DEFAULT [O] was not given by anybody, and `weight_kg` is null",
    ),
  ),
  training_background: carried("OCCASIONAL to PRO, the person's setting [O]"),
  typical_day: carried("MOSTLY_SITTING, MOSTLY_STANDING or MOSTLY_MOVING, the person's setting [O]"),
  sleep_goal: carried("ISO 8601 duration, PT8H, the person's setting [O]"),
};
