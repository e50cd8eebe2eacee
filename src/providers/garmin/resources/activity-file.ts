/**
 * The original file of an activity: a ZIP file with the FIT file that the device wrote. Imported activities have that
 * which was imported, which may be GPX or TCX.
 */
import { z } from "zod";
import { declareFile } from "../../kit/declare-file.ts";
import { asSent, number, text } from "../../kit/fields.ts";
import { fitFileSchema } from "../../kit/files/fit-schema.ts";
import { fitPauses } from "../../kit/files/pauses.ts";
import { decodeActivityFile } from "../files/decode.ts";
import { garminApi } from "../names.ts";
import { activityFileLedger } from "./activity-file-ledger.ts";

const numbers = z.array(z.number().nullable()).nullish();

const session = fitFileSchema.shape.session.unwrap().element.extend({
  sport: asSent,
  min_heart_rate: number,
  rmssd_hrv: number,
  pool_length: number,
});

/** As `decodeActivityFile` makes it. Every list of `record` has an item for each of its times. */
const schema = fitFileSchema.extend({
  /** Empty for GPX and TCX: a FIT file without it is refused when it is decoded. */
  file_id: z
    .array(z.looseObject({ product: asSent, product_name: asSent }))
    .optional()
    .transform((items = []) => items),
  track_format: text,
  file_creator: z.array(z.looseObject({ software_version: number, hardware_version: number })).optional(),
  session: z.array(session).optional(),
  record: z
    .looseObject({
      timestamp: z.array(z.string()),
      heart_rate: numbers,
      position_lat: numbers,
      position_long: numbers,
      enhanced_altitude: numbers,
      altitude: numbers,
      enhanced_speed: numbers,
      speed: numbers,
      cadence: numbers,
      fractional_cadence: numbers,
      power: numbers,
      distance: numbers,
      saturated_hemoglobin_percent: numbers,
    })
    .optional(),
  rr_intervals: asSent,
});

export type ActivityFile = z.output<typeof schema>;

/** Garmin answers 406 to `application/octet-stream`. */
const accept = "application/x-zip-compressed";

/** Whether a file can be asked for by this id of an activity. */
export const hasFile = (key: string): boolean => /^\d{1,20}$/.test(key);

/** GET /download-service/files/activity/{id}. Fetched when its activity is new or has changed. */
export const activityFile = declareFile({
  name: "activity-file",
  api: garminApi,
  schema,
  ledger: activityFileLedger,
  request: (key) =>
    hasFile(key) ? { method: "GET", path: `/download-service/files/activity/${key}`, accept } : null,
  decode: decodeActivityFile,
  derive: (file) => ({ pauses: fitPauses(file) }),
});
