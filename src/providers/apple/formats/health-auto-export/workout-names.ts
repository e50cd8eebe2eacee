/**
 * The names of workouts as the person sees them: `Outdoor Run`, `Indoor Cycling`, `Traditional Strength Training`. On
 * phones in other languages they are translated, and then the activity is unknown.
 */
import { activityNumber } from "../../healthkit/activity-types.ts";

const place = /^(indoor|outdoor|pool|open water)\s+/i;

/** Short names, by HealthKit's. */
const synonyms: Readonly<Record<string, string>> = {
  Run: "Running",
  Walk: "Walking",
  Cycle: "Cycling",
  Bike: "Cycling",
  Swim: "Swimming",
  Row: "Rowing",
  Hike: "Hiking",
  Hiit: "HighIntensityIntervalTraining",
  Multisport: "SwimBikeRun",
  Dancing: "Dance",
  StrengthTraining: "TraditionalStrengthTraining",
  StairStepper: "StairClimbing",
};

/** Returns HealthKit's number of the activity; null where the name is not known. */
export function typeOfName(name: string): number | null {
  const joined = name
    .replace(place, "")
    .replaceAll("&", " and ")
    .split(/[^\p{L}]+/u)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join("");
  const known = Object.hasOwn(synonyms, joined) ? synonyms[joined] : undefined;
  return activityNumber(known ?? joined);
}
