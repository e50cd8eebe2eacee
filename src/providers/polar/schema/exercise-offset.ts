import { z } from "zod";
import { offsetMinutes, time } from "./fields.ts";

/** Of an exercise only when and under which offset it began. */
export const exerciseOffsetSchema = z.object({ start_time: time, start_time_utc_offset: offsetMinutes });

export type PolarExerciseOffset = z.output<typeof exerciseOffsetSchema>;
