import {
  ActivityLevel,
  type Columnar,
  complete,
  type Daily,
  formatTimestamp,
  StressLevel,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import { dayMs, minuteMs, parseTime, shiftDate } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, valueFrom } from "../../kit/parts.ts";
import { notNegative, positive } from "../../kit/values.ts";
import type { Normalizer, Part, RecordsRef } from "../../provider.ts";
import { type OfferingNormalizer, type Told, withProviderData } from "../../provider-data.ts";
import { dayOfKey, refsToDay, withoutDeleted } from "../daily-documents.ts";
import { dailyActivity, type OuraActivity } from "../resources/daily-activity.ts";
import {
  cardiovascularAge,
  dailyResilience,
  dailySpo2,
  dailyStress,
  type OuraStress,
  sleepTime,
  vo2Max,
} from "../resources/day-measures.ts";
import { dailyReadiness, dailySleep } from "../resources/scores.ts";
import { enhancedTag, restMode, tag } from "../resources/tags.ts";
import { battery, batterySamples, heartRate, heartRateSamples } from "../resources/time-series.ts";
import { digitsOf, samplesOf } from "../series.ts";
import { tagsOf } from "./tags.ts";
import { daysAround, heartRateIn, refsAround, type Span, samplesIn, writerFor } from "./whole-day.ts";

/** Documents of which a day has one. */
const documents = [
  dailyActivity,
  dailySleep,
  dailyReadiness,
  dailySpo2,
  dailyStress,
  dailyResilience,
  cardiovascularAge,
  vo2Max,
  sleepTime,
];
/** Things of which a day may have several. */
const entries = [enhancedTag, tag, restMode];
const growing = [heartRateSamples, batterySamples];

/** "'0' = non wear, '1' = rest, '2' = inactive, '3' = low activity, '4' = medium activity, '5' = high activity" (Oura's OpenAPI). */
const levels: ReadonlyMap<string, ActivityLevel> = new Map([
  ["0", ActivityLevel.Unknown],
  ["1", ActivityLevel.Rest],
  ["2", ActivityLevel.Inactive],
  ["3", ActivityLevel.LowIntensity],
  ["4", ActivityLevel.MediumIntensity],
  ["5", ActivityLevel.HighIntensity],
]);
const levelStepMs = 5 * minuteMs;

/** Oura does not say what its words mean beside others' scales. They are in the order of Terra's levels. */
const ratings: Readonly<Record<string, StressLevel>> = {
  restored: StressLevel.Rest,
  normal: StressLevel.Medium,
  stressful: StressLevel.High,
};

const minutesOf = (seconds: number | null | undefined): number | null => {
  const known = notNegative(seconds);
  return known === null ? null : known / 60;
};

