import { z } from "zod";
import { date, time } from "./fields.ts";

/** GET /v3/users/sleep/available (Polar's OpenAPI, available-sleeps). */
export const availableNightSchema = z.looseObject({ date, start_time: time, end_time: time });

export type AvailableNight = z.output<typeof availableNightSchema>;
