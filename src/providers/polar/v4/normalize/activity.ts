import {
  type Activity,
  type Columnar,
  complete,
  formatTimestamp,
  TimestampLocalization,
  UploadType,
} from "../../../../models/index.ts";
import { current } from "../../../kit/discovery.ts";
import type { LocalTime } from "../../../kit/iso-time.ts";
import { isOneOf, isPartOf, refsTo, valueFrom } from "../../../kit/parts.ts";
import { largest, notNegative, positive, smallest } from "../../../kit/values.ts";
import type { WorkoutSamples } from "../../../kit/workout-samples.ts";
import { withProviderData } from "../../../provider-data.ts";
import { sessionTime } from "../reading.ts";
import { sportCatalogue, type V4Sports } from "../resources/sports.ts";
import type { V4Exercise, V4Session, V4Statistics } from "../resources/training-session/schema.ts";
import { trainingSession } from "../resources/training-session/training-session.ts";
import { sportOf, typeOfSport } from "../sports.ts";
import { meanOf, sessionLaps, statisticOf } from "./session-laps.ts";
import { type PlacedExercise, sessionSamples } from "./session-samples.ts";

export const startOfSession = ({ startTime, timezoneOffsetMinutes }: V4Session): LocalTime =>
  sessionTime(startTime, timezoneOffsetMinutes);

/** Returns the end. Where the stop is missing or lies before the start, the duration tells it. */
function endMs({ stopTime, durationMillis, timezoneOffsetMinutes }: V4Session, start: LocalTime): number {
  const stop = stopTime ? sessionTime(stopTime, timezoneOffsetMinutes).localMs : null;
  return stop !== null && stop >= start.localMs ? stop : start.localMs + Math.max(0, durationMillis ?? 0);
}

function placed({ exercises, timezoneOffsetMinutes }: V4Session, start: LocalTime): PlacedExercise[] {
  return (exercises ?? []).map((exercise) => {
    const own = exercise.startTime ? sessionTime(exercise.startTime, timezoneOffsetMinutes).localMs : null;
    return { exercise, afterMs: own === null ? 0 : own - start.localMs };
  });
}

function metadata(session: V4Session, start: LocalTime, sports: V4Sports | undefined): Activity["metadata"] {
  const { product, deviceId, identifier } = session;
  const name = sportOf(session.sport?.id, sports);
  return {
    summary_id: identifier.id,
    start_time: formatTimestamp(start.localMs, start.offsetMinutes),
    end_time: formatTimestamp(endMs(session, start), start.offsetMinutes),
    type: typeOfSport(name),
    upload_type: product?.modelName || deviceId ? UploadType.Automatic : UploadType.Unknown,
    name,
    timestamp_localization: TimestampLocalization.Local,
  };
}

/** Returns a value of the only exercise. Of several, none is the session's. */
const ofOnly = <Value>({ exercises }: V4Session, read: (exercise: V4Exercise) => Value): Value | null =>
  exercises?.length === 1 && exercises[0] !== undefined ? read(exercises[0]) : null;

const statisticsOf = (session: V4Session): V4Statistics => ofOnly(session, ({ statistics }) => statistics);

