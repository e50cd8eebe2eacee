import {
  ActivityLevel,
  type ActivityLevelSample,
  complete,
  type Daily,
  formatTimestamp,
  TimestampLocalization,
  timestampFormatter,
  UploadType,
} from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { carriedOf } from "../../ledger-carried.ts";
import type { Normalizer, Part, RecordRef } from "../../provider.ts";
import { cardioLoadLedger } from "../ledger/cardio-load.ts";
import { hoursOf } from "../resources/exercise-offset.ts";
import type { PolarCardioLoad } from "../schema/cardio-load.ts";
import type { PolarActivityDay, PolarHeartRateDay } from "../schema/day.ts";
import { dayMs, parseTime } from "../time.ts";
import { dayHeartRate } from "./heart-rate.ts";
import { stepSamples } from "./steps.ts";
import { offsetInForce, shiftDate } from "./utc-offset.ts";
import { durationSeconds, notNegative, partValue, partValues } from "./values.ts";

/** NON_WEAR is real and undocumented (POLAR-API §3); like any other zone it is Unknown. */
const levels: ReadonlyMap<string, ActivityLevel> = new Map([
  ["SLEEP", ActivityLevel.Rest],
  ["SEDENTARY", ActivityLevel.Inactive],
  ["LIGHT", ActivityLevel.LowIntensity],
  ["MODERATE", ActivityLevel.MediumIntensity],
  ["VIGOROUS", ActivityLevel.HighIntensity],
]);

interface ZoneStart {
  readonly level: ActivityLevel;
  readonly startMs: number;
}

function zonesOf(activity: PolarActivityDay | undefined): readonly ZoneStart[] {
  const zones = (activity?.samples?.activity_zones?.samples ?? []).map(({ zone, timestamp }) => ({
    level: levels.get(zone ?? "") ?? ActivityLevel.Unknown,
    startMs: parseTime(timestamp).localMs,
  }));
  return inOrder(zones, ({ startMs }) => startMs);
}

/** "A zone lasts until the next stamp" (POLAR-API §3), the last one until the day's end_time. */
function secondsIn(
  zones: readonly ZoneStart[],
  endMs: number | null,
): (level: ActivityLevel) => number | null {
  if (zones.length === 0 || endMs === null) return () => null;
  return (wanted) =>
    zones.reduce((sum, { level, startMs }, index) => {
      // A stamp may lie beyond an end_time that was rounded down: nothing lasts less than no time.
      const untilMs = Math.min(zones[index + 1]?.startMs ?? endMs, endMs);
      return level === wanted ? sum + Math.max(0, untilMs - startMs) / 1000 : sum;
    }, 0);
}

function levelSamples(zones: readonly ZoneStart[]): ActivityLevelSample[] {
  const format = timestampFormatter(null);
  return zones.map(({ level, startMs }) => ({
    timestamp: format(startMs),
    timer_duration_seconds: null,
    activity_level: level,
  }));
}

function activeDurations(activity: PolarActivityDay | undefined): Daily["active_durations_data"] {
  const zones = zonesOf(activity);
  const seconds = secondsIn(zones, activity?.end_time ? parseTime(activity.end_time).localMs : null);
  return {
    activity_seconds: durationSeconds(activity?.active_duration),
    inactivity_seconds: durationSeconds(activity?.inactive_duration),
    rest_seconds: seconds(ActivityLevel.Rest),
    low_intensity_seconds: seconds(ActivityLevel.LowIntensity),
    moderate_intensity_seconds: seconds(ActivityLevel.MediumIntensity),
    vigorous_intensity_seconds: seconds(ActivityLevel.HighIntensity),
    activity_levels_samples: levelSamples(zones),
  };
}

/** Active calories are "excluding BMR" and the total includes it, so the difference is the BMR. */
function calories(activity: PolarActivityDay | undefined): Daily["calories_data"] {
  const total = notNegative(activity?.calories);
  const active = notNegative(activity?.active_calories);
  return {
    total_burned_calories: total,
    net_activity_calories: active,
    BMR_calories: total === null || active === null ? null : notNegative(total - active),
  };
}

function distance(activity: PolarActivityDay | undefined): Daily["distance_data"] {
  const steps = notNegative(activity?.steps);
  return {
    distance_meters: notNegative(activity?.distance_from_steps),
    steps,
    detailed: { step_samples: stepSamples(activity?.samples?.steps, steps) },
  };
}

/** What is said of one date; nothing of it need be there. */
export interface PolarDay {
  readonly activity?: PolarActivityDay | undefined;
  readonly heartRate?: PolarHeartRateDay | undefined;
  readonly cardioLoad?: PolarCardioLoad | undefined;
}

/**
 * A day's activity summary, continuous heart rate and cardio load → Daily. Polar says no time zone ("determined by the
 * time set on the device… No timezone information is available"), so every time is local without an offset.
 */
export function normalizeDay(date: string, { activity, heartRate, cardioLoad }: PolarDay): Daily {
  const midnightMs = parseTime(`${date}T00:00`).localMs;
  return complete("daily", {
    metadata: {
      start_time: formatTimestamp(midnightMs, null),
      end_time: formatTimestamp(midnightMs + dayMs, null),
      upload_type: UploadType.Automatic,
      timestamp_localization: TimestampLocalization.Local,
    },
    heart_rate_data: dayHeartRate(midnightMs, heartRate),
    calories_data: calories(activity),
    active_durations_data: activeDurations(activity),
    distance_data: distance(activity),
    strain_data: { strain_level: notNegative(cardioLoad?.cardio_load) },
  });
}

/** Every date of a list of cardio loads is there, most with nothing but words for nothing. */
function saysSomething(load: PolarCardioLoad | undefined): boolean {
  return notNegative(load?.cardio_load) !== null || carriedOf(cardioLoadLedger, load) !== null;
}

function dayOf(parts: readonly Part[]): PolarDay | null {
  const activity = partValue(parts, "activity");
  const heartRate = partValue(parts, "continuous-heart-rate");
  const cardioLoad = partValue(parts, "cardio-load");
  return activity || heartRate || saysSomething(cardioLoad) ? { activity, heartRate, cardioLoad } : null;
}

const ofTheDay = ["activity", "continuous-heart-rate", "cardio-load"];
const day = (naturalKey: string): RecordRef => ({ type: "daily", naturalKey });

export const dailyNormalizer: Normalizer = {
  type: "daily",
  affects({ resource, key }) {
    if (ofTheDay.includes(resource)) return [day(key)];
    // The night tells the offset of the day it led into, and of the one on whose evening it began.
    if (resource === "sleep") return [day(key), day(shiftDate(key, -1))];
    return resource === "exercise-offset" ? [day(key.slice(0, 10))] : [];
  },
  partsOf: (date) => [
    ...ofTheDay.map((resource) => ({ resource, key: date })),
    { resource: "sleep", key: date },
    { resource: "sleep", key: shiftDate(date, 1) },
    ...hoursOf(date).map((key) => ({ resource: "exercise-offset", key })),
  ],
  normalize(parts) {
    const given = dayOf(parts);
    const date = parts.find(({ resource }) => ofTheDay.includes(resource))?.key;
    if (given === null || date === undefined) return null;
    const nights = partValues(parts, "sleep");
    const offset = offsetInForce(date, { nights, exercises: partValues(parts, "exercise-offset") });
    const daily = normalizeDay(date, given);
    return offset ? { ...daily, provider_data: { polar: { utc_offset: offset } } } : daily;
  },
};
