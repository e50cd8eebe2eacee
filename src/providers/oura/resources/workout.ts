/** Workouts: entered by hand, recognised by the ring, or both. */
import { z } from "zod";
import { date, number, text, time } from "../../kit/fields.ts";
import { alsoIn, carried, identifying, type Ledger, mapped } from "../../ledger.ts";
import { declareCollection, documentId } from "../collection.ts";

/** GET /v2/usercollection/workout (Oura's OpenAPI, PublicWorkout). */
const schema = z.looseObject({
  id: documentId,
  day: date,
  start_datetime: time,
  end_datetime: time,
  activity: text,
  label: text,
  source: text,
  intensity: text,
  calories: number,
  distance: number,
});

export type OuraWorkout = z.output<typeof schema>;

/** Sources: [O] Oura's OpenAPI description, [R] captured bodies. */
const ledger: Ledger = {
  id: mapped("activity.metadata.summary_id", "exact"),
  day: identifying(mapped("activity.metadata.summary_id", "key", "the day of the workout")),
  start_datetime: mapped("activity.metadata.start_time", "exact", "with its offset [R]"),
  end_datetime: mapped("activity.metadata.end_time", "exact"),
  activity: alsoIn("activity.metadata.type", carried("Oura's word for the sport; it publishes no list")),
  label: mapped("activity.metadata.name", "exact", "the person's own word"),
  source: alsoIn(
    "activity.metadata.upload_type",
    carried("manual → Manual; autodetected, confirmed and workout_heart_rate → Automatic"),
  ),
  intensity: carried("easy, moderate or hard"),
  calories: mapped("activity.calories_data.total_burned_calories", "exact", '"Energy burned" in kcal [O]'),
  distance: mapped(
    "activity.distance_data.summary.distance_meters",
    "exact",
    "metres; null in half of them [R]",
  ),
};

export const workout = declareCollection({
  name: "workout",
  collection: "workout",
  scope: "workout",
  schema,
  ledger,
  daysPerCall: 365,
  endsWithId: true,
  keys: ({ day, id }) => [`${day}/${id}`],
});
