import { z } from "zod";
import {
  asSent,
  duration,
  exerciseIdPattern,
  integer,
  number,
  offsetMinutes,
  text,
  time,
  unused,
} from "./fields.ts";

/**
 * Sample values in order; null where the sensor was offline ("Can contain null-values which indicate a
 * situation where sensor was offline", Polar's OpenAPI, sample.data). Undefined for anything but numbers.
 */
export function parseSampleData(data: string): (number | null)[] | undefined {
  return parsePlain(data) ?? parseTokens(data);
}

/** The usual series is a JSON array without its brackets, and nothing reads those faster. */
function parsePlain(data: string): (number | null)[] | null {
  try {
    const values: unknown[] = JSON.parse(`[${data}]`);
    return values.every((value) => value === null || Number.isFinite(value))
      ? (values as (number | null)[])
      : null;
  } catch {
    return null;
  }
}

function parseTokens(data: string): (number | null)[] | undefined {
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
  /** Seconds, a day at most; null "when recording rate is not applicable - currently only with RR-data". */
  recording_rate: z.number().max(86_400).nullish(),
  sample_type: sampleType,
  data: sampleData.nullish(),
});

export const zoneSchema = z.looseObject({
  index: integer,
  lower_limit: number,
  upper_limit: number,
  in_zone: duration.nullish(),
});

export const routePointSchema = z.looseObject({
  latitude: number,
  longitude: number,
  time: duration.nullish(),
  satellites: asSent,
  fix: asSent,
});

const trainingLoad = z.looseObject({
  date: asSent,
  cardio_load: asSent,
  cardio_load_interpretation: asSent,
  muscle_load: asSent,
  muscle_load_interpretation: asSent,
  perceived_load: asSent,
  perceived_load_interpretation: asSent,
  user_rpe: asSent,
});

/** GET /v3/exercises/{id}?samples&zones&route (Polar's OpenAPI, exerciseHashId). */
export const exerciseSchema = z.looseObject({
  id: z.string().regex(exerciseIdPattern),
  upload_time: time.nullish(),
  polar_user: unused,
  device: text,
  device_id: text,
  start_time: time,
  start_time_utc_offset: offsetMinutes,
  duration,
  calories: number,
  distance: number,
  heart_rate: z.looseObject({ average: number, maximum: number }).nullish(),
  training_load: asSent,
  sport: text,
  detailed_sport_info: text,
  has_route: unused,
  club_id: asSent,
  club_name: asSent,
  fat_percentage: asSent,
  carbohydrate_percentage: asSent,
  protein_percentage: asSent,
  running_index: asSent,
  heart_rate_zones: z.array(zoneSchema).nullish(),
  samples: z.array(sampleSchema).nullish(),
  route: z.array(routePointSchema).nullish(),
  /** An object from devices, an array in clients generated from the documentation. */
  training_load_pro: z.union([trainingLoad, asSent]),
});

export type PolarSample = z.output<typeof sampleSchema>;
export type PolarZone = z.output<typeof zoneSchema>;
export type PolarRoutePoint = z.output<typeof routePointSchema>;
export type PolarExercise = z.output<typeof exerciseSchema>;
/** Of an exercise only when and under which offset it began. */
export interface PolarExerciseOffset {
  readonly start_time: string;
  readonly start_time_utc_offset: number;
}
