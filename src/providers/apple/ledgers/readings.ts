/** The ledgers of workouts and of readings that are no samples. */
import { carried, ignored, type Ledger, mapped } from "../../ledger.ts";

const id = ignored("by it a deletion finds the item");
const identity = ignored("made of the others: equal for the same item in two formats");
const ids: Ledger = { "samples[].id": id, "samples[].uuid": id, "samples[].identity": identity };

const start = "activity.metadata.start_time";
const end = "activity.metadata.end_time";

export const workoutsLedger: Ledger = {
  ...ids,
  "samples[].activityType": mapped("activity.metadata.type", "converted: Terra's type"),
  "samples[].activityName": mapped("activity.metadata.name", "exact"),
  "samples[].startMs": mapped([start, "activity.metadata.summary_id"], "exact"),
  "samples[].endMs": mapped([end, "activity.metadata.summary_id"], "exact"),
  "samples[].durationSeconds": mapped("activity.active_durations_data.activity_seconds", "exact"),
  "samples[].zone": mapped([start, end], "derived: the local clock"),
  "samples[].offsetMinutes": mapped([start, end], "derived: the local clock"),
  "samples[].source": mapped("activity.device_data.name", "exact"),
  "samples[].isUserEntered": mapped("activity.metadata.upload_type", "converted: Manual"),
  "samples[].isIndoor": mapped("activity.metadata.type", "converted: the indoor form of a sport"),
  "samples[].statistics": mapped(
    [
      "activity.calories_data.net_activity_calories",
      "activity.distance_data.summary.distance_meters",
      "activity.distance_data.summary.steps",
      "activity.heart_rate_data.summary.avg_hr_bpm",
    ],
    "exact",
    "they come before the totals and before sums of samples; all are offered in `statistics`",
  ),
  "samples[].totalDistanceMeters": mapped(
    "activity.distance_data.summary.distance_meters",
    "exact",
    "where no statistic tells the distance",
  ),
  "samples[].totalEnergyKcal": mapped(
    ["activity.calories_data.net_activity_calories", "activity.calories_data.total_burned_calories"],
    "exact",
    "where no statistic tells the energy",
  ),
  "samples[].events": mapped(
    ["activity.active_durations_data.activity_seconds", "activity.lap_data.laps.start_time"],
    "derived: pauses are taken out; laps",
  ),
  "samples[].activities": carried("the parts of a workout of several sports, in `activities`"),
  "samples[].route": mapped(
    [
      "activity.position_data.position_samples.coords_lat_lng_deg",
      "activity.distance_data.detailed.elevation_samples.elev_meters",
      "activity.movement_data.speed_samples.speed_meters_per_second",
    ],
    "exact",
  ),
  "samples[].samples": mapped(
    [
      "activity.heart_rate_data.detailed.hr_samples.bpm",
      "activity.distance_data.detailed.step_samples.steps",
    ],
    "exact",
    "as the samples of the day; they come before those",
  ),
  "samples[].metadata": mapped(
    [
      "activity.distance_data.summary.elevation.gain_actual_meters",
      "activity.MET_data.avg_level",
      "activity.movement_data.avg_speed_meters_per_second",
    ],
    "converted: by HealthKit's keys",
    "all of it is offered in `metadata`",
  ),
};

const times = (record: string): Ledger => ({
  "samples[].startMs": mapped(`${record}.metadata.start_time`, "derived: the local day"),
  "samples[].endMs": ignored("the day follows from the start"),
  "samples[].zone": mapped(`${record}.metadata.start_time`, "derived: the local clock"),
  "samples[].offsetMinutes": mapped(`${record}.metadata.start_time`, "derived: the local clock"),
});

export const ecgsLedger: Ledger = {
  ...ids,
  ...times("body"),
  "samples[].source": mapped("body.device_data.name", "exact"),
  "samples[].classification": mapped(
    [
      "body.heart_data.ecg_signal.afib_classification",
      "body.heart_data.afib_classification_samples.afib_classification",
    ],
    "converted: Terra's flag",
  ),
  "samples[].classificationText": carried("as written, in `ecgs`"),
  "samples[].averageHeartRate": mapped("body.heart_data.ecg_signal.avg_hr_bpm", "exact"),
  "samples[].samplingHz": mapped(
    "body.heart_data.ecg_signal.raw_signal.timestamp",
    "derived: start + index ÷ rate",
  ),
  "samples[].microvolts": mapped("body.heart_data.ecg_signal.raw_signal.potential_uV", "exact"),
  "samples[].metadata": ignored("symptoms and versions, which no field takes"),
};

