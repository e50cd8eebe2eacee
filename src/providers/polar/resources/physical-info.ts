import { z } from "zod";
import { current, single } from "../../kit/discovery.ts";
import { asSent, birthday, number, text, time } from "../../kit/fields.ts";
import { dateOf, localTime } from "../../kit/iso-time.ts";
import { alsoIn, carried, type Ledger, mapped } from "../../ledger.ts";
import { resource } from "../resource.ts";

/** GET /v3/users/physical-info (Polar's OpenAPI, physical-info). */
const schema = z.looseObject({
  weight: number,
  height: number,
  created: time.nullish(),
  modified: time.nullish(),
  birthday: birthday.nullish(),
  gender: text,
  maximum_heart_rate: number,
  resting_heart_rate: number,
  aerobic_threshold: asSent,
  anaerobic_threshold: asSent,
  vo2_max: number,
  weight_source: text,
  training_background: asSent,
  typical_day: asSent,
  sleep_goal: asSent,
});

export type PolarPhysicalInfo = z.output<typeof schema>;

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
const ledger: Ledger = {
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

/**
 * The resource of physical info. Each body is stored under three keys: the present state, the state at the end of the
 * day of its last change, and the measurement at that time. A person may weigh twice a day.
 */
export const physicalInfo = resource({
  name: "physical-info",
  schema,
  ledger,
  discovery: single(true),
  envelope: "physical_info",
  path: (key) => (key === current ? "/v3/users/physical-info" : null),
  keys: ({ modified, created }) => {
    const changed = modified ?? created;
    return changed ? [current, dateOf(changed), localTime(changed)] : [current];
  },
});
