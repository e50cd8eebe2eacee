/** What becomes of every field of a day, a night, and the measurements of the body. */
import { below, type FieldFate, leftOut, type ModelFields, written } from "../field-table.ts";
import { bodyFields } from "./body.ts";
import { dailyFields } from "./daily.ts";
import { device, enrichment, linesOf, noField, timersOf, zoneStart } from "./fields-lines.ts";
import { sleepFields } from "./sleep.ts";
import { zoneFields } from "./zones.ts";

const inSamples = leftOut("FIT has no field for it; the samples are written");
const inLevels = leftOut("FIT has no field for it; the stages are written");
const ownScale = leftOut("the provider's own scale");
const untimed = leftOut("FIT has a timer only in workouts");
const bloodOnly = leftOut("samples of the blood are written, and FIT has muscle's only in workouts");
const onlyInWorkouts = leftOut("FIT has a field for it only in workouts");
const notOfNight = leftOut("FIT has it only of a day or a workout");
const ofRmssd = leftOut("FIT's hrv_value is RMSSD");

/** The lines of the record's own times. */
function times(start: string, end: string): ModelFields {
  const note = "the second that it is in; a time without an offset is written as if it were UTC";
  return {
    "metadata.start_time": written(start, "s since 1989", "derived", note),
    "metadata.end_time": written(end, "s since 1989", "derived", note),
    "metadata.timestamp_localization": leftOut("follows from the times"),
  };
}

/** The lines of a heart rate that has no message for the record as a whole. */
const heartRate: ModelFields = {
  ...below("summary", {
    avg_hr_bpm: inSamples,
    max_hr_bpm: inSamples,
    min_hr_bpm: inSamples,
    avg_hrv_sdnn: ofRmssd,
  }),
  "detailed.hr_samples[].context": noField,
  "detailed.hr_samples[].timer_duration_seconds": untimed,
  "detailed.hrv_samples_sdnn": ofRmssd,
};
const noZones = (fate: FieldFate): ModelFields => ({
  "summary.hr_zone_data": fate,
  "summary.user_max_hr_bpm": fate,
});

export const daily: ModelFields = {
  ...times("monitoring_info.timestamp, local_timestamp", "monitoring.timestamp"),
  "metadata.upload_type": noField,
  ...device,
  ...linesOf([...zoneFields, ...dailyFields]),
  ...below("heart_rate_data", {
    ...heartRate,
    "summary.avg_hrv_rmssd": inSamples,
    "summary.hr_zone_data[].start_percentage": zoneStart,
  }),
  ...below("calories_data", {
    net_intake_calories: noField,
    calorie_samples: leftOut("FIT's calories are a sum since the start of the day"),
  }),
  ...below("active_durations_data", {
    inactivity_seconds: noField,
    rest_seconds: noField,
    low_intensity_seconds: noField,
    num_continuous_inactive_periods: noField,
    standing_seconds: noField,
    standing_hours_count: noField,
  }),
  MET_data: noField,
  "oxygen_data.avg_saturation_percentage": inSamples,
  "oxygen_data.saturation_samples[].type": bloodOnly,
  strain_data: ownScale,
  ...below("distance_data", {
    floors_climbed: noField,
    "elevation.avg_meters": noField,
    "elevation.max_meters": noField,
    "elevation.min_meters": noField,
    "elevation.gain_planned_meters": noField,
    swimming: onlyInWorkouts,
    "detailed.elevation_samples": onlyInWorkouts,
    "detailed.floors_climbed_samples": noField,
  }),
  ...timersOf(
    untimed,
    "distance_data.detailed.step_samples",
    "distance_data.detailed.distance_samples",
    "active_durations_data.activity_levels_samples",
  ),
  scores: ownScale,
  ...below("stress_data", {
    avg_stress_level: inSamples,
    max_stress_level: inSamples,
    stress_rating: noField,
    stress_duration_seconds: noField,
    activity_stress_duration_seconds: noField,
    rest_stress_duration_seconds: noField,
    low_stress_duration_seconds: noField,
    medium_stress_duration_seconds: noField,
    high_stress_duration_seconds: noField,
    body_battery_samples: noField,
  }),
  tag_data: noField,
  ...enrichment,
};

const respiration: ModelFields = {
  ...below("breaths_data", {
    avg_breaths_per_min: inSamples,
    max_breaths_per_min: inSamples,
    min_breaths_per_min: inSamples,
    on_demand_reading: noField,
    start_time: inSamples,
    end_time: inSamples,
  }),
  ...below("oxygen_saturation_data", {
    avg_saturation_percentage: inSamples,
    start_time: inSamples,
    end_time: inSamples,
    "samples[].type": bloodOnly,
  }),
  snoring_data: noField,
};

export const sleep: ModelFields = {
  ...times("event.timestamp, of the timer's start", "event.timestamp, of the timer's stop"),
  ...below("metadata", {
    upload_type: noField,
    summary_id: written("file_id.serial_number", null, "derived", "the first 32 bits of a UUIDv5"),
    is_nap: noField,
  }),
  ...device,
  ...linesOf(sleepFields),
  ...below("heart_rate_data", { ...heartRate, ...noZones(notOfNight) }),
  ...below("sleep_durations_data", {
    sleep_efficiency: noField,
    asleep: inLevels,
    "awake.duration_awake_state_seconds": inLevels,
    "awake.duration_long_interruption_seconds": inLevels,
    "awake.duration_short_interruption_seconds": inLevels,
    "awake.num_out_of_bed_events": noField,
    "awake.sleep_latency_seconds": noField,
    "awake.wake_up_latency_seconds": noField,
    other: noField,
  }),
  ...below("respiration_data", respiration),
  readiness_data: ownScale,
  ...enrichment,
};

export const body: ModelFields = {
  ...times("file_id; the time of averages", "file_id.time_created"),
  ...device,
  ...linesOf(bodyFields),
  "oxygen_data.avg_saturation_percentage": inSamples,
  "oxygen_data.saturation_samples[].type": bloodOnly,
  ...below("measurements_data", {
    "measurements[].RMR": noField,
    "measurements[].lean_mass_g": noField,
    "measurements[].skin_fold_mm": noField,
    "measurements[].insulin_units": noField,
    "measurements[].insulin_type": noField,
    "measurements[].urine_color": noField,
    "measurements[].user_notes": noField,
    "measurements[].visceral_fat_category": noField,
    day_avg_rmr: noField,
    day_avg_skin_fold_mm: noField,
    day_avg_height_cm: leftOut("the last measurement's is written"),
    day_avg_lean_mass_g: noField,
    day_avg_insulin_units: noField,
  }),
  ...below("heart_data", {
    ...below("heart_rate_data", {
      ...heartRate,
      ...noZones(onlyInWorkouts),
      "summary.avg_hrv_rmssd": inSamples,
    }),
    pulse_wave_velocity_samples: noField,
    afib_classification_samples: noField,
    ecg_signal: noField,
  }),
  glucose_data: noField,
  hydration_data: noField,
  ketone_data: noField,
  temperature_data: noField,
};
