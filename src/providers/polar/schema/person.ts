import { z } from "zod";
import { date, duration, number, text, time } from "./fields.ts";

/** GET /v3/users/physical-info (Polar's OpenAPI, physical-info). */
export const physicalInfoSchema = z.looseObject({
  weight: number,
  height: number,
  created: time.nullish(),
  modified: time.nullish(),
  birthday: date.nullish(),
  gender: text,
  maximum_heart_rate: number,
  resting_heart_rate: number,
  aerobic_threshold: number,
  anaerobic_threshold: number,
  vo2_max: number,
  weight_source: text,
  training_background: text,
  typical_day: text,
  sleep_goal: duration.nullish(),
});

/** GET /v3/users/{user-id} (Polar's OpenAPI, user), kebab-case there. */
export const userSchema = z.looseObject({
  polar_user_id: z.union([z.int(), z.string().regex(/^\d+$/)]).nullish(),
  member_id: text,
  registration_date: text,
  first_name: text,
  last_name: text,
  birthdate: date.nullish(),
  gender: text,
  weight: number,
  height: number,
  extra_info: z.unknown().optional(),
});

export type PolarPhysicalInfo = z.output<typeof physicalInfoSchema>;
export type PolarUser = z.output<typeof userSchema>;
