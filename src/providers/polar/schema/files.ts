/** What is read of an exercise's files; everything else in them passes through as it is. */
import { z } from "zod";
import { decimalNumber } from "../../kit/decimal.ts";
import { instantMs, parseTime } from "../time.ts";
import { number, text, time, unused } from "./fields.ts";

/** Longer than any recording; a time and so many seconds are still a time. */
const mostSeconds = 100 * 366 * 86_400;
const seconds = z.number().max(mostSeconds).nullish();

/** Times are in UTC with Z, lengths in m, speeds in m/s, as `decodeFit` makes them. */
const fitLap = z.looseObject({
  start_time: time.nullish(),
  timestamp: time.nullish(),
  total_elapsed_time: seconds,
  total_timer_time: seconds,
  total_moving_time: seconds,
  total_distance: number,
  total_calories: number,
  avg_heart_rate: number,
  avg_speed: number,
  enhanced_avg_speed: number,
  avg_power: number,
  /** Of which kind the sport decides. */
  total_cycles: z.number().max(Number.MAX_SAFE_INTEGER).nullish(),
  sport: z.union([z.string(), z.number()]).nullish(),
  // A code that the FIT profile does not know stays a number.
  lap_trigger: z.union([z.string(), z.number()]).nullish(),
  swim_stroke: z.union([z.string(), z.number()]).nullish(),
});

const fitSession = z.looseObject({
  start_time: time.nullish(),
  timestamp: time.nullish(),
  total_elapsed_time: seconds,
  total_ascent: number,
  total_descent: number,
  avg_cadence: number,
  avg_power: number,
});

const fitEvent = z.looseObject({
  event: z.union([z.string(), z.number()]).nullish(),
  event_type: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((type) => (typeof type === "string" ? type : null)),
  timestamp: time.nullish(),
});

/** Messages by kind. A file without the message that opens every FIT file is none. */
export const fitFileSchema = z.looseObject({
  file_id: z.array(z.looseObject({})).min(1),
  session: z.array(fitSession).optional(),
  lap: z.array(fitLap).optional(),
  event: z.array(fitEvent).optional(),
  record: unused,
});

/** The text of an element. An empty one says nothing. */
const decimalTo = (most: number) =>
  z
    .string()
    .transform((written, context) => {
      const value = decimalNumber(written);
      if (written === "" || (value !== null && value <= most)) return value;
      context.addIssue({ code: "custom", message: "Expected a decimal number" });
      return z.NEVER;
    })
    .nullish();

const decimal = decimalTo(Number.MAX_VALUE);
const decimalSeconds = decimalTo(mostSeconds);

/** An element without content is an empty text, whatever it could have held. */
const element = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);

const several = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(element(schema))
    .optional()
    .transform((items = []) => items);

/** When a track's points were taken, in any order: its first and last instant, and how many; null without a point. */
const tcxTrack = z.array(time.nullable()).transform((times) => {
  const instants = times.flatMap((written) => (written === null ? [] : instantMs(parseTime(written))));
  if (instants.length === 0) return null;
  const firstMs = instants.reduce((least, ms) => Math.min(least, ms));
  const lastMs = instants.reduce((most, ms) => Math.max(most, ms));
  return { firstMs, lastMs, points: instants.length };
});

const tcxLap = z.looseObject({
  start_time: time.nullish(),
  total_time_seconds: decimalSeconds,
  distance_meters: decimal,
  maximum_speed: decimal,
  calories: decimal,
  average_heart_rate_bpm: element(z.looseObject({ value: decimal }).optional()),
  maximum_heart_rate_bpm: element(z.looseObject({ value: decimal }).optional()),
  cadence: decimal,
  trigger_method: text,
  track: z.array(tcxTrack).nullish(),
  extensions: element(
    z
      .looseObject({
        lx: element(z.looseObject({ avg_speed: decimal, avg_watts: decimal }).optional()),
      })
      .optional(),
  ),
});

/** Training Center XML, as `decodeTcx` names it. */
export const tcxFileSchema = z.looseObject({
  training_center_database: z.looseObject({
    activities: element(
      z.looseObject({ activity: several(z.looseObject({ lap: several(tcxLap) })) }).optional(),
    ),
  }),
});

/** Nothing is made of it: the route is in the exercise. */
export const gpxFileSchema = z.looseObject({ gpx: unused });

export type FitFile = z.output<typeof fitFileSchema>;
export type FitLap = z.output<typeof fitLap>;
export type TcxFile = z.output<typeof tcxFileSchema>;
export type TcxLap = z.output<typeof tcxLap>;
