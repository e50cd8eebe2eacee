import {
  ActivityLevel,
  type ActivityLevelSample,
  type Columnar,
  complete,
  type Daily,
  formatTimestamp,
  TimestampLocalization,
  timestampFormatter,
  UploadType,
} from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { dayMs, parseTime, shiftDate } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom, valuesFrom } from "../../kit/parts.ts";
import { durationSeconds, notNegative } from "../../kit/values.ts";
import { carriedOf } from "../../ledger-carried.ts";
import type { Part, RecordRef } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { activity as activityResource, type PolarActivityDay } from "../resources/activity.ts";
import { cardioLoad as cardioLoadResource, type PolarCardioLoad } from "../resources/cardio-load.ts";
import { continuousHeartRate, type PolarHeartRateDay } from "../resources/continuous-heart-rate.ts";
import { exercise } from "../resources/exercise/exercise.ts";
import { exerciseOffset, hoursOf } from "../resources/exercise/exercise-offset.ts";
import { sleep } from "../resources/sleep.ts";
import { toldOfDaily } from "../told.ts";
import { dayHeartRate } from "./heart-rate.ts";
import { stepSamples } from "./steps.ts";
import { offsetInForce } from "./utc-offset.ts";

/**
 * Activity levels by Polar's zones. NON_WEAR is real and undocumented (POLAR-API §3); like any other zone it is
 * Unknown.
 */
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

/**
 * Returns the seconds spent in a zone. "A zone lasts until the next stamp" (POLAR-API §3), the last one until the day's
 * end_time.
 */
function secondsIn(
  zones: readonly ZoneStart[],
  endMs: number | null,
): (level: ActivityLevel) => number | null {
  if (zones.length === 0 || endMs === null) return () => null;
  return (wanted) =>
    zones.reduce((sum, { level, startMs }, index) => {
      // A stamp may lie after an end_time that was rounded down; its zone then lasts 0 seconds.
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

/**
 * Returns the calories. Active calories are "excluding BMR" and the total includes it, so the difference is the BMR.
 */
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

/** The data of one date. Any of it may be missing. */
export interface PolarDay {
  readonly activity?: PolarActivityDay | undefined;
  readonly heartRate?: PolarHeartRateDay | undefined;
  readonly cardioLoad?: PolarCardioLoad | undefined;
}

/**
 * Converts a day's activity summary, continuous heart rate and cardio load to a Daily. Polar gives no time zone
 * ("determined by the time set on the device… No timezone information is available"), so every time is local without an
 * offset.
 */
export function normalizeDay(date: string, { activity, heartRate, cardioLoad }: PolarDay): Columnar<Daily> {
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

/** Tells whether a cardio load has any value. A list has every date, most of them with nothing but words for "none". */
function saysSomething(load: PolarCardioLoad | undefined): boolean {
  return notNegative(load?.cardio_load) !== null || carriedOf(cardioLoadResource.ledger, load) !== null;
}

function dayOf(parts: readonly Part[]): PolarDay | null {
  const activity = valueFrom(parts, activityResource);
  const heartRate = valueFrom(parts, continuousHeartRate);
  const cardioLoad = valueFrom(parts, cardioLoadResource);
  return activity || heartRate || saysSomething(cardioLoad) ? { activity, heartRate, cardioLoad } : null;
}

const ofTheDay = [activityResource, continuousHeartRate, cardioLoadResource];
const day = (naturalKey: string): RecordRef => ({ type: "daily", naturalKey });

export const dailyNormalizer = withProviderData(
  "polar",
  {
    type: "daily",
    // Nights and exercises tell the offset.
    needs: namesOf([...ofTheDay, sleep, exercise, exerciseOffset]),
    affects(part) {
      const { resource, key } = part;
      if (isOneOf(ofTheDay, part)) return [day(key)];
      // A night tells the offset of the day it led into, and of the day on whose evening it began.
      if (resource === sleep.name) return [day(key), day(shiftDate(key, -1))];
      return resource === exerciseOffset.name ? [day(key.slice(0, 10))] : [];
    },
    partsOf: (date) => [
      ...refsTo(ofTheDay, date),
      ...refsTo([sleep], date),
      ...refsTo([sleep], shiftDate(date, 1)),
      ...hoursOf(date).flatMap((hour) => refsTo([exerciseOffset], hour)),
    ],
    normalize(parts) {
      const given = dayOf(parts);
      const date = parts.find((part) => isOneOf(ofTheDay, part))?.key;
      if (given === null || date === undefined) return null;
      const nights = valuesFrom(parts, sleep);
      const offset = offsetInForce(date, { nights, exercises: valuesFrom(parts, exerciseOffset) });
      const daily = normalizeDay(date, given);
      return offset ? { ...daily, provider_data: { polar: { utc_offset: offset } } } : daily;
    },
  },
  { one: ofTheDay, told: toldOfDaily },
);