function sumOf({ exercises }: V4Session, key: "ascentMeters" | "descentMeters"): number | null {
  const values = (exercises ?? []).flatMap((exercise) => notNegative(exercise[key]) ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

interface Zone {
  readonly lowerLimit?: number | null | undefined;
  readonly higherLimit?: number | null | undefined;
  readonly inZone?: number | null | undefined;
}

const limitsOf = (zones: readonly Zone[]): string =>
  JSON.stringify(zones.map(({ lowerLimit, higherLimit }) => [lowerLimit, higherLimit]));

/** Returns the heart-rate zones. Several exercises are added up where their zones are the same. */
function zones({ exercises }: V4Session) {
  const each = (exercises ?? []).flatMap(({ zones: given }) => {
    const found = given?.find(({ type }) => type === "ZONE_TYPE_HEART_RATE")?.zones ?? [];
    return found.length === 0 ? [] : [found];
  });
  const [first] = each;
  if (first === undefined || each.some((one) => limitsOf(one) !== limitsOf(first))) return undefined;
  return first.map(({ lowerLimit, higherLimit }, index) => {
    const isLimited = typeof lowerLimit === "number" && typeof higherLimit === "number";
    const times = each.flatMap((one) => notNegative(one[index]?.inZone) ?? []);
    return {
      zone: index,
      start_percentage: null,
      end_percentage: null,
      name: isLimited ? `${lowerLimit}–${higherLimit} bpm` : null,
      duration_seconds: times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0) / 1000,
    };
  });
}

function movement(session: V4Session, samples: WorkoutSamples): Columnar<Activity["movement_data"]> {
  const metres = positive(session.distanceMeters);
  const ms = positive(session.durationMillis);
  return {
    avg_speed_meters_per_second: metres && ms && metres / (ms / 1000),
    max_speed_meters_per_second: largest(samples.speed.values("speed_meters_per_second")),
    avg_cadence_rpm: positive(meanOf(statisticsOf(session), "CADENCE")),
    max_cadence_rpm: largest(samples.cadence.values("cadence_rpm")),
    speed_samples: samples.speed,
    cadence_samples: samples.cadence,
  };
}

const minimumRate = (session: V4Session): number | null =>
  positive(statisticOf(statisticsOf(session), "HEART_RATE")?.min);

const cardioLoad = (session: V4Session): number | null =>
  notNegative(
    session.trainingLoadReport?.cardioLoad ??
      ofOnly(session, ({ trainingLoadReport }) => trainingLoadReport?.cardioLoad),
  );

/**
 * Converts a session of v4 (GET /v4/data/training-sessions/list) to an Activity. Several exercises (multisport) are one
 * record: their samples follow each other. Totals are the session's own. The ledgers list every field.
 */
function normalizeSession(session: V4Session, sports: V4Sports | undefined): Columnar<Activity> {
  const start = startOfSession(session);
  const exercises = placed(session, start);
  const samples = sessionSamples(exercises, start);
  const places = samples.position.values("coords_lat_lng_deg");
  return complete("activity", {
    metadata: metadata(session, start, sports),
    device_data: { name: session.product?.modelName || null, serial_number: session.deviceId || null },
    heart_rate_data: {
      summary: {
        avg_hr_bpm: positive(session.hrAvg),
        max_hr_bpm: positive(session.hrMax),
        min_hr_bpm: minimumRate(session),
        hr_zone_data: zones(session),
      },
      detailed: { hr_samples: samples.heartRate },
    },
    calories_data: { total_burned_calories: notNegative(session.calories) },
    active_durations_data: {
      activity_seconds: session.durationMillis == null ? null : notNegative(session.durationMillis / 1000),
    },
    distance_data: {
      summary: {
        distance_meters: notNegative(session.distanceMeters),
        elevation: {
          max_meters: largest(samples.elevation.values("elev_meters")),
          min_meters: smallest(samples.elevation.values("elev_meters")),
          gain_actual_meters: sumOf(session, "ascentMeters"),
          loss_actual_meters: sumOf(session, "descentMeters"),
        },
      },
      detailed: { distance_samples: samples.distance, elevation_samples: samples.elevation },
    },
    movement_data: movement(session, samples),
    position_data: {
      start_pos_lat_lng_deg: places[0],
      end_pos_lat_lng_deg: places.at(-1),
      position_samples: samples.position,
    },
    power_data: {
      avg_watts: positive(meanOf(statisticsOf(session), "POWER")),
      max_watts: largest(samples.power.values("watts")),
      power_samples: samples.power,
    },
    strain_data: { strain_level: cardioLoad(session) },
    lap_data: { laps: sessionLaps(exercises, start) },
  });
}

export const v4ActivityNormalizer = withProviderData(
  "polar",
  {
    type: "activity",
    needs: [trainingSession.name, sportCatalogue.name],
    affects(part) {
      // Records with a sport that only a new catalogue names are made anew.
      if (isPartOf(sportCatalogue, part)) return [{ type: "activity", naturalKey: "", prefix: true }];
      return isOneOf([trainingSession], part) ? [{ type: "activity", naturalKey: part.key }] : [];
    },
    partsOf: (naturalKey) => [
      ...refsTo([trainingSession], naturalKey),
      { resource: sportCatalogue.name, key: current },
    ],
    normalize(parts) {
      const session = valueFrom(parts, trainingSession);
      return session ? normalizeSession(session, valueFrom(parts, sportCatalogue)) : null;
    },
  },
  { one: [trainingSession] },
);
