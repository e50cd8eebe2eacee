import { complete, type Sleep, SleepUploadType, TimestampLocalization } from "../../../models/index.ts";
import { isOneOf, isPartOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { notNegative, positive } from "../../kit/values.ts";
import type { Normalizer, Part, RecordsRef } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { type GarminHrv, hrv, hrvDaily } from "../resources/hrv.ts";
import { userSettings } from "../resources/person.ts";
import { type GarminNap, type GarminSleep, sleep } from "../resources/sleep.ts";
import { dayOfKey, offsetIfAny, offsetOf, writeInstant } from "../times.ts";
import { offsetWith, type Zone, zoneIn, zoneRefs } from "./zone.ts";

/** The key of a nap: its day and its start. The night's key is its day alone. */
const napKey = (day: string, { nap_start_timestamp_gmt: start }: GarminNap): string => `${day}/${start}`;

const localization = (offset: number | null): TimestampLocalization =>
  offset === null ? TimestampLocalization.Utc : TimestampLocalization.Local;

function uploadType(fromDevice: boolean | null | undefined): SleepUploadType {
  if (fromDevice == null) return SleepUploadType.Unknown;
  return fromDevice ? SleepUploadType.Automatic : SleepUploadType.Manual;
}

/** The variability of a night: its mean, and its readings once those are there. */
interface Variability {
  readonly average: number | null | undefined;
  readonly readings: GarminHrv["hrv_readings"];
}

function variabilityIn(parts: readonly Part[]): Variability {
  const [night, listed] = [valueFrom(parts, hrv), valueFrom(parts, hrvDaily)];
  return {
    average: listed?.last_night_avg ?? night?.hrv_summary?.last_night_avg,
    readings: night?.hrv_readings,
  };
}

function heartRate(night: GarminSleep, variability: Variability, zone: Zone): Sleep["heart_rate_data"] {
  const readings = (variability.readings ?? []).filter(({ hrv_value: value }) => value > 0);
  return {
    summary: {
      avg_hr_bpm: positive(night.avg_heart_rate),
      avg_hrv_rmssd: positive(variability.average),
    },
    detailed: {
      hrv_samples_rmssd: readings.map(
        ({ hrv_value: hrv_rmssd, reading_time_gmt: gmt, reading_time_local: local }) => ({
          timestamp: writeInstant(gmt, offsetWith(zone, gmt, local)),
          hrv_rmssd,
        }),
      ),
    },
  };
}

const durations = (night: GarminSleep): Sleep["sleep_durations_data"] => ({
  asleep: {
    duration_asleep_state_seconds: notNegative(night.sleep_time_seconds),
    duration_deep_sleep_state_seconds: notNegative(night.deep_sleep_seconds),
    duration_light_sleep_state_seconds: notNegative(night.light_sleep_seconds),
    duration_REM_sleep_state_seconds:
      night.device_rem_capable === false ? null : notNegative(night.rem_sleep_seconds),
  },
  awake: {
    duration_awake_state_seconds: notNegative(night.awake_sleep_seconds),
    num_wakeup_events: notNegative(night.awake_count),
  },
  other: { duration_unmeasurable_sleep_seconds: notNegative(night.unmeasurable_sleep_seconds) },
});

/**
 * Converts a night (GET /sleep-service/sleep/dailySleepSummariesByDate) to a Sleep. Durations: seconds. Garmin gives
 * totals of the stages and no hypnogram. HRV: RMSSD in ms. Null for a day without sleep, whose times are null.
 */
function normalizeNight(key: string, night: GarminSleep, variability: Variability, zone: Zone): Sleep | null {
  const { sleep_start_timestamp_gmt: start, sleep_end_timestamp_gmt: end } = night;
  if (start == null || end == null) return null;
  const startOffset = offsetWith(zone, start, night.sleep_start_timestamp_local);
  const endOffset = offsetWith(zone, end, night.sleep_end_timestamp_local) ?? startOffset;
  return complete("sleep", {
    metadata: {
      summary_id: key,
      start_time: writeInstant(start, startOffset ?? endOffset),
      end_time: writeInstant(end, endOffset),
      upload_type: uploadType(night.sleep_from_device),
      is_nap: false,
      timestamp_localization: localization(endOffset),
    },
    heart_rate_data: heartRate(night, variability, zone),
    sleep_durations_data: durations(night),
    respiration_data: {
      breaths_data: {
        avg_breaths_per_min: positive(night.average_respiration_value),
        max_breaths_per_min: positive(night.highest_respiration_value),
        min_breaths_per_min: positive(night.lowest_respiration_value),
      },
      oxygen_saturation_data: { avg_saturation_percentage: positive(night.average_sp_o2_value) },
    },
    scores: { sleep: notNegative(night.sleep_scores?.overall?.value) },
  });
}

/** Converts a nap of the day to a Sleep of its own. Its offset is minutes, else that of its night. */
function normalizeNap(key: string, nap: GarminNap, ofNight: number | null): Sleep {
  const { nap_start_timestamp_gmt: start, nap_end_timestamp_gmt: end } = nap;
  const startOffset = offsetIfAny(nap.nap_start_time_offset) ?? ofNight;
  const endOffset = offsetIfAny(nap.nap_end_time_offset) ?? ofNight;
  return complete("sleep", {
    metadata: {
      summary_id: key,
      start_time: writeInstant(start, startOffset),
      end_time: writeInstant(end, endOffset),
      upload_type: SleepUploadType.Unknown,
      is_nap: true,
      timestamp_localization: localization(startOffset),
    },
    sleep_durations_data: { asleep: { duration_asleep_state_seconds: notNegative(nap.nap_time_sec) } },
  });
}

const nightly = [sleep, hrvDaily, hrv];

/** A night begins and ends anew when it is edited, so that the day of waking up identifies it, and revisions follow. */
const fromParts: Normalizer = {
  type: "sleep",
  needs: namesOf([...nightly, userSettings]),
  affects(part): RecordsRef[] {
    if (!isPartOf(sleep, part))
      return isOneOf(nightly, part) ? [{ type: "sleep", naturalKey: part.key }] : [];
    const naps = (part.value.daily_nap_dtos ?? []).map((nap) => napKey(part.key, nap));
    return [
      ...[part.key, ...naps].map((naturalKey) => ({ type: "sleep", naturalKey }) as const),
      // Naps that an edit has taken away.
      { type: "sleep", naturalKey: `${part.key}/`, prefix: true },
    ];
  },
  partsOf: (key) => [...refsTo(nightly, dayOfKey(key)), ...zoneRefs],
  normalize(parts, key) {
    const given = valueFrom(parts, sleep);
    if (given === undefined) return null;
    const [day, zone] = [dayOfKey(key), zoneIn(parts)];
    if (key === day) return normalizeNight(key, given, variabilityIn(parts), zone);
    const nap = (given.daily_nap_dtos ?? []).find((one) => napKey(day, one) === key);
    if (nap === undefined) return null;
    const offset = offsetOf(given.sleep_end_timestamp_gmt, given.sleep_end_timestamp_local);
    return normalizeNap(key, nap, offset ?? offsetWith(zone, nap.nap_start_timestamp_gmt, null));
  },
};

export const sleepNormalizer = withProviderData("garmin", fromParts, { one: nightly });
