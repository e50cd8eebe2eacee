/** What is stored of a person, and how a body names the day or the thing that it is about. */
import { isDate } from "../kit/clock.ts";

export type Json = Record<string, unknown>;

const inside = (body: Json, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => Object(value)[key], body);

/** By the path of the key; null where a body names none, so that `?key=` tells it. */
const keyPaths = {
  "daily-summary": "calendarDate",
  "daily-summary-v2": "calendarDate",
  steps: "calendarDate",
  stress: "calendarDate",
  hydration: "calendarDate",
  "heart-rate": "calendarDate",
  "body-battery": "date",
  spo2: "calendarDate",
  hrv: "hrvSummary.calendarDate",
  sleep: "calendarDate",
  /** As in the search of activities. */
  activities: "activityId",
  /** One activity with all that is known of it. */
  activity: "activityId",
  /** The workouts that an activity followed: a list, stored by the id of the activity. */
  "activity-workouts": null,
  weight: "summaryDate",
  "fitness-age": null,
  "food-log": "mealDate",
  "menstrual-summary": null,
  "menstrual-day": "dayLog.calendarDate",
  "wellness-activities": "activityUuid.uuid",
  "weight-goals": null,
  "heart-rate-zones": null,
  "user-settings": null,
} as const satisfies Readonly<Record<string, string | null>>;

export type ResourceName = keyof typeof keyPaths;

export const resourceNames = Object.keys(keyPaths) as readonly ResourceName[];

/** The key of what there is once for each person. */
export const single = "current";
const singles: ReadonlySet<ResourceName> = new Set(["weight-goals", "heart-rate-zones", "user-settings"]);

export const isResource = (name: string): name is ResourceName => Object.hasOwn(keyPaths, name);

/** Returns the key of a body; null where neither it nor `given` tells one. */
export function keyOf(resource: ResourceName, body: unknown, given: string | undefined): string | null {
  if (singles.has(resource)) return single;
  if (given !== undefined) return given;
  const path = keyPaths[resource];
  const found = path === null ? null : inside(Object(body) as Json, path);
  if (typeof found === "number") return String(found);
  return typeof found === "string" && (isDate(found) || !path?.endsWith("Date")) ? found : null;
}
