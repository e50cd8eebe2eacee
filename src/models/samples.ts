import type { z } from "zod";
import {
  activityLevelSchema,
  heartRateContextSchema,
  oxygenSaturationTypeSchema,
  sleepLevelSchema,
} from "./enums.ts";
import { coordinates, number, section, time } from "./section.ts";

/** A schema of one measurement with its time. */
export function sample<Shape extends z.ZodRawShape>(shape: Shape) {
  return section({ timestamp: time, ...shape });
}

/** A schema of a sample whose recording can be paused: the timer counts seconds since the start without the pauses. */
function timedSample<Shape extends z.ZodRawShape>(shape: Shape) {
  return sample({ ...shape, timer_duration_seconds: number });
}

export const heartRateSampleSchema = timedSample({ bpm: number, context: heartRateContextSchema.nullish() });
/** HRV in milliseconds as RMSSD: root mean square of successive differences between heart beats. */
export const hrvRmssdSampleSchema = sample({ hrv_rmssd: number });
/** HRV in milliseconds as SDNN: standard deviation of the intervals between normal heart beats. */
export const hrvSdnnSampleSchema = sample({ hrv_sdnn: number });

/** Kilocalories burned at the timestamp. */
export const calorieSampleSchema = timedSample({ calories: number });
export const activityLevelSampleSchema = timedSample({ activity_level: activityLevelSchema.nullish() });
/** Multiples of the metabolic rate at rest (1 MET). */
export const metSampleSchema = sample({ level: number });

/** `percentage`: SpO2 or SmO2, as `type` says. */
export const oxygenSaturationSampleSchema = sample({
  percentage: number,
  type: oxygenSaturationTypeSchema.nullish(),
});
export const vo2MaxSampleSchema = sample({ vo2max_ml_per_min_per_kg: number });

/** Metres since the start of the record, not since the sample before. */
export const distanceSampleSchema = timedSample({ distance_meters: number });
/** Metres above sea level. */
export const elevationSampleSchema = timedSample({ elev_meters: number });
/** Floors since the start of the record, not since the sample before. */
export const floorsClimbedSampleSchema = timedSample({ floors_climbed: number });
/** Steps since the start of the record, not since the sample before. */
export const stepSampleSchema = timedSample({ steps: number });

export const cadenceSampleSchema = timedSample({ cadence_rpm: number });
export const speedSampleSchema = timedSample({ speed_meters_per_second: number });
export const torqueSampleSchema = timedSample({ torque_newton_meters: number });
export const powerSampleSchema = timedSample({ watts: number });
export const positionSampleSchema = timedSample({ coords_lat_lng_deg: coordinates.nullish() });

/** The provider's own stress scale. */
export const stressSampleSchema = sample({ level: number });
/** The provider's own scale of energy left. */
export const bodyBatterySampleSchema = sample({ level: number });

export const breathSampleSchema = sample({ breaths_per_min: number });
export const snoringSampleSchema = sample({ duration_seconds: number });
/** The stage that began at the timestamp. */
export const hypnogramSampleSchema = sample({ level: sleepLevelSchema.nullish() });

export type HeartRateSample = z.infer<typeof heartRateSampleSchema>;
export type HrvRmssdSample = z.infer<typeof hrvRmssdSampleSchema>;
export type HrvSdnnSample = z.infer<typeof hrvSdnnSampleSchema>;
export type CalorieSample = z.infer<typeof calorieSampleSchema>;
export type ActivityLevelSample = z.infer<typeof activityLevelSampleSchema>;
export type MetSample = z.infer<typeof metSampleSchema>;
export type OxygenSaturationSample = z.infer<typeof oxygenSaturationSampleSchema>;
export type Vo2MaxSample = z.infer<typeof vo2MaxSampleSchema>;
export type DistanceSample = z.infer<typeof distanceSampleSchema>;
export type ElevationSample = z.infer<typeof elevationSampleSchema>;
export type FloorsClimbedSample = z.infer<typeof floorsClimbedSampleSchema>;
export type StepSample = z.infer<typeof stepSampleSchema>;
export type CadenceSample = z.infer<typeof cadenceSampleSchema>;
export type SpeedSample = z.infer<typeof speedSampleSchema>;
export type TorqueSample = z.infer<typeof torqueSampleSchema>;
export type PowerSample = z.infer<typeof powerSampleSchema>;
export type PositionSample = z.infer<typeof positionSampleSchema>;
export type StressSample = z.infer<typeof stressSampleSchema>;
export type BodyBatterySample = z.infer<typeof bodyBatterySampleSchema>;
export type BreathSample = z.infer<typeof breathSampleSchema>;
export type SnoringSample = z.infer<typeof snoringSampleSchema>;
export type HypnogramSample = z.infer<typeof hypnogramSampleSchema>;
