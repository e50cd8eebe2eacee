import {
  type Activity,
  complete,
  formatTimestamp,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import type { Normalizer } from "../../provider.ts";
import type { PolarExercise, PolarZone } from "../schema/exercise.ts";
import { activityType, sportName } from "../sports.ts";
import { type LocalTime, parseDuration, parseTime } from "../time.ts";
import { type ExerciseSamples, exerciseSamples } from "./samples.ts";
import { durationSeconds, largestOf, notNegative, partValue, positive, smallestOf } from "./values.ts";

/** What the app and the sensors are called when nobody knows (POLAR-API §2, "Devices"). */
const unknownDevice = "UNKNOWN";

function startOf({ start_time, start_time_utc_offset }: PolarExercise): LocalTime {
  const { localMs, offsetMinutes } = parseTime(start_time);
  return { localMs, offsetMinutes: start_time_utc_offset ?? offsetMinutes };
}

function deviceName({ device }: PolarExercise): string | null {
  return device && device !== unknownDevice ? device : null;
}

function metadata(exercise: PolarExercise, start: LocalTime): Activity["metadata"] {
  const recorded = deviceName(exercise) !== null || Boolean(exercise.device_id);
  return {
    summary_id: exercise.id,
    start_time: formatTimestamp(start.localMs, start.offsetMinutes),
    end_time: formatTimestamp(start.localMs + parseDuration(exercise.duration), start.offsetMinutes),
    type: activityType(exercise),
    upload_type: recorded ? UploadType.Automatic : UploadType.Unknown,
    name: sportName(exercise),
    timestamp_localization: TimestampLocalization.Local,
  };
}

function device(exercise: PolarExercise): Activity["device_data"] {
  const uploaded = exercise.upload_time ? parseTime(exercise.upload_time) : null;
  return {
    name: deviceName(exercise),
    serial_number: exercise.device_id ?? null,
    last_upload_date: uploaded && formatTimestamp(uploaded.localMs, uploaded.offsetMinutes),
  };
}

/** Terra's limits are percentages of the maximum heart rate, Polar's are bpm: these go into the name. */
function zone({ index, lower_limit, upper_limit, in_zone }: PolarZone) {
  const limited = typeof lower_limit === "number" && typeof upper_limit === "number";
  return {
    zone: index ?? null,
    start_percentage: null,
    end_percentage: null,
    name: limited ? `${lower_limit}–${upper_limit} bpm` : null,
    duration_seconds: durationSeconds(in_zone),
  };
}

function heartRate(exercise: PolarExercise, samples: ExerciseSamples): Activity["heart_rate_data"] {
  return {
    summary: {
      avg_hr_bpm: positive(exercise.heart_rate?.average),
      max_hr_bpm: positive(exercise.heart_rate?.maximum),
      hr_zone_data: exercise.heart_rate_zones?.map(zone),
    },
    detailed: { hr_samples: samples.heartRate },
  };
}

function distance(exercise: PolarExercise, samples: ExerciseSamples): Activity["distance_data"] {
  return {
    summary: {
      distance_meters: notNegative(exercise.distance),
      elevation: {
        max_meters: largestOf(samples.elevation, "elev_meters"),
        min_meters: smallestOf(samples.elevation, "elev_meters"),
      },
    },
    detailed: { distance_samples: samples.distance, elevation_samples: samples.elevation },
  };
}

function movement(exercise: PolarExercise, samples: ExerciseSamples): Activity["movement_data"] {
  const metres = positive(exercise.distance);
  const seconds = positive(durationSeconds(exercise.duration));
  return {
    avg_speed_meters_per_second: metres && seconds && metres / seconds,
    max_speed_meters_per_second: largestOf(samples.speed, "speed_meters_per_second"),
    max_cadence_rpm: largestOf(samples.cadence, "cadence_rpm"),
    speed_samples: samples.speed,
    cadence_samples: samples.cadence,
  };
}

function position({ position: points }: ExerciseSamples): Activity["position_data"] {
  return {
    start_pos_lat_lng_deg: points[0]?.coords_lat_lng_deg,
    end_pos_lat_lng_deg: points.at(-1)?.coords_lat_lng_deg,
    position_samples: points,
  };
}

/**
 * Polar exercise (GET /v3/exercises/{id}) → Activity. Totals are Polar's own and never recomputed from the
 * samples: "mean × duration matched distance within 4 % in 12 of 14 runs" (POLAR-API §2). README.md has
 * every field.
 */
export function normalizeExercise(exercise: PolarExercise): Activity {
  const start = startOf(exercise);
  const samples = exerciseSamples(exercise, start);
  return complete("activity", {
    metadata: metadata(exercise, start),
    device_data: device(exercise),
    heart_rate_data: heartRate(exercise, samples),
    calories_data: { total_burned_calories: notNegative(exercise.calories) },
    active_durations_data: { activity_seconds: durationSeconds(exercise.duration) },
    distance_data: distance(exercise, samples),
    movement_data: movement(exercise, samples),
    position_data: position(samples),
    power_data: { max_watts: largestOf(samples.power, "watts"), power_samples: samples.power },
  });
}

export const activityNormalizer: Normalizer = {
  type: "activity",
  affects: ({ resource, key }) => (resource === "exercise" ? [{ type: "activity", naturalKey: key }] : []),
  partsOf: (naturalKey) => [{ resource: "exercise", key: naturalKey }],
  normalize(parts) {
    const exercise = partValue(parts, "exercise");
    return exercise ? normalizeExercise(exercise) : null;
  },
};
