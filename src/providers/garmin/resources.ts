import type { Resource } from "../provider.ts";
import { activities } from "./resources/activities.ts";
import { activity } from "./resources/activity.ts";
import { activityFile } from "./resources/activity-file.ts";
import { dailySummary } from "./resources/daily-summary.ts";
import { fitnessAge } from "./resources/fitness-age.ts";
import { hrv, hrvDaily } from "./resources/hrv.ts";
import { cycleDay, cycleSummary } from "./resources/menstruation.ts";
import { foodLog, hydration } from "./resources/nutrition.ts";
import { heartRateZones, userSettings, weightGoals } from "./resources/person.ts";
import { bodyBattery, heartRate } from "./resources/series.ts";
import { sleep } from "./resources/sleep.ts";
import { spo2 } from "./resources/spo2.ts";
import { weight } from "./resources/weight.ts";
import { wellnessActivities } from "./resources/wellness-activities.ts";

/** All that is read of Garmin's Personal API. */
export const resources: readonly Resource[] = [
  dailySummary,
  heartRate,
  bodyBattery,
  spo2,
  sleep,
  hrvDaily,
  hrv,
  activities,
  activity,
  activityFile,
  wellnessActivities,
  weight,
  fitnessAge,
  foodLog,
  hydration,
  cycleSummary,
  cycleDay,
  userSettings,
  heartRateZones,
  weightGoals,
];
