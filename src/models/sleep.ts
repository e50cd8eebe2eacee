import type { z } from "zod";
import { sleepUploadTypeSchema, timestampLocalizationSchema } from "./enums.ts";
import {
  breathSampleSchema,
  hypnogramSampleSchema,
  oxygenSaturationSampleSchema,
  snoringSampleSchema,
} from "./samples.ts";
import { contributors, flag, integer, list, number, section, text, time } from "./section.ts";
import { deviceDataSchema, heartRateDataSchema } from "./shared.ts";
import { timestampSchema } from "./timestamp.ts";

export const sleepMetadataSchema = section({
  start_time: timestampSchema,
  end_time: timestampSchema,
  /** Numbered differently from Activity and Daily. */
  upload_type: sleepUploadTypeSchema,
  summary_id: text,
  /** False for the main sleep of the day. */
  is_nap: flag,
  timestamp_localization: timestampLocalizationSchema.nullish(),
});

export const asleepDurationsSchema = section({
  /** All stages together. */
  duration_asleep_state_seconds: number,
  duration_deep_sleep_state_seconds: number,
  duration_light_sleep_state_seconds: number,
  duration_REM_sleep_state_seconds: number,
  num_REM_events: integer,
});
export const awakeDurationsSchema = section({
  duration_awake_state_seconds: number,
  /** Interruptions of more than 90 seconds. */
  duration_long_interruption_seconds: number,
  /** Interruptions of less than 90 seconds. */
  duration_short_interruption_seconds: number,
  num_wakeup_events: integer,
  num_out_of_bed_events: integer,
  /** From lying down to falling asleep. */
  sleep_latency_seconds: number,
  /** From waking up to getting up. */
  wake_up_latency_seconds: number,
});
export const otherSleepDurationsSchema = section({
  duration_in_bed_seconds: number,
  duration_unmeasurable_sleep_seconds: number,
});
export const sleepDurationsDataSchema = section({
  /** Percent, 0 to 100: time asleep over time in bed. */
  sleep_efficiency: number,
  asleep: asleepDurationsSchema.nullish(),
  awake: awakeDurationsSchema.nullish(),
  other: otherSleepDurationsSchema.nullish(),
  hypnogram_samples: list(hypnogramSampleSchema),
});

export const breathsDataSchema = section({
  avg_breaths_per_min: number,
  max_breaths_per_min: number,
  min_breaths_per_min: number,
  /** Whether the person asked for the measurement. */
  on_demand_reading: flag,
  start_time: time,
  end_time: time,
  samples: list(breathSampleSchema),
});
export const sleepOxygenSaturationDataSchema = section({
  avg_saturation_percentage: number,
  start_time: time,
  end_time: time,
  samples: list(oxygenSaturationSampleSchema),
});
export const snoringDataSchema = section({
  num_snoring_events: integer,
  total_snoring_duration_seconds: number,
  start_time: time,
  end_time: time,
  samples: list(snoringSampleSchema),
});
export const respirationDataSchema = section({
  breaths_data: breathsDataSchema.nullish(),
  oxygen_saturation_data: sleepOxygenSaturationDataSchema.nullish(),
  snoring_data: snoringDataSchema.nullish(),
});

/** `delta`: degrees Celsius of the skin above (+) or below (−) the person's baseline. */
export const sleepTemperatureDataSchema = section({ delta: number });

export const readinessDataSchema = section({
  /** 0 to 100. */
  readiness: number,
  /** The provider's own scale. */
  recovery_level: number,
});

/** The provider's score, 0 to 100. */
export const sleepScoresSchema = section({ sleep: number });

/** Terra's own scores; null here. */
export const sleepEnrichmentSchema = section({
  sleep_score: number,
  sleep_contributors: contributors,
  readiness_score: number,
  readiness_contributors: contributors,
  sleep_score_v2: number,
  sleep_score_v2_contributors: contributors,
  respiratory_score_v2: number,
  respiratory_score_v2_contributors: contributors,
});

/** One night, or one nap. */
export const sleepSchema = section({
  metadata: sleepMetadataSchema,
  device_data: deviceDataSchema.nullish(),
  heart_rate_data: heartRateDataSchema.nullish(),
  sleep_durations_data: sleepDurationsDataSchema.nullish(),
  respiration_data: respirationDataSchema.nullish(),
  temperature_data: sleepTemperatureDataSchema.nullish(),
  readiness_data: readinessDataSchema.nullish(),
  scores: sleepScoresSchema.nullish(),
  data_enrichment: sleepEnrichmentSchema.nullish(),
});

export type SleepMetadata = z.infer<typeof sleepMetadataSchema>;
export type AsleepDurations = z.infer<typeof asleepDurationsSchema>;
export type AwakeDurations = z.infer<typeof awakeDurationsSchema>;
export type OtherSleepDurations = z.infer<typeof otherSleepDurationsSchema>;
export type SleepDurationsData = z.infer<typeof sleepDurationsDataSchema>;
export type BreathsData = z.infer<typeof breathsDataSchema>;
export type SleepOxygenSaturationData = z.infer<typeof sleepOxygenSaturationDataSchema>;
export type SnoringData = z.infer<typeof snoringDataSchema>;
export type RespirationData = z.infer<typeof respirationDataSchema>;
export type SleepTemperatureData = z.infer<typeof sleepTemperatureDataSchema>;
export type ReadinessData = z.infer<typeof readinessDataSchema>;
export type SleepScores = z.infer<typeof sleepScoresSchema>;
export type SleepEnrichment = z.infer<typeof sleepEnrichmentSchema>;
export type Sleep = z.infer<typeof sleepSchema>;
