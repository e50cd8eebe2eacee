import {
  complete,
  formatTimestamp,
  type HeartRateData,
  type HypnogramSample,
  type Sleep,
  SleepLevel,
  SleepUploadType,
  TimestampLocalization,
} from "../../../models/index.ts";
import { parseTime } from "../../kit/iso-time.ts";
import { isOneOf, isPartOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { largest, notNegative, positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { ownIdOf } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import { dayOfKey, refsToDay, withoutDeleted } from "../daily-documents.ts";
import { dailySpo2, type OuraSpo2 } from "../resources/day-measures.ts";
import { dailyReadiness, dailySleep, type OuraReadiness, type OuraSleepScore } from "../resources/scores.ts";
import { type OuraSleep, sleep } from "../resources/sleep.ts";
import { digitsOf, isAboveZero, samplesOf } from "../series.ts";

/** "'1' = deep sleep, '2' = light sleep, '3' = REM sleep, '4' = awake" (Oura's OpenAPI). */
const phases: ReadonlyMap<string, SleepLevel> = new Map([
  ["1", SleepLevel.Deep],
  ["2", SleepLevel.Light],
  ["3", SleepLevel.Rem],
  ["4", SleepLevel.Awake],
]);

/** Periods that are no sleep: a rejected nap, and one that the person deleted (Oura's OpenAPI, PublicSleepType). */
const notSleep: ReadonlySet<string> = new Set(["rest", "deleted"]);
const night = "long_sleep";

/** What the day of a period says. It is about all its sleep, and stands with the night. */
interface SleepDay {
  readonly score: OuraSleepScore | undefined;
  readonly readiness: OuraReadiness | undefined;
  readonly spo2: OuraSpo2 | undefined;
}

function hypnogram(given: OuraSleep): HypnogramSample[] {
  const [text, seconds] = given.sleep_phase_30_sec
    ? [given.sleep_phase_30_sec, 30]
    : [given.sleep_phase_5_min ?? given.app_sleep_phase_5_min ?? "", 300];
  const from = parseTime(given.bedtime_start);
  return digitsOf(text, { from, stepMs: seconds * 1_000, meanings: phases }, (timestamp, level) => ({
    timestamp,
    level,
  }));
}

function heartRate(given: OuraSleep): HeartRateData {
  const hr = samplesOf(given.heart_rate, isAboveZero, (timestamp, bpm) => ({
    timestamp,
    timer_duration_seconds: null,
    bpm,
    context: null,
  }));
  return {
    summary: {
      avg_hr_bpm: positive(given.average_heart_rate),
      max_hr_bpm: largest(hr.map(({ bpm }) => bpm)),
      min_hr_bpm: positive(given.lowest_heart_rate),
      avg_hrv_rmssd: positive(given.average_hrv),
    },
    detailed: {
      hr_samples: hr,
      hrv_samples_rmssd: samplesOf(given.hrv, isAboveZero, (timestamp, hrv_rmssd) => ({
        timestamp,
        hrv_rmssd,
      })),
    },
  };
}

function durations(given: OuraSleep): Sleep["sleep_durations_data"] {
  return {
    sleep_efficiency: positive(given.efficiency),
    asleep: {
      duration_asleep_state_seconds: notNegative(given.total_sleep_duration),
      duration_deep_sleep_state_seconds: notNegative(given.deep_sleep_duration),
      duration_light_sleep_state_seconds: notNegative(given.light_sleep_duration),
      duration_REM_sleep_state_seconds: notNegative(given.rem_sleep_duration),
    },
    awake: {
      duration_awake_state_seconds: notNegative(given.awake_time),
      sleep_latency_seconds: notNegative(given.latency),
    },
    other: { duration_in_bed_seconds: notNegative(given.time_in_bed) },
    hypnogram_samples: hypnogram(given),
  };
}

const written = (time: string): string => {
  const { localMs, offsetMinutes } = parseTime(time);
  return formatTimestamp(localMs, offsetMinutes);
};

/**
 * Converts a sleep period (GET /v2/usercollection/sleep) to a Sleep. Durations: seconds. Times: the bedtimes with their
 * own offset. HRV: RMSSD in ms. The scores of its day stand with the night only: naps have none of their own.
 */
function normalizePeriod(key: string, given: OuraSleep, day: SleepDay): Sleep {
  const isNight = given.type === night;
  const readiness = positive(given.readiness?.score) ?? (isNight ? positive(day.readiness?.score) : null);
  const delta =
    given.readiness?.temperature_deviation ?? (isNight ? day.readiness?.temperature_deviation : null) ?? null;
  return complete("sleep", {
    metadata: {
      summary_id: key,
      start_time: written(given.bedtime_start),
      end_time: written(given.bedtime_end),
      upload_type: SleepUploadType.Automatic,
      is_nap: given.type == null ? null : !isNight,
      timestamp_localization: TimestampLocalization.Local,
    },
    heart_rate_data: heartRate(given),
    sleep_durations_data: durations(given),
    respiration_data: {
      breaths_data: { avg_breaths_per_min: positive(given.average_breath) },
      oxygen_saturation_data: {
        avg_saturation_percentage: isNight ? positive(day.spo2?.spo2_percentage?.average) : null,
      },
    },
    temperature_data: { delta },
    readiness_data: { readiness },
    scores: { sleep: isNight ? positive(day.score?.score) : null },
  });
}

const ofDay = [dailySleep, dailyReadiness, dailySpo2];

const fromParts: Normalizer = {
  type: "sleep",
  needs: namesOf([sleep, ...ofDay]),
  affects(part) {
    if (isPartOf(sleep, part)) return [{ type: "sleep", naturalKey: part.key }];
    if (!isOneOf(ofDay, part)) return [];
    return [{ type: "sleep", naturalKey: `${dayOfKey(part.key)}/`, prefix: true }];
  },
  partsOf: (key) => [...refsTo([sleep], key), ...refsToDay(ofDay, dayOfKey(key))],
  normalize(given, key) {
    const parts = withoutDeleted(given, ofDay);
    const period = valueFrom(parts, sleep);
    if (period === undefined || notSleep.has(period.type ?? "")) return null;
    return normalizePeriod(key, period, {
      score: valueFrom(parts, dailySleep),
      readiness: valueFrom(parts, dailyReadiness),
      spo2: valueFrom(parts, dailySpo2),
    });
  },
  hasOwnIds: true,
  ownIdIn: (key) => ownIdOf(key) ?? key,
};

export const sleepNormalizer = withProviderData("oura", fromParts, { one: [sleep] });
