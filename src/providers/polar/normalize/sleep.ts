import {
  complete,
  formatTimestamp,
  type Sleep,
  SleepUploadType,
  TimestampLocalization,
} from "../../../models/index.ts";
import { instantMs, parseTime } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { largest, notNegative, positive, smallest } from "../../kit/values.ts";
import { withProviderData } from "../../provider-data.ts";
import { nightlyRecharge, type PolarRecharge } from "../resources/nightly-recharge.ts";
import { type PolarSkinTemperature, skinTemperature } from "../resources/skin-temperature.ts";
import { type PolarNight, sleep } from "../resources/sleep.ts";
import { alertness } from "../resources/sleepwise-alertness.ts";
import { circadianBedtime } from "../resources/sleepwise-circadian-bedtime.ts";
import { hypnogram, nightSamples, type ReadNight } from "./hypnogram.ts";
import { runsOnInStartOffset } from "./night-reading.ts";

/** Tells a value from "no signal", which is 0 in every series of the night. */
const isSignal = (value: number) => value > 0;

function metadata(polar: PolarNight, { start, end }: ReadNight): Sleep["metadata"] {
  return {
    summary_id: polar.date,
    start_time: formatTimestamp(start.localMs, start.offsetMinutes),
    end_time: formatTimestamp(end.localMs, end.offsetMinutes),
    upload_type: polar.device_id ? SleepUploadType.Automatic : SleepUploadType.Unknown,
    timestamp_localization: TimestampLocalization.Local,
  };
}

function sumOf(...seconds: readonly (number | null)[]): number | null {
  return seconds.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

/**
 * Returns the durations. The stages are Polar's totals, never sums over the hypnogram, which are off by 90 to 120 s
 * each (POLAR-API §3). Asleep is what was recognised as sleep. Unrecognised sleep is a field of its own, so that
 * asleep, awake and unmeasurable together make up the night: 25,950 + 1,650 + 0 = 27,600 s in the captured one.
 */
function durations(polar: PolarNight, night: ReadNight): Sleep["sleep_durations_data"] {
  const light = notNegative(polar.light_sleep);
  const deep = notNegative(polar.deep_sleep);
  const rem = notNegative(polar.rem_sleep);
  return {
    asleep: {
      duration_asleep_state_seconds: sumOf(light, deep, rem),
      duration_deep_sleep_state_seconds: deep,
      duration_light_sleep_state_seconds: light,
      duration_REM_sleep_state_seconds: rem,
    },
    awake: {
      duration_awake_state_seconds: notNegative(polar.total_interruption_duration),
      duration_long_interruption_seconds: notNegative(polar.long_interruption_duration),
      duration_short_interruption_seconds: notNegative(polar.short_interruption_duration),
    },
    other: {
      // Null when the end is before the start: nobody knows which of the two times is wrong.
      duration_in_bed_seconds: positive((instantMs(night.end) - instantMs(night.start)) / 1000),
      duration_unmeasurable_sleep_seconds: notNegative(polar.unrecognized_sleep_stage),
    },
    hypnogram_samples: hypnogram(polar.hypnogram, night),
  };
}

/**
 * Returns the heart rate. Averages are the recharge's, "during a 4-hour period starting at 30 minutes after falling
 * asleep".
 */
function heartRate(
  polar: PolarNight,
  recharge: PolarRecharge | undefined,
  night: ReadNight,
): Sleep["heart_rate_data"] {
  const beats = Object.values(polar.heart_rate_samples ?? {})
    .filter((bpm) => bpm !== null)
    .filter(isSignal);
  return {
    summary: {
      avg_hr_bpm: positive(recharge?.heart_rate_avg),
      max_hr_bpm: largest(beats),
      min_hr_bpm: smallest(beats),
      avg_hrv_rmssd: positive(recharge?.heart_rate_variability_avg),
    },
    detailed: {
      hr_samples: nightSamples(polar.heart_rate_samples, night, isSignal, (timestamp, bpm) => ({
        timestamp,
        timer_duration_seconds: null,
        bpm,
        context: null,
      })),
      hrv_samples_rmssd: nightSamples(recharge?.hrv_samples, night, isSignal, (timestamp, hrv_rmssd) => ({
        timestamp,
        hrv_rmssd,
      })),
    },
  };
}

function respiration(recharge: PolarRecharge | undefined, night: ReadNight): Sleep["respiration_data"] {
  const samples = nightSamples(
    recharge?.breathing_samples,
    night,
    isSignal,
    (timestamp, breaths_per_min) => ({ timestamp, breaths_per_min }),
  );
  return { breaths_data: { avg_breaths_per_min: positive(recharge?.breathing_rate_avg), samples } };
}

/**
 * Returns the night and how its keys are read. One watch wrote all of a night's series, so one decision holds for all.
 */
function readNight(polar: PolarNight, recharge: PolarRecharge | undefined): ReadNight {
  const night = { start: parseTime(polar.sleep_start_time), end: parseTime(polar.sleep_end_time) };
  const { hypnogram, heart_rate_samples } = polar;
  const series = [hypnogram, heart_rate_samples, recharge?.hrv_samples, recharge?.breathing_samples];
  const keys = series.flatMap((clockSeries) => Object.keys(clockSeries ?? {}));
  return { ...night, runsOn: runsOnInStartOffset(keys, night) };
}

/**
 * Converts a Polar night (GET /v3/users/sleep/{date}), with that night's Nightly Recharge and skin temperature once
 * they are there, to a Sleep. Times keep Polar's own offsets. HRV is RMSSD in ms.
 */
function normalizeSleep(polar: PolarNight, recharge?: PolarRecharge, skin?: PolarSkinTemperature): Sleep {
  const night = readNight(polar, recharge);
  return complete("sleep", {
    metadata: metadata(polar, night),
    device_data: { serial_number: polar.device_id ?? null },
    heart_rate_data: heartRate(polar, recharge, night),
    sleep_durations_data: durations(polar, night),
    respiration_data: respiration(recharge, night),
    temperature_data: { delta: skin?.deviation_from_baseline_celsius ?? null },
    // Terra's RecoveryLevel and Polar's status share one scale: very poor (1) to very good (6).
    readiness_data: { recovery_level: positive(recharge?.nightly_recharge_status) },
    scores: { sleep: positive(polar.sleep_score) },
  });
}

const measured = [sleep, nightlyRecharge];
/** SleepWise is only carried, because Terra's readiness is something else. */
const beside = [skinTemperature, alertness, circadianBedtime];
/** All resources of one night, keyed by the date of waking up. */
const resources = [...measured, ...beside];

export const sleepNormalizer = withProviderData(
  "polar",
  {
    type: "sleep",
    needs: namesOf(resources),
    affects: (part) => (isOneOf(resources, part) ? [{ type: "sleep", naturalKey: part.key }] : []),
    partsOf: (naturalKey) => refsTo(resources, naturalKey),
    normalize(parts) {
      const night = valueFrom(parts, sleep);
      if (!night) return null;
      const [skin] = valueFrom(parts, skinTemperature) ?? [];
      return normalizeSleep(night, valueFrom(parts, nightlyRecharge), skin);
    },
  },
  { one: measured, several: beside },
);
