/** One activity by itself: what the search does not say of it, such as its time zone, its sensors and how it felt. */
import { z } from "zod";
import { declareResource } from "../../kit/declare-resource.ts";
import { asSent, idText, number, text } from "../../kit/fields.ts";
import { get } from "../collection.ts";
import { garminApi, snakeCase } from "../names.ts";
import { hasFile } from "./activity-file.ts";
import { activityLedger } from "./activity-ledger.ts";

const sensor = z.looseObject({
  manufacturer: text,
  serial_number: asSent,
  product_name: text,
  software_version: number,
});

/** Garmin's client, ActivitySummary. */
const schema = z.looseObject({
  activity_id: idText,
  time_zone_unit_dto: z.looseObject({ time_zone: asSent }).nullish(),
  metadata_dto: z.looseObject({ sensors: z.array(sensor).nullish() }).nullish(),
  summary_dto: z.looseObject({ min_hr: number, total_work: number, avg_spo2: number }).nullish(),
});

export type GarminActivityDetail = z.output<typeof schema>;

/** GET /activity-service/activity/{id}. Fetched when its activity is new or has changed. */
export const activity = declareResource({
  name: "activity",
  api: garminApi,
  keyName: snakeCase,
  discovery: null,
  request: (key) => (hasFile(key) ? get(`/activity-service/activity/${key}`) : null),
  schema,
  ledger: activityLedger,
  keys: ({ activity_id: id }) => [id],
});
