import type { Resource } from "../provider.ts";
import { dailyActivity } from "./resources/daily-activity.ts";
import {
  cardiovascularAge,
  dailyResilience,
  dailySpo2,
  dailyStress,
  sleepTime,
  vo2Max,
} from "./resources/day-measures.ts";
import { personalInfo, ring } from "./resources/person.ts";
import { dailyReadiness, dailySleep } from "./resources/scores.ts";
import { session } from "./resources/session.ts";
import { sleep } from "./resources/sleep.ts";
import { enhancedTag, restMode, tag } from "./resources/tags.ts";
import { battery, batterySamples, heartRate, heartRateSamples } from "./resources/time-series.ts";
import { workout } from "./resources/workout.ts";

/** All collections of Oura's API v2. */
export const resources: readonly Resource[] = [
  sleep,
  dailyActivity,
  workout,
  session,
  dailySleep,
  dailyReadiness,
  dailySpo2,
  dailyStress,
  dailyResilience,
  cardiovascularAge,
  vo2Max,
  sleepTime,
  enhancedTag,
  tag,
  restMode,
  heartRate,
  heartRateSamples,
  battery,
  batterySamples,
  personalInfo,
  ring,
];
