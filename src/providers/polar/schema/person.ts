import { z } from "zod";
import { asSent, asSentInOrderOf, birthday, number, text, time, unused } from "./fields.ts";

/** GET /v3/users/physical-info (Polar's OpenAPI, physical-info). */
export const physicalInfoSchema = z.looseObject({
  weight: number,
  height: number,
  created: time.nullish(),
  modified: time.nullish(),
  birthday: birthday.nullish(),
  gender: text,
  maximum_heart_rate: number,
  resting_heart_rate: number,
  aerobic_threshold: asSent,
  anaerobic_threshold: asSent,
  vo2_max: number,
  weight_source: text,
  training_background: asSent,
  typical_day: asSent,
  sleep_goal: asSent,
});

/** GET /v3/users/{user-id} (Polar's OpenAPI, user), kebab-case there. */
export const userSchema = z.looseObject({
  polar_user_id: z.union([z.int(), z.string().regex(/^\d+$/)]).nullish(),
  member_id: unused,
  registration_date: asSent,
  first_name: text,
  last_name: text,
  birthdate: birthday.nullish(),
  gender: text,
  weight: unused,
  height: unused,
  extra_info: asSentInOrderOf("index"),
});

export type PolarPhysicalInfo = z.output<typeof physicalInfoSchema>;
export type PolarUser = z.output<typeof userSchema>;
