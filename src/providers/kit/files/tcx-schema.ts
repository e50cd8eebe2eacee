/** The schema of the fields that are read from a TCX file; everything else in it passes through unchanged. */
import { z } from "zod";
import { decimalNumber } from "../decimal.ts";
import { text, time } from "../fields.ts";
import { instantMs, parseTime } from "../iso-time.ts";
import { mostSeconds } from "./fit-schema.ts";

/** The number in the text of an element. An empty text says nothing. */
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

/** An element that may be empty: without content it is an empty text, whatever it could have contained. */
const element = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema);

const several = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(element(schema))
    .optional()
    .transform((items = []) => items);

/** The times of a track's points, in any order: the first and last instant, and how many; null without a point. */
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

export type TcxFile = z.output<typeof tcxFileSchema>;
export type TcxLap = z.output<typeof tcxLap>;
