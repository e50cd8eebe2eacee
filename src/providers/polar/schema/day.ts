import { z } from "zod";
import {
  asSent,
  asSentInOrderOf,
  clock,
  date,
  duration,
  integer,
  number,
  text,
  time,
  unused,
} from "./fields.ts";

const stepsSchema = z.looseObject({
  interval_ms: number,
  total_steps: integer,
  samples: z.array(z.looseObject({ steps: integer, timestamp: time })).nullish(),
});

const zonesSchema = z.looseObject({
  samples: z.array(z.looseObject({ zone: text, timestamp: time })).nullish(),
});

/** GET /v3/users/activities/{date}?steps&activity_zones&inactivity_stamps. */
export const activityDaySchema = z.looseObject({
  start_time: time.nullish(),
  end_time: time.nullish(),
  active_duration: duration.nullish(),
  inactive_duration: duration.nullish(),
  daily_activity: asSent,
  calories: number,
  active_calories: number,
  steps: integer,
  inactivity_alert_count: asSent,
  distance_from_steps: number,
  samples: z
    .looseObject({
      date: date.nullish(),
      steps: stepsSchema.nullish(),
      activity_zones: zonesSchema.nullish(),
      /** Its shape is disputed (POLAR-API §3). */
      inactivity_stamps: asSentInOrderOf("stamp"),
    })
    .nullish(),
});

/** GET /v3/users/continuous-heart-rate/{date} (Polar's OpenAPI, continuous-heartrate). */
export const heartRateDaySchema = z.looseObject({
  polar_user: unused,
  date,
  heart_rate_samples: z.array(z.looseObject({ heart_rate: number, sample_time: clock })).nullish(),
});

export type PolarActivityDay = z.output<typeof activityDaySchema>;
export type PolarHeartRateDay = z.output<typeof heartRateDaySchema>;
export type PolarSteps = z.output<typeof stepsSchema>;
export type PolarZones = z.output<typeof zonesSchema>;
