/** A day's activity: "a 24-hour period starting at 4 a.m." */
import { z } from "zod";
import { asSent, date, integer, number, text, time } from "../../kit/fields.ts";
import { alsoIn, carried, composite, identifying, type Ledger, mapped, numeric } from "../../ledger.ts";
import { declareCollection, documentId } from "../collection.ts";
import { dayKeys } from "../daily-documents.ts";
import { series } from "../series.ts";

/** GET /v2/usercollection/daily_activity (Oura's OpenAPI, PublicDailyActivity). */
const schema = z.looseObject({
  id: documentId,
  day: date,
  timestamp: time.nullish(),
  score: number,
  contributors: asSent,
  class_5_min: text,
  met: series,
  steps: integer,
  active_calories: number,
  total_calories: number,
  target_calories: asSent,
  equivalent_walking_distance: number,
  meters_to_target: asSent,
  target_meters: asSent,
  average_met_minutes: number,
  high_activity_time: number,
  medium_activity_time: number,
  low_activity_time: number,
  sedentary_time: number,
  resting_time: number,
  non_wear_time: asSent,
  high_activity_met_minutes: asSent,
  medium_activity_met_minutes: asSent,
  low_activity_met_minutes: asSent,
  sedentary_met_minutes: asSent,
  inactivity_alerts: asSent,
});

export type OuraActivity = z.output<typeof schema>;

const seconds = (to: string, minutes: string) => [
  `daily.active_durations_data.${to}`,
  `daily.MET_data.${minutes}`,
];
const activeToo = "daily.active_durations_data.activity_seconds";

/** Sources: [O] Oura's OpenAPI description, [R] captured bodies. */
const ledger: Ledger = {
  id: carried("the document's id"),
  day: identifying(mapped("daily.metadata.start_time", "key", "the date; Terra's day begins at midnight")),
  timestamp: mapped(
    [
      "daily.metadata.start_time",
      "daily.metadata.end_time",
      "daily.active_durations_data.activity_levels_samples.timestamp",
    ],
    "derived: its offset; the first interval of class_5_min",
    "04:00 local time with an offset [R]; old ones have +00:00 whatever the place [R]",
  ),
  score: mapped("daily.scores.activity", "exact", "1–100 [O]; 0 → null"),
  contributors: composite(carried("the parts of the score, each 1–100 or null")),
  class_5_min: mapped(
    "daily.active_durations_data.activity_levels_samples.activity_level",
    "converted",
    "a digit for each 5 minutes from `timestamp`: 0 not worn → Unknown, 1 rest, 2 inactive, 3 low, 4 medium, 5 high [O]",
  ),
  "met.interval": mapped(
    "daily.MET_data.MET_samples.timestamp",
    "derived: start + index × interval",
    "seconds",
  ),
  "met.items": mapped("daily.MET_data.MET_samples.level", "exact", "null gives no sample"),
  "met.timestamp": mapped("daily.MET_data.MET_samples.timestamp", "derived: start + index × interval"),
  steps: mapped("daily.distance_data.steps", "exact"),
  active_calories: mapped("daily.calories_data.net_activity_calories", "exact", "kcal [O]"),
  total_calories: mapped("daily.calories_data.total_burned_calories", "exact", "kcal [O]"),
  target_calories: numeric(carried("kcal, the day's goal")),
  equivalent_walking_distance: mapped(
    "daily.distance_data.distance_meters",
    "exact",
    '"Equivalent walking distance of energy expenditure in meters" [O]',
  ),
  meters_to_target: numeric(carried("metres left to the goal; negative when it was exceeded [R]")),
  target_meters: numeric(carried("metres, the day's goal")),
  average_met_minutes: mapped("daily.MET_data.avg_level", "exact", "a mean of METs: 1.875 [R]"),
  high_activity_time: mapped(
    [...seconds("vigorous_intensity_seconds", "num_high_intensity_minutes"), activeToo],
    "exact; converted: s ÷ 60; derived: low + medium + high",
  ),
  medium_activity_time: mapped(
    [...seconds("moderate_intensity_seconds", "num_moderate_intensity_minutes"), activeToo],
    "exact; converted: s ÷ 60; derived: low + medium + high",
  ),
  low_activity_time: mapped(
    [...seconds("low_intensity_seconds", "num_low_intensity_minutes"), activeToo],
    "exact; converted: s ÷ 60; derived: low + medium + high",
  ),
  sedentary_time: mapped(
    seconds("inactivity_seconds", "num_inactive_minutes"),
    "exact; converted: s ÷ 60",
    "awake and inactive; rest is apart",
  ),
  resting_time: mapped("daily.active_durations_data.rest_seconds", "exact"),
  non_wear_time: numeric(
    alsoIn("daily.active_durations_data.activity_levels_samples", carried("seconds without the ring")),
  ),
  high_activity_met_minutes: numeric(carried("MET × minutes; Terra counts minutes")),
  medium_activity_met_minutes: numeric(carried("MET × minutes; Terra counts minutes")),
  low_activity_met_minutes: numeric(carried("MET × minutes; Terra counts minutes")),
  sedentary_met_minutes: numeric(carried("MET × minutes; Terra counts minutes")),
  inactivity_alerts: numeric(carried("alerts given, not periods")),
};

export const dailyActivity = declareCollection({
  name: "daily-activity",
  collection: "daily_activity",
  scope: "daily",
  schema,
  ledger,
  daysPerCall: 60,
  endsWithId: true,
  keys: dayKeys,
});
