import { type Activity, complete, TimestampLocalization, UploadType } from "../../../models/index.ts";
import { isPartOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { notNegative, positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { activities, type GarminActivity } from "../resources/activities.ts";
import { activityTypeOf } from "../sports.ts";
import { offsetOf, writeInstant } from "../times.ts";
import { secondsOf, whole } from "./values.ts";

/** Returns the end: as told, else by the time that passed, pauses included, else by the time of moving. */
function endOf({
  start_time_gmt: start,
  end_time_gmt: end,
  elapsed_duration,
  duration,
}: GarminActivity): number {
  if (end != null && end >= start) return end;
  return start + (notNegative(elapsed_duration) ?? notNegative(duration) ?? 0) * 1_000;
}

function uploadType({ manual_activity: manual, is_manual_activity: alsoManual }: GarminActivity): UploadType {
  const isManual = manual ?? alsoManual;
  if (isManual == null) return UploadType.Unknown;
  return isManual ? UploadType.Manual : UploadType.Automatic;
}

function metadata(key: string, given: GarminActivity): Activity["metadata"] {
  const offset = offsetOf(given.start_time_gmt, given.start_time_local);
  return {
    summary_id: key,
    start_time: writeInstant(given.start_time_gmt, offset),
    end_time: writeInstant(endOf(given), offset),
    type: activityTypeOf(given.activity_type),
    upload_type: uploadType(given),
    name: given.activity_name ?? null,
    timestamp_localization: offset === null ? TimestampLocalization.Utc : TimestampLocalization.Local,
  };
}

/** Returns the zones that Garmin gives a time for. Its first is Terra's number 0. */
function zones(given: GarminActivity) {
  const seconds = [
    given.hr_time_in_zone_1,
    given.hr_time_in_zone_2,
    given.hr_time_in_zone_3,
    given.hr_time_in_zone_4,
    given.hr_time_in_zone_5,
  ];
  return seconds.flatMap((duration, zone) =>
    duration == null || duration < 0
      ? []
      : [{ zone, start_percentage: null, end_percentage: null, name: null, duration_seconds: duration }],
  );
}

const place = (latitude: number | null | undefined, longitude: number | null | undefined): number[] =>
  latitude == null || longitude == null ? [] : [latitude, longitude];

const distance = (given: GarminActivity): Activity["distance_data"] => ({
  summary: {
    distance_meters: notNegative(given.distance),
    steps: notNegative(given.steps),
    floors_climbed: whole(given.floors_climbed),
    elevation: {
      gain_actual_meters: notNegative(given.elevation_gain),
      loss_actual_meters: notNegative(given.elevation_loss),
      min_meters: given.min_elevation ?? null,
      max_meters: given.max_elevation ?? null,
      avg_meters: given.avg_elevation ?? null,
    },
    swimming: { num_laps: notNegative(given.active_lengths), num_strokes: whole(given.strokes) },
  },
});

const movement = (given: GarminActivity): Activity["movement_data"] => ({
  avg_speed_meters_per_second: notNegative(given.average_speed),
  max_speed_meters_per_second: notNegative(given.max_speed),
  avg_cadence_rpm: notNegative(
    given.average_biking_cadence_in_rev_per_minute ?? given.average_running_cadence_in_steps_per_minute,
  ),
  max_cadence_rpm: notNegative(
    given.max_biking_cadence_in_rev_per_minute ?? given.max_running_cadence_in_steps_per_minute,
  ),
});

function trainingStress(given: GarminActivity): Activity["TSS_data"] {
  const [score, factor, power] = [given.training_stress_score, given.intensity_factor, given.norm_power];
  if (score == null && factor == null && power == null) return { TSS_samples: [] };
  const sample = {
    planned: null,
    actual: score ?? null,
    method: null,
    intensity_factor_planned: null,
    intensity_factor_actual: factor ?? null,
    normalized_power_watts: power ?? null,
  };
  return { TSS_samples: [sample] };
}

/** Garmin writes 0 for a device that it does not know, as that of an activity entered by hand. */
function serialNumber(id: unknown): string | null {
  return (typeof id === "number" || typeof id === "string") && String(id) !== "0" ? String(id) : null;
}

/**
 * Converts an activity (GET /activitylist-service/activities/search/activities) to an Activity. Energy: kcal, that at
 * rest included. Distances: metres. Cadence: steps per minute of both feet, or revolutions.
 */
export const normalizeActivity = (key: string, given: GarminActivity): Activity =>
  complete("activity", {
    metadata: metadata(key, given),
    device_data: { manufacturer: given.manufacturer ?? null, serial_number: serialNumber(given.device_id) },
    heart_rate_data: {
      summary: {
        avg_hr_bpm: positive(given.average_hr),
        max_hr_bpm: positive(given.max_hr),
        hr_zone_data: zones(given),
      },
    },
    calories_data: {
      total_burned_calories: notNegative(given.calories),
      BMR_calories: notNegative(given.bmr_calories),
    },
    active_durations_data: {
      activity_seconds: notNegative(given.duration),
      moderate_intensity_seconds: secondsOf(given.moderate_intensity_minutes),
      vigorous_intensity_seconds: secondsOf(given.vigorous_intensity_minutes),
    },
    oxygen_data: { vo2max_ml_per_min_per_kg: positive(given.v_o2_max_value) },
    distance_data: distance(given),
    movement_data: movement(given),
    position_data: {
      start_pos_lat_lng_deg: place(given.start_latitude, given.start_longitude),
      end_pos_lat_lng_deg: place(given.end_latitude, given.end_longitude),
    },
    power_data: { avg_watts: notNegative(given.avg_power), max_watts: notNegative(given.max_power) },
    TSS_data: trainingStress(given),
  });

const fromParts: Normalizer = {
  type: "activity",
  needs: namesOf([activities]),
  affects: (part) => (isPartOf(activities, part) ? [{ type: "activity", naturalKey: part.key }] : []),
  partsOf: (key) => refsTo([activities], key),
  normalize(parts, key) {
    const given = valueFrom(parts, activities);
    return given === undefined ? null : normalizeActivity(key, given);
  },
  hasOwnIds: true,
};

export const activityNormalizer = withProviderData("garmin", fromParts, { one: [activities] });
