/** The fields that several models share; only the codes of whole days and of workouts differ. */
import { activityLevels } from "../own-codes.ts";
import {
  type Code,
  type FhirTable,
  type FieldRule,
  loinc,
  minutes,
  omitted,
  own,
  quantity,
  samples,
  sampleTime,
  series,
  state,
  text,
  under,
  used,
} from "../table.ts";

type Fields = Record<string, FieldRule>;
type Lists = Record<string, FhirTable["lists"][string]>;

const timer = omitted("SampledData has one number at each time; FIT carries the timer");

export const times: Fields = {
  start_time: used("effective[x] of every Observation without a time of its own"),
  end_time: used("effectivePeriod.end"),
  timestamp_localization: omitted("each time says by its offset whether it is local"),
};
export const uploadTag = used("meta.tag");
export const spo2 = loinc("2708-6", "59408-5");

const deviceFields: Fields = {
  name: used("Device.deviceName"),
  manufacturer: used("Device.manufacturer"),
  hardware_version: used("Device.version"),
  software_version: used("Device.version"),
  serial_number: used("Device.serialNumber"),
  last_upload_date: omitted(
    "says when data came, nothing about the device; R4's Device has no element for it",
  ),
  "data_provided[]": used("Device.property"),
};
const otherDevices = omitted("R4's Observation names one device");
export const device: Fields = under("device_data", {
  ...deviceFields,
  activation_timestamp: omitted("R4's Device has no element for it"),
  ...under(
    "other_devices[]",
    Object.fromEntries(Object.keys(deviceFields).map((name) => [name, otherDevices])),
  ),
});

export const heartLists: Lists = {
  "heart_rate_data.summary.hr_zone_data": { kind: "items", code: own("heart-rate-zone") },
  "heart_rate_data.detailed.hr_samples": samples,
  "heart_rate_data.detailed.hrv_samples_rmssd": samples,
  "heart_rate_data.detailed.hrv_samples_sdnn": samples,
};

interface HeartCodes {
  readonly average: Code;
  readonly maximum: Code;
  readonly minimum: Code;
}
const heartRate = loinc("8867-4");
const sdnn = loinc("80404-7");
export const heartCodesOfDay: HeartCodes = {
  average: loinc("41924-2"),
  maximum: loinc("8873-2"),
  minimum: loinc("8883-1"),
};
export const heartCodesOfWorkout: HeartCodes = {
  average: loinc("55425-3"),
  maximum: loinc("55426-1"),
  minimum: heartRate,
};
export const heartCodesOfNight: HeartCodes = { average: heartRate, maximum: heartRate, minimum: heartRate };

export const heart = ({ average, maximum, minimum }: HeartCodes): Fields =>
  under("heart_rate_data", {
    ...under("summary", {
      avg_hr_bpm: quantity(average, "/min", { statistic: "average" }),
      max_hr_bpm: quantity(maximum, "/min", { statistic: "maximum" }),
      min_hr_bpm: quantity(minimum, "/min", { statistic: "minimum" }),
      resting_hr_bpm: quantity(loinc("40443-4"), "/min"),
      user_max_hr_bpm: quantity(own("maximum-heart-rate-in-general"), "/min"),
      avg_hrv_rmssd: quantity(own("hrv-rmssd"), "ms", { statistic: "average" }),
      avg_hrv_sdnn: quantity(sdnn, "ms", { statistic: "average" }),
      "hr_zone_data[].zone": quantity(own("zone-index"), "{count}", { place: "component" }),
      "hr_zone_data[].start_percentage": quantity(own("zone-start"), "%", { place: "component" }),
      "hr_zone_data[].end_percentage": quantity(own("zone-end"), "%", { place: "component" }),
      "hr_zone_data[].name": text(own("zone-name"), { place: "component" }),
      "hr_zone_data[].duration_seconds": quantity(own("zone-duration"), "s", { place: "component" }),
    }),
    ...under("detailed", {
      "hr_samples[].timestamp": sampleTime,
      "hr_samples[].bpm": series(heartRate, "/min"),
      "hr_samples[].context": omitted("SampledData has one number at each time and no code beside it"),
      "hr_samples[].timer_duration_seconds": timer,
      "hrv_samples_rmssd[].timestamp": sampleTime,
      "hrv_samples_rmssd[].hrv_rmssd": series(own("hrv-rmssd"), "ms"),
      "hrv_samples_sdnn[].timestamp": sampleTime,
      "hrv_samples_sdnn[].hrv_sdnn": series(sdnn, "ms"),
    }),
  });

/** The energy of a day has another code than that of a workout, and another unit. */
export const calories = (total: FieldRule): Fields =>
  under("calories_data", {
    total_burned_calories: total,
    BMR_calories: quantity(own("basal-energy"), "kcal"),
    net_activity_calories: quantity(own("active-energy"), "kcal"),
    net_intake_calories: quantity(loinc("9052-2"), "kcal"),
    "calorie_samples[].timestamp": sampleTime,
    "calorie_samples[].calories": series(own("total-energy"), "kcal"),
    "calorie_samples[].timer_duration_seconds": timer,
  });

