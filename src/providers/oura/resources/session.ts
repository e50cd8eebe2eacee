/** Sessions, or moments: breathing, meditation and rest in the app. */
import { z } from "zod";
import { asSent, date, text, time } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, type Ledger, mapped } from "../../ledger.ts";
import { declareCollection, documentId } from "../collection.ts";
import { series } from "../series.ts";

/** GET /v2/usercollection/session (Oura's OpenAPI, PublicSession). */
const schema = z.looseObject({
  id: documentId,
  day: date,
  start_datetime: time,
  end_datetime: time,
  type: text,
  mood: asSent,
  heart_rate: series,
  heart_rate_variability: series,
  motion_count: asSent,
});

export type OuraSession = z.output<typeof schema>;

const detailed = "activity.heart_rate_data.detailed";

/** Sources: [O] Oura's OpenAPI description, [R] captured bodies. */
const ledger: Ledger = {
  id: mapped("activity.metadata.summary_id", "exact"),
  day: identifying(mapped("activity.metadata.summary_id", "key", "the day of the session")),
  start_datetime: mapped("activity.metadata.start_time", "exact", "with its offset [R]"),
  end_datetime: mapped("activity.metadata.end_time", "exact"),
  type: alsoIn(
    "activity.metadata.type",
    carried(
      "breathing → GuidedBreathing, meditation → Meditation; nap, relaxation, rest and body_status → Other",
    ),
  ),
  mood: carried("bad, worse, same, good or great, as the person chose"),
  "heart_rate.interval": mapped(
    `${detailed}.hr_samples.timestamp`,
    "derived: start + index × interval",
    "seconds",
  ),
  "heart_rate.items": mapped(
    [
      `${detailed}.hr_samples.bpm`,
      "activity.heart_rate_data.summary.max_hr_bpm",
      "activity.heart_rate_data.summary.min_hr_bpm",
    ],
    "exact; derived: largest and smallest",
    "null and 0 give no sample",
  ),
  "heart_rate.timestamp": mapped(`${detailed}.hr_samples.timestamp`, "derived: start + index × interval"),
  "heart_rate_variability.interval": mapped(
    `${detailed}.hrv_samples_rmssd.timestamp`,
    "derived: start + index × interval",
    "seconds",
  ),
  "heart_rate_variability.items": mapped(
    `${detailed}.hrv_samples_rmssd.hrv_rmssd`,
    "exact",
    "ms, RMSSD; null and 0 give no sample",
  ),
  "heart_rate_variability.timestamp": mapped(
    `${detailed}.hrv_samples_rmssd.timestamp`,
    "derived: start + index × interval",
  ),
  motion_count: composite(carried("counts of motion: interval in seconds, items, time of the first")),
};

export const session = declareCollection({
  name: "session",
  collection: "session",
  scope: "session",
  schema,
  ledger,
  daysPerCall: 365,
  endsWithId: true,
  keys: ({ day, id }) => [`${day}/${id}`],
});
