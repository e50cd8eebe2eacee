import {
  type Columnar,
  complete,
  type Daily,
  type HeartRateData,
  OxygenSaturationType,
  SampleColumns,
  SampleTimes,
  TimestampLocalization,
  UploadType,
} from "../../../models/index.ts";
import { shiftDate } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { notNegative, positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { dailySummary, type GarminDay } from "../resources/daily-summary.ts";
import { userSettings } from "../resources/person.ts";
import type { Row } from "../resources/rows.ts";
import {
  batteryRows,
  bodyBattery,
  type GarminBattery,
  type GarminHeartRate,
  heartRate,
  heartRateRows,
} from "../resources/series.ts";
import { type GarminSpo2, spo2, spo2Rows } from "../resources/spo2.ts";
import { instants, isRealTime, midnights, offsetOf } from "../times.ts";
import { secondsOf, whole } from "./values.ts";
import { midnightOffset, type Zone, zoneIn, zoneRefs } from "./zone.ts";

const ofDay = [dailySummary, heartRate, bodyBattery, spo2];

interface Offsets {
  readonly start: number | null;
  readonly end: number | null;
}

type Series = GarminHeartRate | GarminBattery | GarminSpo2 | undefined;

/**
 * Returns the offsets at the beginning and the end of a day: they differ on a day of a clock change. The summary tells
 * both. A series tells the first alone: until the day is over its local end is midnight, and its GMT the latest sample.
 */
function offsetsOf(
  date: string,
  zone: Zone,
  day: GarminDay | undefined,
  ...series: readonly Series[]
): Offsets {
  const inZone = { start: midnightOffset(zone, date), end: midnightOffset(zone, shiftDate(date, 1)) };
  const starts = [
    offsetOf(day?.wellness_start_time_gmt, day?.wellness_start_time_local),
    ...series.map((one) => offsetOf(one?.start_timestamp_gmt, one?.start_timestamp_local)),
  ];
  const start = starts.find((told) => told !== null) ?? inZone.start;
  const told = offsetOf(day?.wellness_end_time_gmt, day?.wellness_end_time_local);
  return { start, end: told ?? (start === inZone.start ? inZone.end : start) };
}

/** Adds up the seconds of moving; null unless both are known. */
function activeSeconds({ active_seconds: active, highly_active_seconds: highly }: GarminDay): number | null {
  const [one, other] = [notNegative(active), notNegative(highly)];
  return one === null || other === null ? null : one + other;
}

function activitySections(day: GarminDay): Partial<Daily> {
  return {
    calories_data: {
      total_burned_calories: notNegative(day.total_kilocalories),
      net_activity_calories: notNegative(day.active_kilocalories),
      BMR_calories: notNegative(day.bmr_kilocalories),
      net_intake_calories: notNegative(day.consumed_kilocalories),
    },
    active_durations_data: {
      activity_seconds: activeSeconds(day),
      inactivity_seconds: notNegative(day.sedentary_seconds),
      rest_seconds: notNegative(day.sleeping_seconds),
      moderate_intensity_seconds: secondsOf(day.moderate_intensity_minutes),
      vigorous_intensity_seconds: secondsOf(day.vigorous_intensity_minutes),
    },
    MET_data: {
      num_moderate_intensity_minutes: notNegative(day.moderate_intensity_minutes),
      num_high_intensity_minutes: notNegative(day.vigorous_intensity_minutes),
    },
    distance_data: {
      steps: notNegative(day.total_steps),
      distance_meters: notNegative(day.total_distance_meters),
      floors_climbed: whole(day.floors_ascended),
      elevation: {
        gain_actual_meters: notNegative(day.floors_ascended_in_meters),
        loss_actual_meters: notNegative(day.floors_descended_in_meters),
      },
    },
  };
}

/** @param timer null where the samples have the field of the timer, which no day has */
const timesOf = (rows: readonly Row[], offset: number | null, timer?: null): SampleTimes =>
  new SampleTimes(
    instants(
      rows.map(({ atMs }) => atMs),
      offset,
    ),
    timer,
  );

const valuesOf = (rows: readonly Row[]): number[] => rows.map(({ value }) => value);

const oxygen = (
  day: GarminDay | undefined,
  saturation: GarminSpo2 | undefined,
  rows: readonly Row[],
  offset: number | null,
): Columnar<Daily["oxygen_data"]> => ({
  avg_saturation_percentage: positive(day?.average_spo2) ?? positive(saturation?.average_sp_o2),
  saturation_samples: new SampleColumns(timesOf(rows, offset), {
    percentage: valuesOf(rows),
    type: OxygenSaturationType.Blood,
  }),
});

/** Converts stress. −1 means not worn, −2 too active to tell: neither is a level. */
function stress(
  day: GarminDay | undefined,
  battery: readonly Row[],
  offset: number | null,
): Columnar<Daily["stress_data"]> {
  return {
    avg_stress_level: notNegative(day?.average_stress_level),
    max_stress_level: notNegative(day?.max_stress_level),
    stress_duration_seconds: notNegative(day?.stress_duration),
    rest_stress_duration_seconds: notNegative(day?.rest_stress_duration),
    activity_stress_duration_seconds: notNegative(day?.activity_stress_duration),
    low_stress_duration_seconds: notNegative(day?.low_stress_duration),
    medium_stress_duration_seconds: notNegative(day?.medium_stress_duration),
    high_stress_duration_seconds: notNegative(day?.high_stress_duration),
    body_battery_samples: new SampleColumns(timesOf(battery, offset), { level: valuesOf(battery) }),
  };
}

function heart(
  day: GarminDay | undefined,
  rows: readonly Row[],
  offset: number | null,
): Columnar<HeartRateData> {
  return {
    summary: {
      max_hr_bpm: positive(day?.max_heart_rate),
      min_hr_bpm: positive(day?.min_heart_rate),
      resting_hr_bpm: positive(day?.resting_heart_rate),
    },
    detailed: {
      hr_samples: new SampleColumns(timesOf(rows, offset, null), { bpm: valuesOf(rows), context: null }),
    },
  };
}

/** Whether the summary says anything: that of a day to come, or without a device, is full of nulls. */
const saysSomething = (day: GarminDay | undefined): boolean =>
  day !== undefined && (hasTotals(day) || hasMeasured(day));

const hasTotals = (day: GarminDay): boolean =>
  [
    day.total_kilocalories,
    day.total_steps,
    day.total_distance_meters,
    day.max_heart_rate,
    day.resting_heart_rate,
    day.sedentary_seconds,
    day.sleeping_seconds,
    day.consumed_kilocalories,
  ].some((value) => value != null);

/** Whether there is anything else: of these, 0 and the signs for nothing may stand in an empty day, too. */
const hasMeasured = (day: GarminDay): boolean =>
  [
    day.active_kilocalories,
    day.floors_ascended,
    day.active_seconds,
    day.highly_active_seconds,
    day.moderate_intensity_minutes,
    day.vigorous_intensity_minutes,
    day.min_heart_rate,
    day.average_stress_level,
    day.max_stress_level,
    day.average_spo2,
  ].some((value) => positive(value) !== null);

const isReal = ({ atMs }: Row): boolean => isRealTime(atMs);

/**
 * Converts a day (GET /usersummary-service/usersummary/daily) to a Daily, with its series: heart rate, body battery, oxygen. Samples
 * are instants, written in the offset of the day's beginning.
 */
const fromParts: Normalizer = {
  type: "daily",
  needs: namesOf([...ofDay, userSettings]),
  affects: (part) => (isOneOf(ofDay, part) ? [{ type: "daily", naturalKey: part.key }] : []),
  partsOf: (day) => [...refsTo(ofDay, day), ...zoneRefs],
  normalize(parts, naturalKey) {
    const day = valueFrom(parts, dailySummary);
    const [rates, battery] = [valueFrom(parts, heartRate), valueFrom(parts, bodyBattery)];
    const beats = rates === undefined ? [] : heartRateRows(rates).filter(isReal);
    const charge = battery === undefined ? [] : batteryRows(battery).filter(isReal);
    const saturation = valueFrom(parts, spo2);
    const means = saturation === undefined ? [] : spo2Rows(saturation).filter(isReal);
    if (!saysSomething(day) && [...beats, ...charge, ...means].length === 0) return null;
    const offsets = offsetsOf(naturalKey, zoneIn(parts), day, rates, battery, saturation);
    return complete("daily", {
      metadata: {
        ...midnights(naturalKey, offsets),
        upload_type: day?.source === "GARMIN" ? UploadType.Automatic : UploadType.Unknown,
        timestamp_localization: TimestampLocalization.Local,
      },
      ...(day !== undefined && activitySections(day)),
      heart_rate_data: heart(day, beats, offsets.start),
      stress_data: stress(day, charge, offsets.start),
      oxygen_data: oxygen(day, saturation, means, offsets.start),
    });
  },
};

export const dailyNormalizer = withProviderData("garmin", fromParts, { one: ofDay });
