import type { Resource } from "../provider.ts";
import { activities } from "./resources/activities.ts";
import { activityFile } from "./resources/activity-file.ts";
import { dailySummary } from "./resources/daily-summary.ts";
import { cycleDay, cycleSummary } from "./resources/menstruation.ts";
import { foodLog, hydration } from "./resources/nutrition.ts";
import { heartRateZones, userSettings } from "./resources/person.ts";
import { bodyBattery, heartRate } from "./resources/series.ts";
import { hrv, sleep } from "./resources/sleep.ts";
import { weight } from "./resources/weight.ts";
import { wellnessActivities } from "./resources/wellness-activities.ts";

/** All that is read of Garmin's Personal API. */
export const resources: readonly Resource[] = [
  dailySummary,
  heartRate,
  bodyBattery,
  sleep,
  hrv,
  activities,
  activityFile,
  wellnessActivities,
  weight,
  foodLog,
  hydration,
  cycleSummary,
  cycleDay,
  userSettings,
  heartRateZones,
];