/** Returns the time in which the person moved; null unless all three are known. */
function activeSeconds({
  low_activity_time: low,
  medium_activity_time: medium,
  high_activity_time: high,
}: OuraActivity) {
  const parts = [low, medium, high].map(notNegative);
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

function levelSamples(given: OuraActivity) {
  if (given.timestamp == null) return [];
  const from = parseTime(given.timestamp);
  return digitsOf(
    given.class_5_min ?? "",
    { from, stepMs: levelStepMs, meanings: levels },
    (timestamp, activity_level) => ({ timestamp, timer_duration_seconds: null, activity_level }),
  );
}

/** Converts a day's activity to the sections of Daily that it fills. */
function activitySections(given: OuraActivity | undefined) {
  if (given === undefined) return {};
  return {
    calories_data: {
      total_burned_calories: notNegative(given.total_calories),
      net_activity_calories: notNegative(given.active_calories),
    },
    active_durations_data: {
      activity_seconds: activeSeconds(given),
      inactivity_seconds: notNegative(given.sedentary_time),
      rest_seconds: notNegative(given.resting_time),
      low_intensity_seconds: notNegative(given.low_activity_time),
      moderate_intensity_seconds: notNegative(given.medium_activity_time),
      vigorous_intensity_seconds: notNegative(given.high_activity_time),
      activity_levels_samples: levelSamples(given),
    },
    MET_data: {
      avg_level: positive(given.average_met_minutes),
      num_inactive_minutes: minutesOf(given.sedentary_time),
      num_low_intensity_minutes: minutesOf(given.low_activity_time),
      num_moderate_intensity_minutes: minutesOf(given.medium_activity_time),
      num_high_intensity_minutes: minutesOf(given.high_activity_time),
      MET_samples: samplesOf(
        given.met,
        (level) => level >= 0,
        (timestamp, level) => ({ timestamp, level }),
      ),
    },
    distance_data: {
      steps: notNegative(given.steps),
      distance_meters: notNegative(given.equivalent_walking_distance),
    },
  };
}

function stress(given: OuraStress | undefined): Daily["stress_data"] {
  const word = given?.day_summary ?? null;
  return {
    stress_rating: word !== null && Object.hasOwn(ratings, word) ? (ratings[word] ?? null) : null,
    high_stress_duration_seconds: notNegative(given?.stress_high),
    rest_stress_duration_seconds: notNegative(given?.recovery_high),
  };
}

/** Documents with a time that tells the day's offset. */
const dated = [dailyActivity, dailyReadiness, dailySleep];

/**
 * Returns the offset of a day's own documents, in minutes; without one, that of the day before, and else 0, since Oura
 * gives the times of samples in UTC.
 */
function offsetOn(date: string, parts: readonly Part[]): number {
  const timestamp = [date, shiftDate(date, -1)]
    .flatMap((day) => dated.map((one) => timestampOn(parts, one.name, day)))
    .find((one) => one !== null);
  return timestamp == null ? 0 : (parseTime(timestamp).offsetMinutes ?? 0);
}

/**
 * Returns the day from its midnight to the next day's, each in the offset of its own day. Where the person travels or
 * clocks change, it has more or fewer than 24 hours, so that each sample is in one day.
 */
function spanOf(date: string, parts: readonly Part[]): Span {
  const next = shiftDate(date, 1);
  const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`) - offsetOn(day, parts) * minuteMs;
  return { fromMs: midnight(date), toMs: midnight(next), offsetMinutes: offsetOn(date, parts) };
}

function timestampOn(parts: readonly Part[], resource: string, date: string): string | null {
  const part = parts.find((one) => one.resource === resource && one.key === date);
  return (part?.value as { readonly timestamp?: string | null } | undefined)?.timestamp ?? null;
}

function normalizeDay(date: string, parts: readonly Part[], span: Span): Columnar<Daily> {
  const { offsetMinutes } = span;
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  return complete("daily", {
    metadata: {
      start_time: formatTimestamp(midnightMs, offsetMinutes),
      end_time: formatTimestamp(midnightMs + dayMs, offsetMinutes),
      upload_type: UploadType.Automatic,
      timestamp_localization: TimestampLocalization.Local,
    },
    ...activitySections(valueFrom(parts, dailyActivity)),
    heart_rate_data: heartRateIn(parts, span),
    oxygen_data: {
      avg_saturation_percentage: positive(valueFrom(parts, dailySpo2)?.spo2_percentage?.average),
      vo2max_ml_per_min_per_kg: positive(valueFrom(parts, vo2Max)?.vo2_max),
    },
    scores: {
      activity: positive(valueFrom(parts, dailyActivity)?.score),
      recovery: positive(valueFrom(parts, dailyReadiness)?.score),
      sleep: positive(valueFrom(parts, dailySleep)?.score),
    },
    stress_data: stress(valueFrom(parts, dailyStress)),
    tag_data: { tags: tagsOf(parts) },
  });
}

/** Returns the battery's levels on the day. */
function batteryOf(parts: readonly Part[], span: Span): object {
  const write = writerFor(span);
  const found = samplesIn(parts, batterySamples, span).map(({ startMs, level, charging, in_charger }) => ({
    timestamp: write(startMs),
    level,
    charging,
    in_charger,
  }));
  return found.length === 0 ? {} : { provider_data: { oura: { ring_battery_levels: found } } };
}

const told: readonly Told[] = [
  {
    path: "ring_battery_levels",
    kind: "json",
    what: "the ring's battery through the day: percent, and whether it was charging or in its charger",
  },
];

const day = (naturalKey: string): RecordsRef => ({ type: "daily", naturalKey });

/** Makes the day of its own parts; null where they say nothing. */
function makeDay(date: string, parts: readonly Part[], span: Span): object | null {
  const isTold =
    parts.some((part) => isOneOf([...documents, ...entries], part)) ||
    samplesIn(parts, heartRateSamples, span).length > 0;
  return isTold ? { ...normalizeDay(date, parts, span), ...batteryOf(parts, span) } : null;
}

const offered = { one: documents, several: entries, told };

const fromParts: Normalizer = {
  type: "daily",
  needs: namesOf([...documents, ...entries, heartRate, battery]),
  affects(part) {
    const date = dayOfKey(part.key);
    // The day before ends where this one begins, and the next one has its offset while it has none of its own.
    if (isOneOf(dated, part))
      return [
        day(date),
        ...[-1, 1].map((days) => ({ ...day(shiftDate(date, days)), prefix: true as const })),
      ];
    if (isOneOf([...documents, ...entries], part)) return [day(date)];
    return isOneOf(growing, part) ? daysAround(part.key).map(day) : [];
  },
  partsOf: (date) => [
    ...refsToDay(documents, date),
    ...[-1, 1].flatMap((days) => refsToDay(dated, shiftDate(date, days))),
    ...entries.map(({ name: resource }) => ({ resource, key: `${date}/`, prefix: true as const })),
    ...growing.flatMap((resource) => refsAround(resource, date)),
  ],
  normalize(parts, date) {
    const living = withoutDeleted(parts, documents);
    const span = spanOf(date, living);
    // The documents of the days around tell an offset and nothing else.
    const own = living.filter((part) => !isOneOf(dated, part) || dayOfKey(part.key) === date);
    const ofOwn = { ...fromParts, normalize: (given: readonly Part[]) => makeDay(date, given, span) };
    return withProviderData("oura", ofOwn, offered).normalize(own, date);
  },
};

export const dailyNormalizer: OfferingNormalizer = { ...fromParts, offered };
