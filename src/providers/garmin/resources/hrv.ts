/** Heart rate variability: the nights that have it, each with its means, and the readings of one night. */
import { z } from "zod";
import { declareResource } from "../../kit/declare-resource.ts";
import { date, number } from "../../kit/fields.ts";
import { isDate } from "../../kit/iso-time.ts";
import { carried, composite, identifying, ignored, type Ledger, mapped } from "../../ledger.ts";
import { declareRanges, get } from "../collection.ts";
import { each, numbers, onBothClocks, words } from "../ledger-groups.ts";
import { garminApi, snakeCase } from "../names.ts";
import { garminTime } from "../times.ts";

const average = "sleep.heart_rate_data.summary.avg_hrv_rmssd";

/** Garmin's client, HrvSummary. */
const nightSchema = z.looseObject({ calendar_date: date, last_night_avg: number });

/** Sources: [O] Garmin's own client, [P] captured bodies. */
const nightLedger: Ledger = {
  calendar_date: identifying(mapped("sleep.metadata.summary_id", "key", "the day of waking up")),
  last_night_avg: mapped(average, "exact", "ms; 0 → null"),
  ...numbers({
    weekly_avg: "ms, mean of seven nights",
    last_night5_min_high: "ms, the highest of five minutes",
  }),
  baseline: composite(carried("ms, the person's usual range")),
  ...words({
    status: "Garmin's word, such as BALANCED",
    feedback_phrase: "Garmin's code for its advice",
    create_time_stamp: "when the summary was made",
  }),
};

/**
 * GET /hrv-service/hrv/daily/{from}/{to} (Garmin's client, HrvDailySummary): at most 365 days. It has the nights with
 * HRV only, so that their readings are asked for, and no others.
 */
export const hrvDaily = declareRanges({
  name: "hrv-daily",
  daysPerCall: 90,
  envelope: "hrvSummaries",
  path: (from, to) => `/hrv-service/hrv/daily/${from}/${to}`,
  schema: nightSchema,
  ledger: nightLedger,
  keys: ({ calendar_date: day }) => [day],
  followUps: ({ key }) => [{ resource: hrv.name, key }],
});

const reading = z.looseObject({
  hrv_value: z.number(),
  reading_time_gmt: garminTime,
  reading_time_local: garminTime.nullish(),
});

const schema = z.looseObject({
  hrv_summary: z.looseObject({ calendar_date: date.nullish(), last_night_avg: number }).nullish(),
  hrv_readings: z.array(reading).nullish(),
});

export type GarminHrv = z.output<typeof schema>;

const samples = "sleep.heart_rate_data.detailed.hrv_samples_rmssd";

const ledger: Ledger = {
  "hrv_summary.calendar_date": identifying(mapped("sleep.metadata.summary_id", "key")),
  "hrv_summary.last_night_avg": mapped(average, "exact", "ms; 0 → null"),
  "hrv_readings[].hrv_value": mapped(
    `${samples}.hrv_rmssd`,
    "exact",
    "ms, of five minutes; 0 gives no sample",
  ),
  "hrv_readings[].reading_time_gmt": mapped(`${samples}.timestamp`, "exact"),
  "hrv_readings[].reading_time_local": mapped(`${samples}.timestamp`, "derived: the offset is local − GMT"),
  ...each(
    ["weekly_avg", "last_night5_min_high", "baseline", "status", "feedback_phrase", "create_time_stamp"].map(
      (name) => `hrv_summary.${name}`,
    ),
    ignored("the list of nights has the same"),
  ),
  ...each(
    onBothClocks("start_timestamp", "end_timestamp", "sleep_start_timestamp", "sleep_end_timestamp"),
    ignored("the bounds of the night, which the night itself has"),
  ),
  user_profile_pk: ignored("names the person"),
};

/** GET /hrv-service/hrv/{day} (Garmin's client, HrvChart). Fetched when its night is new or has changed. */
export const hrv = declareResource({
  name: "hrv",
  api: garminApi,
  keyName: snakeCase,
  discovery: null,
  request: (key) => (isDate(key) ? get(`/hrv-service/hrv/${key}`) : null),
  schema,
  ledger,
  keys: ({ hrv_summary: summary }, day) => [summary?.calendar_date ?? day],
});
