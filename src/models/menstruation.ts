import type { z } from "zod";
import { menstruationFlowSchema, menstruationIntervalSchema } from "./enums.ts";
import { sample } from "./samples.ts";
import { flag, integer, list, section, text, time } from "./section.ts";
import { dayMetadataSchema } from "./shared.ts";

export const menstruationFlowSampleSchema = sample({ flow: menstruationFlowSchema.nullish() });

/** One phase of a cycle. */
export const menstruationIntervalSampleSchema = section({
  start_timestamp: time,
  end_timestamp: time,
  phase: menstruationIntervalSchema.nullish(),
});

/** Dates are ISO 8601 calendar dates (`2022-11-28`). */
export const menstruationDataSchema = section({
  period_start_date: text,
  /** Days of bleeding. */
  period_length_days: integer,
  cycle_length_days: integer,
  predicted_cycle_length_days: integer,
  /** Which day of the cycle this record is about. */
  day_in_cycle: integer,
  current_phase: menstruationIntervalSchema.nullish(),
  length_of_current_phase_days: integer,
  /** Predicted. */
  days_until_next_phase: integer,
  /** False for what the person logged. */
  is_predicted_cycle: flag,
  /** When the person last logged anything. */
  last_updated_time: time,
  menstruation_flow: list(menstruationFlowSampleSchema),
  intervals: list(menstruationIntervalSampleSchema),
  fertility_window_start: text,
  fertility_window_end: text,
  /** Predicted. */
  ovulation_day: text,
});

/** One day of a cycle. */
export const menstruationSchema = section({
  metadata: dayMetadataSchema,
  menstruation_data: menstruationDataSchema.nullish(),
});

export type MenstruationFlowSample = z.infer<typeof menstruationFlowSampleSchema>;
export type MenstruationIntervalSample = z.infer<typeof menstruationIntervalSampleSchema>;
export type MenstruationData = z.infer<typeof menstruationDataSchema>;
export type Menstruation = z.infer<typeof menstruationSchema>;