/** The durations of a day have other codes than those of a workout, and another unit. */
const durations = (active: FieldRule, moderate: FieldRule, vigorous: FieldRule): Fields =>
  under("active_durations_data", {
    activity_seconds: active,
    inactivity_seconds: quantity(own("inactivity-duration"), "s"),
    rest_seconds: quantity(own("rest-duration"), "s"),
    low_intensity_seconds: quantity(own("low-intensity-duration"), "s"),
    moderate_intensity_seconds: moderate,
    vigorous_intensity_seconds: vigorous,
    num_continuous_inactive_periods: quantity(own("inactive-periods"), "{count}"),
    standing_seconds: quantity(own("standing-duration"), "s"),
    standing_hours_count: quantity(own("standing-hours"), "{count}"),
    "activity_levels_samples[].timestamp": used("effectivePeriod of each level"),
    "activity_levels_samples[].activity_level": state(own("activity-level"), activityLevels),
    "activity_levels_samples[].timer_duration_seconds": timer,
  });
export const durationsOfDay = durations(
  quantity(own("activity-duration"), "s"),
  quantity(own("moderate-intensity-duration"), "s"),
  quantity(own("vigorous-intensity-duration"), "s"),
);
export const durationsOfWorkout = durations(
  minutes(loinc("55411-3")),
  minutes(loinc("77592-4")),
  minutes(loinc("77593-2")),
);

export const met: Fields = under("MET_data", {
  avg_level: quantity(own("met"), "[MET]", { statistic: "average" }),
  num_inactive_minutes: quantity(own("met-inactive-duration"), "min"),
  num_low_intensity_minutes: quantity(own("met-low-duration"), "min"),
  num_moderate_intensity_minutes: quantity(own("met-moderate-duration"), "min"),
  num_high_intensity_minutes: quantity(own("met-high-duration"), "min"),
  "MET_samples[].timestamp": sampleTime,
  "MET_samples[].level": series(own("met"), "[MET]"),
});

export const saturationSeries = series(spo2, "%", {
  unless: { field: "type", is: 1, code: own("muscle-oxygen-saturation") },
});
export const saturationType = used("Observation.code: blood or muscle");
export const oxygen: Fields = under("oxygen_data", {
  avg_saturation_percentage: quantity(spo2, "%", { statistic: "average" }),
  vo2max_ml_per_min_per_kg: quantity(loinc("94122-9"), "mL/kg/min"),
  day_avg_vo2max_ml_per_min_per_kg: quantity(loinc("94122-9"), "mL/kg/min", { statistic: "average" }),
  "saturation_samples[].timestamp": sampleTime,
  "saturation_samples[].percentage": saturationSeries,
  "saturation_samples[].type": saturationType,
  "vo2_samples[].timestamp": sampleTime,
  "vo2_samples[].vo2max_ml_per_min_per_kg": series(loinc("94122-9"), "mL/kg/min"),
});
export const oxygenLists: Lists = {
  "oxygen_data.saturation_samples": samples,
  "oxygen_data.vo2_samples": samples,
};

/** The lists of days and workouts alike. */
export const movementLists: Lists = {
  ...heartLists,
  ...oxygenLists,
  "calories_data.calorie_samples": samples,
  "active_durations_data.activity_levels_samples": samples,
  "MET_data.MET_samples": samples,
  "distance_data.detailed.distance_samples": samples,
  "distance_data.detailed.elevation_samples": samples,
  "distance_data.detailed.floors_climbed_samples": samples,
  "distance_data.detailed.step_samples": samples,
};

export const strain: Fields = {
  "strain_data.strain_level": quantity(own("strain"), "{score}"),
};

export const distanceSummary = (distance: FieldRule, steps: FieldRule): Fields => ({
  distance_meters: distance,
  steps,
  floors_climbed: quantity(loinc("100304-5"), "{floors}"),
  ...under("elevation", {
    avg_meters: quantity(own("elevation"), "m", { statistic: "average", signed: true }),
    max_meters: quantity(own("elevation"), "m", { statistic: "maximum", signed: true }),
    min_meters: quantity(own("elevation"), "m", { statistic: "minimum", signed: true }),
    gain_actual_meters: quantity(own("elevation-gain"), "m"),
    gain_planned_meters: quantity(own("elevation-gain-planned"), "m"),
    loss_actual_meters: quantity(own("elevation-loss"), "m"),
  }),
  ...under("swimming", {
    num_laps: quantity(own("swimming-laps"), "{count}"),
    num_strokes: quantity(own("strokes"), "{strokes}"),
    pool_length_meters: quantity(own("pool-length"), "m"),
  }),
});

export const distanceDetailed: Fields = {
  "distance_samples[].timestamp": sampleTime,
  "distance_samples[].distance_meters": series(own("cumulative-distance"), "m"),
  "distance_samples[].timer_duration_seconds": timer,
  "elevation_samples[].timestamp": sampleTime,
  "elevation_samples[].elev_meters": series(own("elevation"), "m", { signed: true }),
  "elevation_samples[].timer_duration_seconds": timer,
  "floors_climbed_samples[].timestamp": sampleTime,
  "floors_climbed_samples[].floors_climbed": series(own("cumulative-floors"), "{floors}"),
  "floors_climbed_samples[].timer_duration_seconds": timer,
  "step_samples[].timestamp": sampleTime,
  "step_samples[].steps": series(own("cumulative-steps"), "{steps}"),
  "step_samples[].timer_duration_seconds": timer,
};

/** A series of samples with a timer beside them. */
export const timedSeries = (list: string, field: string, rule: FieldRule): Fields => ({
  [`${list}[].timestamp`]: sampleTime,
  [`${list}[].timer_duration_seconds`]: timer,
  [`${list}[].${field}`]: rule,
});

/** Terra's own scores, which are not computed here. */
export const enrichment = (...names: readonly string[]): Fields =>
  under(
    "data_enrichment",
    Object.fromEntries(names.map((name) => [name, omitted("a score of Terra's own; always null here")])),
  );
