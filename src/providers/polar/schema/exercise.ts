import { z } from "zod";
import { duration, exerciseIdPattern, flag, number, offsetMinutes, text, time } from "./fields.ts";

/**
 * Sample values in order; null where the sensor was offline ("Can contain null-values which indicate a
 * situation where sensor was offline", Polar's OpenAPI, sample.data). Undefined for anything but numbers.
 */
export function parseSampleData(data: string): (number | null)[] | undefined {
  if (data.trim() === "") return [];
  const tokens = data.split(",");
  const values = new Array<number | null>(tokens.length);
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? "";
    const value = Number(token);
    // Number("") is 0, so only a zero or no number at all needs a second look.
    const isPlain = value !== 0 && Number.isFinite(value);
    const found = isPlain ? value : offlineOrZero(token.trim());
    if (found === undefined) return undefined;
    values[index] = found;
  }
  return values;
}

const sampleData = z.string().transform((data, context) => {
  const values = parseSampleData(data);
  if (values) return values;
  context.addIssue({ code: "custom", message: "Expected numbers or null, separated by commas" });
  return z.NEVER;
});

function offlineOrZero(token: string): null | number | undefined {
  if (token === "" || token === "null") return null;
  return Number(token) === 0 ? 0 : undefined;
}

/** Documented as a string, sent as an integer. */
const sampleType = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

export const sampleSchema = z.looseObject({
  /** Seconds; null "when recording rate is not applicable - currently only with RR-data". */
  recording_rate: number,
  sample_type: sampleType,
  data: sampleData.nullish(),
});

export const zoneSchema = z.looseObject({
  index: number,
  lower_limit: number,
  upper_limit: number,
  in_zone: duration.nullish(),
});

export const routePointSchema = z.looseObject({
  latitude: number,
  longitude: number,
  time: duration.nullish(),
  satellites: number,
  fix: number,
});

export const trainingLoadSchema = z.looseObject({
  date: text,
  cardio_load: number,
  cardio_load_interpretation: text,
  muscle_load: number,
  muscle_load_interpretation: text,
  perceived_load: number,
  perceived_load_interpretation: text,
  user_rpe: text,
});

/** GET /v3/exercises/{id}?samples&zones&route (Polar's OpenAPI, exerciseHashId). */
export const exerciseSchema = z.looseObject({
  id: z.string().regex(exerciseIdPattern),
  upload_time: time.nullish(),
  polar_user: text,
  device: text,
  device_id: text,
  start_time: time,
  start_time_utc_offset: offsetMinutes,
  duration,
  calories: number,
  distance: number,
  heart_rate: z.looseObject({ average: number, maximum: number }).nullish(),
  training_load: number,
  sport: text,
  detailed_sport_info: text,
  has_route: flag,
  club_id: number,
  club_name: text,
  fat_percentage: number,
  carbohydrate_percentage: number,
  protein_percentage: number,
  running_index: number,
  heart_rate_zones: z.array(zoneSchema).nullish(),
  samples: z.array(sampleSchema).nullish(),
  route: z.array(routePointSchema).nullish(),
  training_load_pro: trainingLoadSchema.nullish(),
});

export type PolarSample = z.output<typeof sampleSchema>;
export type PolarZone = z.output<typeof zoneSchema>;
export type PolarRoutePoint = z.output<typeof routePointSchema>;
export type PolarExercise = z.output<typeof exerciseSchema>;
