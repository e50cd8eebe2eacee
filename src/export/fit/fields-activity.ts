/** What becomes of every field of a workout. */
import { below, leftOut, type ModelFields, written } from "../field-table.ts";
import { bloodOxygen, recordSeries, rmssd } from "./activity-series.ts";
import { another, device, enrichment, linesOf, noField, timersOf, zoneStart } from "./fields-lines.ts";
import { lapEnd, lapFields, lapStart, lapTimer, lapTrigger } from "./laps.ts";
import { sessionEnd, sessionFields, sessionStart, sessionTimer, sessionType } from "./session.ts";
import { vo2max, vo2maxSeries } from "./wellness.ts";
import { zoneFields } from "./zones.ts";

const ofSession = leftOut("FIT has no field for it in a workout");
const pauses = written("event", "s", "derived", "the timer's stops and starts at the pauses that it shows");
const saturationType = written(
  "spo2_data, record.saturated_hemoglobin_percent",
  null,
  "exact",
  "blood, muscle",
);

export const activity: ModelFields = {
  ...linesOf([sessionStart, sessionEnd, sessionType]),
  "metadata.summary_id": written(
    "file_id.serial_number",
    null,
    "derived",
    "the first 32 bits of a UUIDv5 of user, type and natural key",
  ),
  ...below("metadata", {
    upload_type: noField,
    city: noField,
    state: noField,
    country: noField,
    timestamp_localization: leftOut("activity.local_timestamp minus timestamp is the offset"),
  }),
  ...device,
  ...linesOf([...sessionFields, ...zoneFields, sessionTimer, ...recordSeries, bloodOxygen, rmssd]),
  ...linesOf([vo2maxSeries, vo2max, ...lapFields, lapTrigger, lapTimer, lapStart, lapEnd]),
  ...timersOf(
    pauses,
    "heart_rate_data.detailed.hr_samples",
    "distance_data.detailed.distance_samples",
    "distance_data.detailed.elevation_samples",
    "movement_data.cadence_samples",
    "movement_data.speed_samples",
    "power_data.power_samples",
    "position_data.position_samples",
  ),
  "heart_rate_data.summary.hr_zone_data[].start_percentage": zoneStart,
  "heart_rate_data.detailed.hr_samples[].context": noField,
  "heart_rate_data.detailed.hrv_samples_sdnn": leftOut("FIT's hrv_value is RMSSD"),
  "calories_data.net_activity_calories": another("total_calories less metabolic_calories"),
  "calories_data.net_intake_calories": noField,
  "calories_data.calorie_samples": leftOut("FIT's calories of a record are a sum since the start"),
  ...below("active_durations_data", {
    inactivity_seconds: ofSession,
    rest_seconds: ofSession,
    low_intensity_seconds: ofSession,
    moderate_intensity_seconds: ofSession,
    vigorous_intensity_seconds: ofSession,
    num_continuous_inactive_periods: noField,
    standing_seconds: leftOut("FIT's time_standing is out of a bicycle's saddle"),
    standing_hours_count: noField,
    activity_levels_samples: ofSession,
  }),
  MET_data: noField,
  "oxygen_data.day_avg_vo2max_ml_per_min_per_kg": leftOut("of the day, not of the workout"),
  "oxygen_data.saturation_samples[].type": saturationType,
  strain_data: leftOut("the provider's own scale"),
  ...below("distance_data", {
    "summary.floors_climbed": noField,
    "summary.elevation.gain_planned_meters": noField,
    "detailed.floors_climbed_samples": noField,
    "detailed.step_samples": noField,
  }),
  energy_data: another("the calories, which FIT has"),
  ...below("movement_data", {
    normalized_speed_meters_per_second: noField,
    adjusted_max_speed_meters_per_second: noField,
    avg_velocity_meters_per_second: noField,
    max_velocity_meters_per_second: noField,
    avg_pace_minutes_per_kilometer: another("the speed"),
    max_pace_minutes_per_kilometer: another("the speed"),
    avg_torque_newton_meters: noField,
    max_torque_newton_meters: noField,
    torque_samples: noField,
  }),
  polyline_map_data: leftOut("the positions of the samples are the route"),
  "position_data.center_pos_lat_lng_deg": noField,
  ...below("TSS_data.TSS_samples[]", {
    planned: noField,
    intensity_factor_planned: noField,
    method: noField,
  }),
  cheat_detection: noField,
  ...enrichment,
};