export const beatsLedger: Ledger = {
  "samples[].id": id,
  "samples[].identity": identity,
  "samples[].startMs": mapped("body.metadata.start_time", "derived: the local day"),
  "samples[].endMs": ignored("each beat has its own time"),
  "samples[].source": mapped("body.device_data.name", "exact"),
  "samples[].beats": mapped(
    ["body.heart_data.rr_interval_samples.timestamp", "body.heart_data.rr_interval_samples.rr_interval_ms"],
    "converted: 60000 ÷ rate",
  ),
};

export const correlationsLedger: Ledger = {
  ...ids,
  ...times("nutrition"),
  "samples[].type": mapped(
    "nutrition.meals",
    "key: foods are meals; blood pressures are paired by their moment",
  ),
  "samples[].source": ignored("a meal has no field for it"),
  "samples[].members": mapped(
    ["nutrition.meals.macros.calories", "nutrition.meals.macros.protein_g"],
    "converted: to the unit of the field",
    "the same samples stand among those of the day, whose sums have them",
  ),
  "samples[].metadata": mapped(
    ["nutrition.meals.name", "nutrition.meals.type"],
    "converted: HKFoodType, HKFoodMeal",
  ),
};

export const journalLedger: Ledger = {
  ...ids,
  "samples[].kind": carried("which kind of entry it is, in Daily's `journal`"),
  "samples[].startMs": mapped("daily.tag_data.tags.timestamp", "exact"),
  "samples[].endMs": carried("in Daily's `journal`"),
  "samples[].offsetMinutes": mapped("daily.metadata.start_time", "derived: the local clock"),
  "samples[].fields": mapped(
    ["daily.tag_data.tags.tag_name", "daily.tag_data.tags.notes"],
    "exact",
    "symptoms; other entries are offered in Daily's `journal`, as written",
  ),
};

const ring = (what: string) => carried(`${what}, in Daily's \`rings\``);

export const activitySummariesLedger: Ledger = {
  "samples[].id": id,
  "samples[].identity": identity,
  "samples[].startMs": ignored("follows from the date"),
  "samples[].date": mapped("daily.metadata.start_time", "key, exact"),
  "samples[].activeEnergyKcal": mapped(
    "daily.calories_data.net_activity_calories",
    "exact",
    "where no sample tells it; always offered in Daily's `rings`",
  ),
  "samples[].activeEnergyGoalKcal": ring("kcal"),
  "samples[].moveMinutes": ring("min"),
  "samples[].moveGoalMinutes": ring("min"),
  "samples[].exerciseMinutes": mapped(
    "daily.active_durations_data.activity_seconds",
    "converted: × 60",
    "where no sample tells it",
  ),
  "samples[].exerciseGoalMinutes": ring("min"),
  "samples[].standHours": mapped(
    "daily.active_durations_data.standing_hours_count",
    "exact",
    "where no sample tells it",
  ),
  "samples[].standGoalHours": ring("h"),
};

export const characteristicsLedger: Ledger = {
  "samples[].id": id,
  "samples[].identity": identity,
  "samples[].startMs": ignored("what holds has no time"),
  "samples[].birthDate": mapped("athlete.date_of_birth", "exact", "only where the environment wants it"),
  "samples[].sex": mapped("athlete.sex", "exact"),
  "samples[].bloodType": carried("as HealthKit names it"),
  "samples[].skinType": carried("Fitzpatrick's type, as HealthKit names it"),
};

export const settingsLedger: Ledger = {
  "samples[].id": id,
  "samples[].identity": identity,
  "samples[].startMs": ignored("what holds has no time"),
  "samples[].zone": mapped("daily.metadata.start_time", "derived: the local clock where no sample tells one"),
  "samples[].priority": ignored("it orders the sources"),
  "samples[].ignored": ignored("samples of these sources count for nothing"),
  "samples[].withBirthDate": ignored("it says whether the birth date is shown"),
};
