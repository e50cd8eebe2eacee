import type { z } from "zod";
import { afibFlagSchema, glucoseFlagSchema, ketoneSampleTypeSchema, trendArrowSchema } from "./enums.ts";
import { measurementsDataSchema } from "./measurements.ts";
import { sample } from "./samples.ts";
import { integer, list, number, section, time } from "./section.ts";
import { dayMetadataSchema, deviceDataSchema, heartRateDataSchema, oxygenDataSchema } from "./shared.ts";

/** Millimetres of mercury. */
export const bloodPressureSampleSchema = sample({ systolic_bp: number, diastolic_bp: number });
/** Millimetres of mercury. */
export const bloodPressureDataSchema = section({
  day_avg_systolic_bp: number,
  day_avg_diastolic_bp: number,
  blood_pressure_samples: list(bloodPressureSampleSchema),
});

export const rrIntervalSampleSchema = sample({ rr_interval_ms: number, hr_bpm: number });
export const pulseWaveVelocitySampleSchema = sample({ pulse_wave_velocity_meters_per_second: number });
export const afibClassificationSampleSchema = sample({ afib_classification: afibFlagSchema.nullish() });
/** `potential_uV`: microvolts. */
export const rawEcgSampleSchema = sample({ potential_uV: number });
export const ecgReadingSchema = section({
  start_timestamp: time,
  avg_hr_bpm: number,
  afib_classification: afibFlagSchema.nullish(),
  raw_signal: list(rawEcgSampleSchema),
});
export const heartDataSchema = section({
  heart_rate_data: heartRateDataSchema.nullish(),
  rr_interval_samples: list(rrIntervalSampleSchema),
  pulse_wave_velocity_samples: list(pulseWaveVelocitySampleSchema),
  afib_classification_samples: list(afibClassificationSampleSchema),
  ecg_signal: list(ecgReadingSchema),
});

export const glucoseSampleSchema = sample({
  blood_glucose_mg_per_dL: number,
  glucose_level_flag: glucoseFlagSchema.nullish(),
  trend_arrow: trendArrowSchema.nullish(),
});
/** The distribution of glucose at one hour of the day. */
export const dailyPatternSchema = section({
  /** Hour of the day, 0 to 23. */
  time_from_midnight: integer,
  percentile_5: number,
  percentile_25: number,
  percentile_50: number,
  percentile_75: number,
  percentile_95: number,
});
export const glucoseDataSchema = section({
  day_avg_blood_glucose_mg_per_dL: number,
  /** @deprecated Alias that always repeats `day_avg_blood_glucose_mg_per_dL`. */
  day_avg_blood_glucose_mg_per_dl: number,
  /** Average of the detailed samples. */
  day_avg_detailed_blood_glucose_mg_per_dL: number,
  /** Glucose management indicator: an estimate of HbA1c from continuous monitoring, in percent. */
  gmi: number,
  /** Time in range, neither hypo- nor hyperglycaemic. */
  time_in_range: number,
  /** How many readings the sensor took. */
  sensor_usage: integer,
  daily_patterns: list(dailyPatternSchema),
  blood_glucose_samples: list(glucoseSampleSchema),
  /** More frequent than `blood_glucose_samples`, perhaps less accurate. */
  detailed_blood_glucose_samples: list(glucoseSampleSchema),
});

/** `hydration_kg`: the body's water. */
export const hydrationSampleSchema = sample({ hydration_kg: number });
export const hydrationDataSchema = section({
  /** Water drunk. */
  day_total_water_consumption_ml: number,
  /** Water in the body. */
  day_avg_hydration_kg: number,
  hydration_amount_samples: list(hydrationSampleSchema),
});

export const ketoneSampleSchema = sample({
  ketone_mg_per_dL: number,
  sample_type: ketoneSampleTypeSchema.nullish(),
});
export const ketoneDataSchema = section({
  day_avg_ketone_mg_per_dL: number,
  ketone_samples: list(ketoneSampleSchema),
});

export const temperatureSampleSchema = sample({ temperature_celsius: number });
export const temperatureDataSchema = section({
  day_avg_ambient_temperature_celsius: number,
  day_avg_body_temperature_celsius: number,
  day_avg_skin_temperature_celsius: number,
  ambient_temperature_samples: list(temperatureSampleSchema),
  body_temperature_samples: list(temperatureSampleSchema),
  skin_temperature_samples: list(temperatureSampleSchema),
});

/** The measurements of the body on one day. */
export const bodySchema = section({
  metadata: dayMetadataSchema,
  device_data: deviceDataSchema.nullish(),
  oxygen_data: oxygenDataSchema.nullish(),
  measurements_data: measurementsDataSchema.nullish(),
  heart_data: heartDataSchema.nullish(),
  blood_pressure_data: bloodPressureDataSchema.nullish(),
  glucose_data: glucoseDataSchema.nullish(),
  hydration_data: hydrationDataSchema.nullish(),
  ketone_data: ketoneDataSchema.nullish(),
  temperature_data: temperatureDataSchema.nullish(),
});

export type BloodPressureSample = z.infer<typeof bloodPressureSampleSchema>;
export type BloodPressureData = z.infer<typeof bloodPressureDataSchema>;
export type RrIntervalSample = z.infer<typeof rrIntervalSampleSchema>;
export type PulseWaveVelocitySample = z.infer<typeof pulseWaveVelocitySampleSchema>;
export type AfibClassificationSample = z.infer<typeof afibClassificationSampleSchema>;
export type RawEcgSample = z.infer<typeof rawEcgSampleSchema>;
export type EcgReading = z.infer<typeof ecgReadingSchema>;
export type HeartData = z.infer<typeof heartDataSchema>;
export type GlucoseSample = z.infer<typeof glucoseSampleSchema>;
export type DailyPattern = z.infer<typeof dailyPatternSchema>;
export type GlucoseData = z.infer<typeof glucoseDataSchema>;
export type HydrationSample = z.infer<typeof hydrationSampleSchema>;
export type HydrationData = z.infer<typeof hydrationDataSchema>;
export type KetoneSample = z.infer<typeof ketoneSampleSchema>;
export type KetoneData = z.infer<typeof ketoneDataSchema>;
export type TemperatureSample = z.infer<typeof temperatureSampleSchema>;
export type TemperatureData = z.infer<typeof temperatureDataSchema>;
export type Body = z.infer<typeof bodySchema>;
