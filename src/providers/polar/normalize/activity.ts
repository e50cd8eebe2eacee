import {
  type Activity,
  type Columnar,
  complete,
  formatTimestamp,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import { type LocalTime, parseDuration, parseTime } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { durationSeconds, largest, notNegative, positive, smallest } from "../../kit/values.ts";
import type { WorkoutSamples } from "../../kit/workout-samples.ts";
import { withProviderData } from "../../provider-data.ts";
import { exercise as exerciseResource } from "../resources/exercise/exercise.ts";
import { type PolarExercise, type PolarZone, recordedMs } from "../resources/exercise/schema.ts";
import { exerciseFit } from "../resources/exercise-fit.ts";
import { exerciseGpx } from "../resources/exercise-gpx.ts";
import { exerciseTcx } from "../resources/exercise-tcx.ts";
import { activityType, sportName } from "../sports.ts";
import { toldOfActivity } from "../told.ts";
import { type ExerciseFiles, exerciseLaps } from "./laps.ts";
import { recordedTime } from "./recorded-time.ts";
import { exerciseSamples } from "./samples.ts";

/** The name that the app and the sensors get when it is unknown (POLAR-API §2, "Devices"). */
const unknownDevice = "UNKNOWN";

export function startOf({ start_time, start_time_utc_offset }: PolarExercise): LocalTime {
  const { localMs, offsetMinutes } = parseTime(start_time);
  return { localMs, offsetMinutes: start_time_utc_offset ?? offsetMinutes };
}

/** Returns the length of the exercise. The schema guarantees one of the two. */
function lengthOf(exercise: PolarExercise): { readonly ms: number; readonly basis: "duration" | "recorded" } {
  const { duration } = exercise;
  return duration
    ? { ms: parseDuration(duration), basis: "duration" }
    : { ms: recordedMs(exercise) ?? 0, basis: "recorded" };
}

function deviceName({ device }: PolarExercise): string | null {
  return device && device !== unknownDevice ? device : null;
}

function metadata(exercise: PolarExercise, start: LocalTime, endMs: number): Activity["metadata"] {
  const recorded = deviceName(exercise) !== null || Boolean(exercise.device_id);
  return {
    summary_id: exercise.id,
    start_time: formatTimestamp(start.localMs, start.offsetMinutes),
    end_time: formatTimestamp(start.localMs + endMs, start.offsetMinutes),
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

/**
 * Converts a zone. Terra's limits are percentages of the maximum heart rate, Polar's are bpm, so Polar's go into the
 * name.
 */
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

function heartRate(exercise: PolarExercise, samples: WorkoutSamples): Columnar<Activity["heart_rate_data"]> {
  return {
    summary: {
      avg_hr_bpm: positive(exercise.heart_rate?.average),
      max_hr_bpm: positive(exercise.heart_rate?.maximum),
      hr_zone_data: exercise.heart_rate_zones?.map(zone),
    },
    detailed: { hr_samples: samples.heartRate },
  };
}

/**
 * Returns the FIT file's totals that the exercise itself lacks. Undefined for a file with several sessions, whose totals are
 * not the exercise's.
 */
function sessionOf({ fit }: ExerciseFiles) {
  return fit?.session?.length === 1 ? fit.session[0] : undefined;
}

function distance(
  exercise: PolarExercise,
  samples: WorkoutSamples,
  files: ExerciseFiles,
): Columnar<Activity["distance_data"]> {
  const session = sessionOf(files);
  return {
    summary: {
      distance_meters: notNegative(exercise.distance),
      elevation: {
        max_meters: largest(samples.elevation.values("elev_meters")),
        min_meters: smallest(samples.elevation.values("elev_meters")),
        gain_actual_meters: notNegative(session?.total_ascent),
        loss_actual_meters: notNegative(session?.total_descent),
      },
    },
    detailed: { distance_samples: samples.distance, elevation_samples: samples.elevation },
  };
}

function movement(
  exercise: PolarExercise,
  samples: WorkoutSamples,
  files: ExerciseFiles,
): Columnar<Activity["movement_data"]> {
  const metres = positive(exercise.distance);
  const seconds = positive(durationSeconds(exercise.duration));
  return {
    avg_speed_meters_per_second: metres && seconds && metres / seconds,
    max_speed_meters_per_second: largest(samples.speed.values("speed_meters_per_second")),
    avg_cadence_rpm: positive(sessionOf(files)?.avg_cadence),
    max_cadence_rpm: largest(samples.cadence.values("cadence_rpm")),
    speed_samples: samples.speed,
    cadence_samples: samples.cadence,
  };
}

function position({ position: points }: WorkoutSamples): Columnar<Activity["position_data"]> {
  const places = points.values("coords_lat_lng_deg");
  return {
    start_pos_lat_lng_deg: places[0],
    end_pos_lat_lng_deg: places.at(-1),
    position_samples: points,
  };
}

function power({ power: watts }: WorkoutSamples, files: ExerciseFiles): Columnar<Activity["power_data"]> {
  return {
    avg_watts: positive(sessionOf(files)?.avg_power),
    max_watts: largest(watts.values("watts")),
    power_samples: watts,
  };
}

/**
 * Converts a Polar exercise (GET /v3/exercises/{id}), with its files once they are there, to an Activity. Totals are
 * Polar's own and never recomputed from the samples: "mean × duration matched distance within 4 % in 12 of 14 runs"
 * (POLAR-API §2). The ledgers list every field.
 */
function normalizeExercise(exercise: PolarExercise, files: ExerciseFiles): Offered {
  const start = startOf(exercise);
  const { ms: durationMs, basis } = lengthOf(exercise);
  const recorded = recordedTime(exercise, files, start);
  const samples = exerciseSamples(exercise, start, recorded);
  const { laps, corrected } = exerciseLaps(files, start, durationMs);
  const activity = complete("activity", {
    metadata: metadata(exercise, start, recorded.ofEnd(durationMs)),
    device_data: device(exercise),
    heart_rate_data: heartRate(exercise, samples),
    calories_data: { total_burned_calories: notNegative(exercise.calories) },
    active_durations_data: { activity_seconds: durationSeconds(exercise.duration) },
    distance_data: distance(exercise, samples, files),
    movement_data: movement(exercise, samples, files),
    position_data: position(samples),
    power_data: power(samples, files),
    strain_data: { strain_level: notNegative(exercise.training_load_pro?.cardio_load) },
    lap_data: { laps },
  });
  return withNotes(activity, {
    // Noted, because no other field shows that something stood in for a missing or unreadable duration.
    ...(basis !== "duration" && { end_time: { basis } }),
    ...(recorded.clock && { sample_clock: recorded.clock }),
    ...(Object.keys(corrected).length > 0 && { laps: corrected }),
  });
}

type Offered = Columnar<Activity> & { readonly provider_data?: { readonly polar: object } };

/** Adds to the record what was corrected, and by which evidence. */
function withNotes(activity: Columnar<Activity>, notes: object): Offered {
  return Object.keys(notes).length > 0 ? { ...activity, provider_data: { polar: notes } } : activity;
}

const resources = [exerciseResource, exerciseFit, exerciseTcx];

export const activityNormalizer = withProviderData(
  "polar",
  {
    type: "activity",
    // "Hashed id of the training session" [O].
    hasOwnIds: true,
    needs: namesOf([...resources, exerciseGpx]),
    affects: (part) => (isOneOf(resources, part) ? [{ type: "activity", naturalKey: part.key }] : []),
    partsOf: (naturalKey) => refsTo(resources, naturalKey),
    normalize(parts) {
      const exercise = valueFrom(parts, exerciseResource);
      const files = { fit: valueFrom(parts, exerciseFit), tcx: valueFrom(parts, exerciseTcx) };
      return exercise ? normalizeExercise(exercise, files) : null;
    },
  },
  { one: resources, told: toldOfActivity },
);
