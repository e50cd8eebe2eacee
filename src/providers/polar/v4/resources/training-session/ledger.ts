import {
  alsoIn,
  carried,
  composite,
  identifying,
  ignored,
  type Ledger,
  mapped,
  numeric,
} from "../../../../ledger.ts";

const series = [
  "activity.heart_rate_data.detailed.hr_samples",
  "activity.movement_data.speed_samples",
  "activity.movement_data.cadence_samples",
  "activity.distance_data.detailed.elevation_samples",
  "activity.power_data.power_samples",
  "activity.distance_data.detailed.distance_samples",
];
const points = "activity.position_data.position_samples";
const timestamps = [...series, points].map((name) => `${name}.timestamp`);
const timers = [...series, points].map((name) => `${name}.timer_duration_seconds`);
const ends = ["activity.metadata.start_time", "activity.metadata.end_time"];
const laps = "activity.lap_data.laps";
const inUtc = ignored("when Polar stored it; without a zone, in UTC");
const ofSession = ignored("the session's own says it; several exercises add up to it");
const percentage = numeric(carried("%, share of the calories"));
const recovery = numeric(carried("ms until recovered"));
const load = (where: string): Ledger => ({
  [`${where}.cardioLoad`]: alsoIn(
    "activity.strain_data.strain_level",
    numeric(carried("TRIMP, Polar's cardio load")),
  ),
  [`${where}.cardioLoadInterpretation`]: carried("Polar's word for the cardio load"),
  [`${where}.muscleLoad`]: numeric(carried("J, Polar's muscle load")),
  [`${where}.muscleLoadInterpretation`]: carried("Polar's word for the muscle load"),
  [`${where}.perceivedLoad`]: numeric(carried("the person's own estimate × minutes")),
  [`${where}.perceivedLoadInterpretation`]: carried("Polar's word for the perceived load"),
  [`${where}.sessionRpe`]: carried("the person's own estimate"),
});

/** The fields that a kind of statistic is also in. */
interface AlsoIn {
  readonly avg: readonly string[];
  readonly min: readonly string[];
}

const statistics = (where: string, { avg, min }: AlsoIn): Ledger => ({
  [`${where}.statistics[].type`]: alsoIn(
    [...avg, ...min],
    carried("which quantity: HEART_RATE, SPEED (km/h), CADENCE, POWER, ALTITUDE"),
  ),
  [`${where}.statistics[].min`]:
    min.length === 0 ? numeric(carried("the smallest")) : alsoIn(min, numeric(carried("the smallest"))),
  [`${where}.statistics[].avg`]: alsoIn(avg, numeric(carried("the mean"))),
  [`${where}.statistics[].max`]: numeric(carried("the largest")),
});

const lap = (where: string, trigger: string): Ledger => ({
  [`${where}.splitTimeMillis`]: alsoIn(
    [`${laps}.start_time`, `${laps}.end_time`],
    numeric(
      carried(
        "ms since the exercise's start: where each lap begins, or where it ends; which of the two, the laps' durations show. Where they do not, laps have no times",
      ),
    ),
  ),
  [`${where}.durationMillis`]: mapped(
    [`${laps}.active_duration_seconds`, `${laps}.start_time`, `${laps}.end_time`],
    `converted: rounded to whole seconds; derived: with splitTimeMillis. trigger_method is ${trigger}`,
  ),
  [`${where}.distanceMeters`]: mapped(`${laps}.distance_meters`, "exact"),
  [`${where}.ascentMeters`]: numeric(carried("m climbed in the lap")),
  [`${where}.descentMeters`]: numeric(carried("m descended in the lap")),
  ...statistics(`${where}.statistics`, {
    avg: [`${laps}.avg_hr_bpm`, `${laps}.avg_speed_meters_per_second`, `${laps}.avg_watts`],
    min: [],
  }),
});

const values = (type: string) => `exercises[].samples.samples[type=${type}].values`;
const nulls = "null and NaN are gaps: no sample";

