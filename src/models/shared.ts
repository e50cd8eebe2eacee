import type { z } from "zod";
import { deviceDataTypeSchema, timestampLocalizationSchema } from "./enums.ts";
import {
  activityLevelSampleSchema,
  calorieSampleSchema,
  distanceSampleSchema,
  elevationSampleSchema,
  floorsClimbedSampleSchema,
  heartRateSampleSchema,
  hrvRmssdSampleSchema,
  hrvSdnnSampleSchema,
  metSampleSchema,
  oxygenSaturationSampleSchema,
  stepSampleSchema,
  vo2MaxSampleSchema,
} from "./samples.ts";
import { integer, list, number, section, text, time } from "./section.ts";
import { timestampSchema } from "./timestamp.ts";

/** Metadata of a record about a whole day: both times at midnight, 24 hours apart. */
export const dayMetadataSchema = section({
  start_time: timestampSchema,
  end_time: timestampSchema,
  timestamp_localization: timestampLocalizationSchema.nullish(),
});
export type DayMetadata = z.infer<typeof dayMetadataSchema>;

const device = {
  /** May be the application's name when the data came through an aggregator. */
  name: text,
  manufacturer: text,
  hardware_version: text,
  software_version: text,
  serial_number: text,
  last_upload_date: text,
  data_provided: list(deviceDataTypeSchema),
};
export const otherDeviceDataSchema = section(device);
export const deviceDataSchema = section({
  ...device,
  activation_timestamp: time,
  /** Further devices that contributed to the record. */
  other_devices: list(otherDeviceDataSchema),
});
export type OtherDeviceData = z.infer<typeof otherDeviceDataSchema>;
export type DeviceData = z.infer<typeof deviceDataSchema>;

export const heartRateZoneSchema = section({
  /** Index of the zone, counted from zero. */
  zone: integer,
  /** Percent of the person's maximum heart rate. */
  start_percentage: number,
  /** Percent of the person's maximum heart rate. */
  end_percentage: number,
  name: text,
  duration_seconds: number,
});
export const heartRateSummarySchema = section({
  avg_hr_bpm: number,
  max_hr_bpm: number,
  min_hr_bpm: number,
  resting_hr_bpm: number,
  /** The person's maximum heart rate in general, by age and other factors, not the maximum of this record. */
  user_max_hr_bpm: number,
  /** Milliseconds, root mean square of successive differences. */
  avg_hrv_rmssd: number,
  /** Milliseconds, standard deviation of normal-to-normal intervals. */
  avg_hrv_sdnn: number,
  hr_zone_data: list(heartRateZoneSchema),
});
export const heartRateDetailedSchema = section({
  hr_samples: list(heartRateSampleSchema),
  hrv_samples_rmssd: list(hrvRmssdSampleSchema),
  hrv_samples_sdnn: list(hrvSdnnSampleSchema),
});
export const heartRateDataSchema = section({
  summary: heartRateSummarySchema.nullish(),
  detailed: heartRateDetailedSchema.nullish(),
});
export type HeartRateZone = z.infer<typeof heartRateZoneSchema>;
export type HeartRateSummary = z.infer<typeof heartRateSummarySchema>;
export type HeartRateDetailed = z.infer<typeof heartRateDetailedSchema>;
export type HeartRateData = z.infer<typeof heartRateDataSchema>;

/** Kilocalories. */
export const caloriesDataSchema = section({
  /** Basal metabolic rate and activity together. */
  total_burned_calories: number,
  /** Burned at rest over the record's time (basal metabolic rate). */
  BMR_calories: number,
  /** Burned by activity, without the basal metabolic rate. */
  net_activity_calories: number,
  /** Taken in with food and drink. */
  net_intake_calories: number,
  calorie_samples: list(calorieSampleSchema),
});
export type CaloriesData = z.infer<typeof caloriesDataSchema>;

export const activeDurationsDataSchema = section({
  activity_seconds: number,
  inactivity_seconds: number,
  rest_seconds: number,
  low_intensity_seconds: number,
  moderate_intensity_seconds: number,
  vigorous_intensity_seconds: number,
  num_continuous_inactive_periods: integer,
  standing_seconds: number,
  standing_hours_count: number,
  activity_levels_samples: list(activityLevelSampleSchema),
});
export type ActiveDurationsData = z.infer<typeof activeDurationsDataSchema>;

/** Metabolic equivalent of task; 1 MET is the metabolic rate at rest. */
export const metDataSchema = section({
  avg_level: number,
  num_inactive_minutes: number,
  num_low_intensity_minutes: number,
  num_moderate_intensity_minutes: number,
  num_high_intensity_minutes: number,
  MET_samples: list(metSampleSchema),
});
export type MetData = z.infer<typeof metDataSchema>;

export const oxygenDataSchema = section({
  avg_saturation_percentage: number,
  vo2max_ml_per_min_per_kg: number,
  day_avg_vo2max_ml_per_min_per_kg: number,
  saturation_samples: list(oxygenSaturationSampleSchema),
  vo2_samples: list(vo2MaxSampleSchema),
});
export type OxygenData = z.infer<typeof oxygenDataSchema>;

/** Cardiovascular strain on the provider's own scale. */
export const strainDataSchema = section({ strain_level: number });
export type StrainData = z.infer<typeof strainDataSchema>;

/** Distance, floors and steps of a sample are cumulative since the start of the record. */
export const distanceDetailedSchema = section({
  distance_samples: list(distanceSampleSchema),
  elevation_samples: list(elevationSampleSchema),
  floors_climbed_samples: list(floorsClimbedSampleSchema),
  step_samples: list(stepSampleSchema),
});
export const elevationDataSchema = section({
  avg_meters: number,
  max_meters: number,
  min_meters: number,
  /** Sum of all climbs, not the difference between end and start. */
  gain_actual_meters: number,
  gain_planned_meters: number,
  loss_actual_meters: number,
});
export const swimmingDataSchema = section({
  num_laps: integer,
  num_strokes: integer,
  pool_length_meters: integer,
});
export const distanceSummarySchema = section({
  distance_meters: number,
  steps: integer,
  floors_climbed: integer,
  elevation: elevationDataSchema.nullish(),
  swimming: swimmingDataSchema.nullish(),
});
export type DistanceDetailed = z.infer<typeof distanceDetailedSchema>;
export type ElevationData = z.infer<typeof elevationDataSchema>;
export type SwimmingData = z.infer<typeof swimmingDataSchema>;
export type DistanceSummary = z.infer<typeof distanceSummarySchema>;
