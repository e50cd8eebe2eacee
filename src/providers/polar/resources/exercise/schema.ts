import { z } from "zod";
import {
  asSent,
  duration,
  idText,
  integer,
  number,
  offsetMinutes,
  text,
  time,
  unused,
} from "../../../kit/fields.ts";
import { inOrder } from "../../../kit/in-order.ts";
import { parseDuration } from "../../../kit/iso-time.ts";
import { sampleData } from "./sample-data.ts";

export const exerciseName = "exercise";

/** Hashed exercise ids: letters and digits only, since an id becomes part of a path. */
export const exerciseIdPattern = /^[A-Za-z0-9]{1,64}$/;

/** Documented as a string, sent as an integer. */
const sampleType = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);

const sampleSchema = z.looseObject({
  /** Seconds, a day at most; null "when recording rate is not applicable - currently only with RR-data". */
  recording_rate: z.number().max(86_400).nullish(),
  sample_type: sampleType,
  data: sampleData.nullish(),
});

const zoneSchema = z.looseObject({
  index: integer,
  lower_limit: number,
  upper_limit: number,
  in_zone: duration.nullish(),
});

const routePointSchema = z.looseObject({
  latitude: z.number().min(-90).max(90).nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
  time: duration.nullish(),
  satellites: asSent,
  fix: asSent,
});

const trainingLoad = z.looseObject({
  date: asSent,
  cardio_load: number,
  cardio_load_interpretation: asSent,
  muscle_load: asSent,
  muscle_load_interpretation: asSent,
  perceived_load: asSent,
  perceived_load_interpretation: asSent,
  user_rpe: asSent,
});

/** An exercise as lists contain it, without its measurements. */
export const listedExerciseSchema = z.looseObject({
  id: idText.pipe(z.string().regex(exerciseIdPattern)),
  upload_time: time.nullish(),
  polar_user: unused,
  device: text,
  device_id: idText.nullish(),
  start_time: time,
  start_time_utc_offset: offsetMinutes,
  duration: duration.nullish(),
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
  heart_rate_zones: z
    .array(zoneSchema)
    .transform((zones) => inOrder(zones, ({ index }) => index ?? null))
    .nullish(),
  samples: z
    .array(sampleSchema)
    .transform((series) => inOrder(series, ({ sample_type }) => sample_type))
    .nullish(),
  route: z.array(routePointSchema).nullish(),
  /** An object from devices, an array in clients generated from the documentation. */
  training_load_pro: z.preprocess(
    (load) => (Array.isArray(load) ? (load[0] ?? null) : load),
    trainingLoad.nullish(),
  ),
});

/**
 * GET /v3/exercises/{id}?samples&zones&route (Polar's OpenAPI, exerciseHashId). An exercise without a length has no
 * end, unless its recorded data gives one.
 */
export const exerciseSchema = listedExerciseSchema.refine(
  (exercise) => (exercise.duration ?? recordedMs(exercise)) !== null,
  { path: ["duration"], message: "Expected an ISO 8601 duration, or samples" },
);

/**
 * Returns the shortest possible length of the recording: until the end of the longest series or the last point; null
 * without either.
 */
export function recordedMs({ samples, route }: RecordedIn): number | null {
  const ofSeries = (samples ?? []).map(
    ({ recording_rate, data }) => Math.max(0, recording_rate ?? 0) * (data?.length ?? 0) * 1000,
  );
  const ofPoints = (route ?? []).map(({ time }) => (typeof time === "string" ? parseDuration(time) : 0));
  const longest = [...ofSeries, ...ofPoints].reduce((most, ms) => Math.max(most, ms), 0);
  return longest > 0 ? longest : null;
}

type RecordedIn = Pick<z.output<typeof listedExerciseSchema>, "samples" | "route">;

export type PolarSample = z.output<typeof sampleSchema>;
export type PolarZone = z.output<typeof zoneSchema>;
export type PolarRoutePoint = z.output<typeof routePointSchema>;
export type PolarExercise = z.output<typeof exerciseSchema>;
