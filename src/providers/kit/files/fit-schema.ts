/** The schema of the fields that are read from a FIT file; everything else in it passes through unchanged. */
import { z } from "zod";
import { number, time, unused } from "../fields.ts";

/** Longer than any recording, and short enough that a time plus so many seconds is still a valid time. */
export const mostSeconds = 100 * 366 * 86_400;
const seconds = z.number().max(mostSeconds).nullish();

/** A lap as `decodeFit` makes it: times in UTC with Z, lengths in m, speeds in m/s. */
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
  /** Cycles of a kind that depends on the sport. */
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

/** Messages by kind. A file without the message that must open every FIT file is refused. */
export const fitFileSchema = z.looseObject({
  file_id: z.array(z.looseObject({})).min(1),
  session: z.array(fitSession).optional(),
  lap: z.array(fitLap).optional(),
  event: z.array(fitEvent).optional(),
  record: unused,
});

export type FitFile = z.output<typeof fitFileSchema>;
export type FitLap = z.output<typeof fitLap>;
