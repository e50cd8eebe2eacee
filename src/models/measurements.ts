import type { z } from "zod";
import { integer, list, number, section, text, time } from "./section.ts";

/** The measurements of a scale, a tape or a questionnaire at one moment. */
export const measurementSchema = section({
  measurement_time: time,
  /** Body mass index, kg/m². */
  BMI: number,
  /** Basal metabolic rate, kilocalories a day. */
  BMR: number,
  /** Resting metabolic rate, kilocalories a day. */
  RMR: number,
  weight_kg: number,
  height_cm: number,
  bodyfat_percentage: number,
  bone_mass_g: number,
  /** Skeletal muscle. */
  muscle_mass_g: number,
  /** Body weight without fat. */
  lean_mass_g: number,
  water_percentage: number,
  skin_fold_mm: number,
  /** Years. */
  estimated_fitness_age: integer,
  /** Insulin given. */
  insulin_units: number,
  insulin_type: text,
  urine_color: text,
  user_notes: text,
  visceral_fat_level: number,
  visceral_fat_category: text,
});

/** The measurements of a day and their averages, in the units of a measurement. */
export const measurementsDataSchema = section({
  measurements: list(measurementSchema),
  day_avg_bmi: number,
  day_avg_bmr: number,
  day_avg_rmr: number,
  day_avg_estimated_fitness_age: number,
  day_avg_skin_fold_mm: number,
  day_avg_bodyfat_percentage: number,
  day_avg_weight_kg: number,
  day_avg_height_cm: number,
  day_avg_bone_mass_g: number,
  day_avg_muscle_mass_g: number,
  day_avg_lean_mass_g: number,
  day_avg_water_percentage: number,
  day_avg_insulin_units: number,
  day_avg_visceral_fat_level: number,
});

export type Measurement = z.infer<typeof measurementSchema>;
export type MeasurementsData = z.infer<typeof measurementsDataSchema>;
