import {
  type Activity,
  type Columnar,
  complete,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import { isOneOf, isPartOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { notNegative, positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { activities, type GarminActivity, isByHand } from "../resources/activities.ts";
import { activity, type GarminActivityDetail } from "../resources/activity.ts";
import { type ActivityFile, activityFile } from "../resources/activity-file.ts";
import { userSettings } from "../resources/person.ts";
import { isNap, wellnessActivities } from "../resources/wellness-activities.ts";
import { activityTypeOf } from "../sports.ts";
import { secondsLater, writeInstant } from "../times.ts";
import { deviceOf } from "./file-device.ts";
import {
  type FileSamples,
  isOnFoot,
  lapsOf,
  poolLength,
  type Span,
  samplesOf,
  sessionOf,
} from "./file-samples.ts";
import { secondsOf, whole } from "./values.ts";
import { normalizeWellnessActivity } from "./wellness-activity.ts";
import { offsetWith, type Zone, zoneIn, zoneRefs } from "./zone.ts";

type File = ActivityFile | undefined;
type Detail = GarminActivityDetail | undefined;

/** An activity's file and details, which are fetched after the search, and the zone of the person's settings. */
export interface Beside {
  readonly file?: ActivityFile | undefined;
  readonly detail?: GarminActivityDetail | undefined;
  readonly zone: Zone;
}

/** Returns the end: as told, else by the time that passed, else as its file says, else by the time of moving. */
function endOf(
  { start_time_gmt: start, end_time_gmt: end, elapsed_duration, duration }: GarminActivity,
  file: File,
): number {
  if (end != null && end >= start) return end;
  const afterAll = secondsLater(start, elapsed_duration);
  if (afterAll !== null) return afterAll;
  const written = Date.parse(sessionOf(file)?.timestamp ?? "");
  return written >= start ? written : (secondsLater(start, duration) ?? start);
}

/** Returns the times, in the offset of its local start, else of its own zone, else of the person's. */
function spanOf(given: GarminActivity, { file, detail, zone }: Beside): Span {
  const { start_time_gmt: startMs, start_time_local: localMs } = given;
  const own = detail?.time_zone_unit_dto?.time_zone;
  const inOwn = typeof own === "string" ? offsetWith(own, startMs, localMs) : null;
  return { startMs, endMs: endOf(given, file), offset: inOwn ?? offsetWith(zone, startMs, localMs) };
}

function uploadType(given: GarminActivity): UploadType {
  const isManual = isByHand(given);
  if (isManual === null) return UploadType.Unknown;
  return isManual ? UploadType.Manual : UploadType.Automatic;
}

function metadata(
  key: string,
  given: GarminActivity,
  { startMs, endMs, offset }: Span,
): Activity["metadata"] {
  return {
    summary_id: key,
    start_time: writeInstant(startMs, offset),
    end_time: writeInstant(endMs, offset),
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

const distance = (
  given: GarminActivity,
  file: File,
  samples: FileSamples | null,
): Columnar<Activity["distance_data"]> => ({
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
    swimming: {
      num_laps: notNegative(given.active_lengths),
      num_strokes: whole(given.strokes),
      pool_length_meters: poolLength(file),
    },
  },
  detailed: { distance_samples: samples?.distance, elevation_samples: samples?.elevation },
});

const movement = (
  given: GarminActivity,
  samples: FileSamples | null,
): Columnar<Activity["movement_data"]> => ({
  speed_samples: samples?.speed,
  cadence_samples: samples?.cadence,
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

function heartRate(
  given: GarminActivity,
  { file, detail }: Beside,
  samples: FileSamples | null,
): Columnar<Activity["heart_rate_data"]> {
  const session = sessionOf(file);
  return {
    summary: {
      avg_hr_bpm: positive(given.average_hr),
      max_hr_bpm: positive(given.max_hr),
      min_hr_bpm: positive(detail?.summary_dto?.min_hr) ?? positive(session?.min_heart_rate),
      avg_hrv_rmssd: positive(session?.rmssd_hrv),
      hr_zone_data: zones(given),
    },
    detailed: { hr_samples: samples?.heartRate },
  };
}

/** Returns the sensors that took part, as devices. */
const sensorsOf = (detail: Detail) =>
  (detail?.metadata_dto?.sensors ?? []).map((sensor) => ({
    name: sensor.product_name ?? null,
    manufacturer: sensor.manufacturer ?? null,
    hardware_version: null,
    software_version: sensor.software_version == null ? null : String(sensor.software_version),
    serial_number: serialNumber(sensor.serial_number),
    last_upload_date: null,
    data_provided: [],
  }));

/** Kilocalories → kilojoules, of the thermochemical calorie. */
const kilojoules = (kilocalories: number | null): number | null =>
  kilocalories === null ? null : (kilocalories * 4_184) / 1_000;

/**
 * Converts an activity (GET /activitylist-service/activities/search/activities) to an Activity, with its own body and
 * its file once those are there. Totals are Garmin's own and never computed from samples; those of both bodies are the
 * search's. Energy: kcal, that at rest included. Distances: metres. Cadence: steps per minute of both feet, or
 * revolutions.
 */
export function normalizeActivity(key: string, given: GarminActivity, beside: Beside): Columnar<Activity> {
  const { file, detail } = beside;
  const span = spanOf(given, beside);
  const samples = file ? samplesOf(file, span, isOnFoot(given, file)) : null;
  return complete("activity", {
    metadata: metadata(key, given, span),
    device_data: {
      ...deviceOf(file),
      manufacturer: given.manufacturer ?? null,
      serial_number: serialNumber(given.device_id),
      other_devices: sensorsOf(detail),
    },
    heart_rate_data: heartRate(given, beside, samples),
    calories_data: {
      total_burned_calories: notNegative(given.calories),
      BMR_calories: notNegative(given.bmr_calories),
    },
    active_durations_data: {
      activity_seconds: notNegative(given.duration),
      moderate_intensity_seconds: secondsOf(given.moderate_intensity_minutes),
      vigorous_intensity_seconds: secondsOf(given.vigorous_intensity_minutes),
    },
    oxygen_data: {
      avg_saturation_percentage: positive(detail?.summary_dto?.avg_spo2),
      vo2max_ml_per_min_per_kg: positive(given.v_o2_max_value),
      saturation_samples: samples?.muscleOxygen,
    },
    distance_data: distance(given, file, samples),
    movement_data: movement(given, samples),
    position_data: {
      start_pos_lat_lng_deg: place(given.start_latitude, given.start_longitude),
      end_pos_lat_lng_deg: place(given.end_latitude, given.end_longitude),
      position_samples: samples?.position,
    },
    power_data: {
      avg_watts: notNegative(given.avg_power),
      max_watts: notNegative(given.max_power),
      power_samples: samples?.power,
    },
    lap_data: { laps: file && lapsOf(file, span) },
    TSS_data: trainingStress(given),
    work_data: { work_kilojoules: kilojoules(positive(detail?.summary_dto?.total_work)) },
  });
}

const resources = [activities, activity, activityFile, wellnessActivities];

const fromParts: Normalizer = {
  type: "activity",
  needs: namesOf([...resources, userSettings]),
  affects(part) {
    if (!isOneOf(resources, part) || (isPartOf(wellnessActivities, part) && isNap(part.value))) return [];
    return [{ type: "activity", naturalKey: part.key }];
  },
  partsOf: (key) => [...refsTo(resources, key), ...zoneRefs],
  normalize(parts, key) {
    const zone = zoneIn(parts);
    const given = valueFrom(parts, activities);
    const [file, detail] = [valueFrom(parts, activityFile), valueFrom(parts, activity)];
    if (given !== undefined) return normalizeActivity(key, given, { file, detail, zone });
    const guided = valueFrom(parts, wellnessActivities);
    return guided === undefined || isNap(guided) ? null : normalizeWellnessActivity(key, guided, zone);
  },
  hasOwnIds: true,
};

export const activityNormalizer = withProviderData("garmin", fromParts, { one: resources });