/** Sources: [R] a captured body, [L] a live test of an implementer, [Q] Polar's Swagger as quoted (POLAR-V4 §5). */
export const sessionLedger: Ledger = {
  "identifier.id": mapped(
    "activity.metadata.summary_id",
    "key, exact",
    "a UUID [R]; the record keeps v3's id where v3 told of the session first (ADR 0077)",
  ),
  created: carried("UTC, when Polar stored it first [R]"),
  modified: carried("UTC, when it was last changed [R]"),
  startTime: mapped(
    [...ends, ...timestamps, ...timers],
    "exact; derived: start + what has passed since",
    "local, without a zone [R]",
  ),
  stopTime: mapped("activity.metadata.end_time", "exact", "local [R]; where absent, start + durationMillis"),
  timezoneOffsetMinutes: mapped(
    [...ends, ...timestamps, `${laps}.start_time`, `${laps}.end_time`],
    "exact",
    "minutes; UTC = local − offset [R]",
  ),
  name: carried("the person's or the plan's name; often empty", [""]),
  deviceId: mapped(
    ["activity.device_data.serial_number", "activity.metadata.upload_type"],
    "exact",
    "a device by name or id → Automatic, else Unknown",
  ),
  durationMillis: mapped(
    [
      "activity.active_durations_data.activity_seconds",
      "activity.movement_data.avg_speed_meters_per_second",
      "activity.metadata.end_time",
    ],
    "converted to seconds; derived: distance ÷ duration; derived: where stopTime is absent",
  ),
  calories: mapped("activity.calories_data.total_burned_calories", "exact", "kcal"),
  distanceMeters: mapped(
    ["activity.distance_data.summary.distance_meters", "activity.movement_data.avg_speed_meters_per_second"],
    "exact; derived: distance ÷ duration",
  ),
  trainingBenefit: carried("Polar's word for what the session was good for"),
  carboPercentage: percentage,
  fatPercentage: percentage,
  proteinPercentage: percentage,
  recoveryTimeMillis: recovery,
  hrAvg: mapped("activity.heart_rate_data.summary.avg_hr_bpm", "exact", "bpm; 0 is no signal"),
  hrMax: mapped("activity.heart_rate_data.summary.max_hr_bpm", "exact", "bpm; 0 is no signal"),
  "application.name": carried("the app that recorded or stored it"),
  "sport.id": alsoIn(
    ["activity.metadata.type", "activity.metadata.name"],
    carried("id in Polar's catalogue of sports; unknown ones are Other"),
  ),
  "product.modelName": mapped(
    ["activity.device_data.name", "activity.metadata.upload_type"],
    "exact",
    "a device by name or id → Automatic, else Unknown",
  ),
  note: carried("the person's words", [""]),
  feeling: carried("how the person felt"),
  startTrigger: carried("TRAINING_START_AUTOMATIC_TRAINING_DETECTION: nobody pressed start"),
  "trainingTarget.id": carried("id of the planned session"),
  "favoriteTarget.id": carried("id of the favourite"),
  trainingLoad: composite(carried("Polar's older training load")),
  ...load("trainingLoadReport"),
  physicalInformation: ignored(
    "the person's own data; the profile has it, and sessions do not need birth dates",
  ),
  testResults: composite(carried("tests in the session, as sent")),
  strengthTrainingResults: composite(carried("sets and repetitions, as sent")),
  comments: composite(carried("comments, as sent")),
  hillSplits: composite(carried("climbs and descents, as sent")),

  "exercises[].identifier.id": carried("id of the exercise in v4"),
  "exercises[].created": inUtc,
  "exercises[].modified": inUtc,
  "exercises[].startTime": mapped(
    [...timestamps, ...timers, `${laps}.start_time`, `${laps}.end_time`],
    "derived: start + what has passed since",
  ),
  "exercises[].stopTime": carried("local; some seconds before the session's [R]"),
  "exercises[].durationMillis": numeric(carried("ms; the session's is the record's")),
  "exercises[].calories": numeric(carried("kcal of this exercise")),
  "exercises[].distanceMeters": numeric(carried("m of this exercise")),
  "exercises[].ascentMeters": mapped(
    "activity.distance_data.summary.elevation.gain_actual_meters",
    "derived: sum over the exercises",
  ),
  "exercises[].descentMeters": mapped(
    "activity.distance_data.summary.elevation.loss_actual_meters",
    "derived: sum over the exercises",
  ),
  "exercises[].carboPercentage": ofSession,
  "exercises[].fatPercentage": ofSession,
  "exercises[].proteinPercentage": ofSession,
  "exercises[].recoveryTimeMillis": recovery,
  "exercises[].runningIndex": carried("Polar's own score of a run; not a VO₂max", [0, -1]),
  "exercises[].timezoneOffsetMinutes": ignored("the session's holds for all of it"),
  "exercises[].sport.id": carried("id in Polar's catalogue of sports"),

  "exercises[].samples.samples[].type": identifying(mapped(series, "key: which series it is")),
  "exercises[].samples.samples[].intervalMillis": identifying(
    mapped(
      [...timestamps, ...timers],
      "derived: exercise's start + index × interval",
      "without an interval a series cannot be placed in time, and is left out",
    ),
  ),
  [values("HEART_RATE")]: mapped(`${series[0]}.bpm`, "exact", `bpm. 0 is no signal: no sample. ${nulls}`),
  [values("SPEED")]: mapped(
    [
      "activity.movement_data.speed_samples.speed_meters_per_second",
      "activity.movement_data.max_speed_meters_per_second",
    ],
    "converted: ÷ 3.6; derived: largest sample",
    `km/h [L]. Left out when every value is 0. ${nulls}`,
  ),
  [values("CADENCE")]: mapped(
    ["activity.movement_data.cadence_samples.cadence_rpm", "activity.movement_data.max_cadence_rpm"],
    "exact; derived: largest sample",
    nulls,
  ),
  [values("ALTITUDE")]: mapped(
    [
      "activity.distance_data.detailed.elevation_samples.elev_meters",
      "activity.distance_data.summary.elevation.max_meters",
      "activity.distance_data.summary.elevation.min_meters",
    ],
    "exact; derived: largest and smallest sample",
    nulls,
  ),
  [values("DISTANCE")]: mapped(
    "activity.distance_data.detailed.distance_samples.distance_meters",
    "exact; derived: after an earlier exercise of the session, its last value is added",
    `m since the exercise's start. Left out when every value is 0. ${nulls}`,
  ),
  [values("POWER")]: mapped(
    ["activity.power_data.power_samples.watts", "activity.power_data.max_watts"],
    "exact; derived: largest sample",
    nulls,
  ),
  "exercises[].samples.samples[].values": composite(carried("a series that Terra has no field for, as sent")),
  "exercises[].samples.rrSamples": composite(
    carried("ms between heartbeats (durationMillis), in their order; Terra has RR intervals in Body only"),
  ),
  "exercises[].samples.transitionRrSamples": composite(
    carried("ms between heartbeats in the transition before the next exercise"),
  ),

  ...lap("exercises[].laps.laps[]", "MANUAL"),
  ...lap("exercises[].laps.autoLaps[]", "UNSPECIFIED: Polar does not say what ended it"),
  ...statistics("exercises[].statistics", {
    avg: ["activity.movement_data.avg_cadence_rpm", "activity.power_data.avg_watts"],
    min: ["activity.heart_rate_data.summary.min_hr_bpm"],
  }),
  "exercises[].zones[].type": alsoIn(
    "activity.heart_rate_data.summary.hr_zone_data",
    carried("ZONE_TYPE_HEART_RATE and others; only zones of the heart rate are in Terra's field"),
  ),
  "exercises[].zones[].zones[].lowerLimit": alsoIn(
    "activity.heart_rate_data.summary.hr_zone_data.name",
    numeric(carried("where the zone begins: bpm for heart rate")),
  ),
  "exercises[].zones[].zones[].higherLimit": alsoIn(
    "activity.heart_rate_data.summary.hr_zone_data.name",
    numeric(carried("where the zone ends")),
  ),
  "exercises[].zones[].zones[].inZone": alsoIn(
    [
      "activity.heart_rate_data.summary.hr_zone_data.duration_seconds",
      "activity.heart_rate_data.summary.hr_zone_data.zone",
    ],
    numeric(
      carried(
        "ms in the zone; of several exercises Terra's field has the sum, where their zones are the same",
      ),
    ),
  ),
  "exercises[].routes.route.startTime": ignored("the exercise's start"),
  "exercises[].routes.route.wayPoints[].latitude": mapped(
    [
      `${points}.coords_lat_lng_deg`,
      "activity.position_data.start_pos_lat_lng_deg",
      "activity.position_data.end_pos_lat_lng_deg",
    ],
    "exact",
    "degrees. 0/0 is what a watch says before its first fix: no point",
  ),
  "exercises[].routes.route.wayPoints[].longitude": mapped(
    [
      `${points}.coords_lat_lng_deg`,
      "activity.position_data.start_pos_lat_lng_deg",
      "activity.position_data.end_pos_lat_lng_deg",
    ],
    "exact",
  ),
  "exercises[].routes.route.wayPoints[].altitude": ignored("the ALTITUDE series says it for each second"),
  "exercises[].routes.route.wayPoints[].elapsedMillis": mapped(
    [`${points}.timestamp`, `${points}.timer_duration_seconds`],
    "derived: exercise's start + elapsed",
    "points without it are left out",
  ),
  "exercises[].routes.transitionRoute": composite(carried("the way between two exercises of a session")),
  ...load("exercises[].trainingLoadReport"),
  "exercises[].pauseTimes": composite(carried("pauses, as sent; samples are not moved by them")),
  "exercises[].hillSplits": composite(carried("climbs and descents, as sent")),
  "exercises[].testResults": composite(carried("tests in the exercise, as sent")),
  "exercises[].strengthTrainingResults": composite(carried("sets and repetitions, as sent")),
  "exercises[].comments": composite(carried("comments, as sent")),
};
