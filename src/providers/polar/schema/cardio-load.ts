import { z } from "zod";
import { asSent, date, number } from "./fields.ts";

const unavailable = "LOAD_STATUS_NOT_AVAILABLE";

/**
 * GET /v3/users/cardio-load/{date} (Polar's OpenAPI, cardio-load). Where there is no status the strain of 0.0
 * is none either (POLAR-API §3); with a status it is a week without training.
 */
export const cardioLoadSchema = z
  .looseObject({
    date,
    cardio_load_status: asSent,
    cardio_load: number,
    strain: asSent,
    tolerance: asSent,
    cardio_load_ratio: asSent,
    cardio_load_level: asSent,
  })
  .transform((load) =>
    load.cardio_load_status === unavailable && load.strain === 0 ? { ...load, strain: null } : load,
  );

export type PolarCardioLoad = z.output<typeof cardioLoadSchema>;
