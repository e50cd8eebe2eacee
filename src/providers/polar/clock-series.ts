import { z } from "zod";
import { clock } from "../kit/fields.ts";

/** A night's values by wall clock, in Polar's form: `{"HH:MM": value}`. */
export const clockSeries = z.record(clock, z.number().nullable()).nullish();
export type ClockSeries = z.output<typeof clockSeries>;
