import {
  type Activity,
  ActivityType,
  type Columnar,
  complete,
  formatTimestamp,
  type HeartRateData,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import { instantMs, parseTime } from "../../kit/iso-time.ts";
import { isOneOf, isPartOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { largest, notNegative, smallest } from "../../kit/values.ts";
import { type Normalizer, ownIdOf, type Part } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { dayOfKey } from "../daily-documents.ts";
import { type OuraSession, session } from "../resources/session.ts";
import { heartRate, heartRateSamples } from "../resources/time-series.ts";
import { type OuraWorkout, workout } from "../resources/workout.ts";
import { isAboveZero, samplesOf } from "../series.ts";
import { activityTypeOf } from "../sports.ts";
import { daysAround, heartRateIn, refsAround, type Span } from "./whole-day.ts";

interface Timed {
  readonly start_datetime: string;
  readonly end_datetime: string;
}

/** Returns the metadata that workouts and sessions share. */
function metadata(key: string, { start_datetime, end_datetime }: Timed) {
  const [start, end] = [parseTime(start_datetime), parseTime(end_datetime)];
  return {
    summary_id: key,
    start_time: formatTimestamp(start.localMs, start.offsetMinutes),
    end_time: formatTimestamp(end.localMs, end.offsetMinutes),
    timestamp_localization: TimestampLocalization.Local,
  };
}

/** Returns the instants of a workout, its end included. */
function spanOf({ start_datetime, end_datetime }: Timed): Span {
  const start = parseTime(start_datetime);
  return {
    fromMs: instantMs(start),
    toMs: instantMs(parseTime(end_datetime)) + 1,
    offsetMinutes: start.offsetMinutes ?? 0,
  };
}

const uploadTypes: Readonly<Record<string, UploadType>> = {
  manual: UploadType.Manual,
  autodetected: UploadType.Automatic,
  confirmed: UploadType.Automatic,
  workout_heart_rate: UploadType.Automatic,
};

/**
 * Converts a workout (GET /v2/usercollection/workout) to an Activity. Energy: kcal. Distance: metres. Oura puts no heart
 * rate into it: the samples of its time come from GET /v2/usercollection/heartrate.
 */
function normalizeWorkout(key: string, given: OuraWorkout, parts: readonly Part[]): Columnar<Activity> {
  const { source } = given;
  return complete("activity", {
    metadata: {
      ...metadata(key, given),
      type: activityTypeOf(given.activity),
      upload_type:
        source != null && Object.hasOwn(uploadTypes, source)
          ? (uploadTypes[source] ?? UploadType.Unknown)
          : UploadType.Unknown,
      name: given.label ?? null,
    },
    heart_rate_data: heartRateIn(parts, spanOf(given)),
    calories_data: { total_burned_calories: notNegative(given.calories) },
    distance_data: { summary: { distance_meters: notNegative(given.distance) } },
  });
}

const sessionTypes: Readonly<Record<string, ActivityType>> = {
  breathing: ActivityType.GuidedBreathing,
  meditation: ActivityType.Meditation,
};

function sessionType(type: string | null | undefined): ActivityType {
  if (type == null) return ActivityType.Unknown;
  return Object.hasOwn(sessionTypes, type) ? (sessionTypes[type] ?? ActivityType.Other) : ActivityType.Other;
}

function sessionHeartRate(given: OuraSession): HeartRateData {
  const hr = samplesOf(given.heart_rate, isAboveZero, (timestamp, bpm) => ({
    timestamp,
    timer_duration_seconds: null,
    bpm,
    context: null,
  }));
  const beats = hr.map(({ bpm }) => bpm);
  return {
    summary: { max_hr_bpm: largest(beats), min_hr_bpm: smallest(beats) },
    detailed: {
      hr_samples: hr,
      hrv_samples_rmssd: samplesOf(given.heart_rate_variability, isAboveZero, (timestamp, hrv_rmssd) => ({
        timestamp,
        hrv_rmssd,
      })),
    },
  };
}

/** Converts a session (GET /v2/usercollection/session), which the person starts in the app, to an Activity. */
function normalizeSession(key: string, given: OuraSession): Activity {
  return complete("activity", {
    metadata: {
      ...metadata(key, given),
      type: sessionType(given.type),
      upload_type: UploadType.Automatic,
    },
    heart_rate_data: sessionHeartRate(given),
  });
}

const things = [workout, session];

const fromParts: Normalizer = {
  type: "activity",
  needs: namesOf([...things, heartRate]),
  affects(part) {
    if (isOneOf(things, part)) return [{ type: "activity", naturalKey: part.key }];
    if (!isPartOf(heartRateSamples, part)) return [];
    return daysAround(part.key).map((day) => ({ type: "activity", naturalKey: `${day}/`, prefix: true }));
  },
  partsOf: (key) => [...refsTo(things, key), ...refsAround(heartRateSamples, dayOfKey(key))],
  normalize(parts, key) {
    const trained = valueFrom(parts, workout);
    if (trained !== undefined) return normalizeWorkout(key, trained, parts);
    const rested = valueFrom(parts, session);
    return rested === undefined ? null : normalizeSession(key, rested);
  },
  hasOwnIds: true,
  ownIdIn: (key) => ownIdOf(key) ?? key,
};

export const activityNormalizer = withProviderData("oura", fromParts, { one: things });
