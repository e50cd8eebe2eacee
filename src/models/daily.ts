import { z } from "zod";
import { stressLevelSchema, uploadTypeSchema } from "./enums.ts";
import { bodyBatterySampleSchema, stressSampleSchema } from "./samples.ts";
import { contributors, integer, list, number, section, text } from "./section.ts";
import {
  activeDurationsDataSchema,
  caloriesDataSchema,
  dayMetadataSchema,
  deviceDataSchema,
  distanceDetailedSchema,
  distanceSummarySchema,
  heartRateDataSchema,
  metDataSchema,
  oxygenDataSchema,
  strainDataSchema,
} from "./shared.ts";
import { timestampSchema } from "./timestamp.ts";

/** `upload_type`: a day is manual as soon as any of its data was typed in. */
export const dailyMetadataSchema = section({ ...dayMetadataSchema.shape, upload_type: uploadTypeSchema });

/** Unlike an activity's, without a `summary` level. */
export const dailyDistanceDataSchema = section({
  ...distanceSummarySchema.shape,
  detailed: distanceDetailedSchema.nullish(),
});

/** The provider's scores, 0 to 100. */
export const dailyScoresSchema = section({
  activity: number,
  recovery: number,
  /** For the night before. */
  sleep: number,
});

/** Stress on the provider's own scale. */
export const stressDataSchema = section({
  avg_stress_level: number,
  max_stress_level: number,
  stress_rating: stressLevelSchema.nullish(),
  stress_duration_seconds: number,
  activity_stress_duration_seconds: number,
  rest_stress_duration_seconds: number,
  low_stress_duration_seconds: number,
  medium_stress_duration_seconds: number,
  high_stress_duration_seconds: number,
  samples: list(stressSampleSchema),
  body_battery_samples: list(bodyBatterySampleSchema),
});

/** An event of the day, entered by the person or recognised by the provider. */
export const tagSchema = section({ timestamp: timestampSchema, tag_name: z.string(), notes: z.string() });
export const tagDataSchema = section({ tags: list(tagSchema) });

/** Terra's own scores; null here. */
export const dailyEnrichmentSchema = section({
  total_stress_score: number,
  stress_contributors: contributors,
  respiratory_score: number,
  respiratory_contributors: contributors,
  immune_index: integer,
  immune_contributors: contributors,
  resilience_score: integer,
  resilience_contributors: contributors,
  strain_index: number,
  /** GREEN, AMBER or RED. */
  strain_traffic_light: text,
  strain_contributors: contributors,
  total_stress_score_v2: number,
  total_stress_score_v2_contributors: contributors,
});

/** One day, from midnight to midnight. */
export const dailySchema = section({
  metadata: dailyMetadataSchema,
  device_data: deviceDataSchema.nullish(),
  heart_rate_data: heartRateDataSchema.nullish(),
  calories_data: caloriesDataSchema.nullish(),
  active_durations_data: activeDurationsDataSchema.nullish(),
  MET_data: metDataSchema.nullish(),
  oxygen_data: oxygenDataSchema.nullish(),
  strain_data: strainDataSchema.nullish(),
  distance_data: dailyDistanceDataSchema.nullish(),
  scores: dailyScoresSchema.nullish(),
  stress_data: stressDataSchema.nullish(),
  tag_data: tagDataSchema.nullish(),
  data_enrichment: dailyEnrichmentSchema.nullish(),
});

export type DailyMetadata = z.infer<typeof dailyMetadataSchema>;
export type DailyDistanceData = z.infer<typeof dailyDistanceDataSchema>;
export type DailyScores = z.infer<typeof dailyScoresSchema>;
export type StressData = z.infer<typeof stressDataSchema>;
export type Tag = z.infer<typeof tagSchema>;
export type TagData = z.infer<typeof tagDataSchema>;
export type DailyEnrichment = z.infer<typeof dailyEnrichmentSchema>;
export type Daily = z.infer<typeof dailySchema>;
