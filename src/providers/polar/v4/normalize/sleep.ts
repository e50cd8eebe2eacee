/** v4's own record of a night, from the night, its recharge, and the recharge's samples (POLAR-V4 §5). */
import {
  complete,
  formatTimestamp,
  type HypnogramSample,
  type Sleep,
  SleepLevel,
  SleepUploadType,
  TimestampLocalization,
  timestampFormatter,
} from "../../../../models/index.ts";
import { inOrder } from "../../../kit/in-order.ts";
import { instantMs, minuteMs, parseTime } from "../../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../../kit/parts.ts";
import { notNegative, positive } from "../../../kit/values.ts";
import { withProviderData } from "../../../provider-data.ts";
import { parseSeconds, secondsOf, wordOf } from "../reading.ts";
import {
  type V4Recharge,
  type V4RechargeSamples,
  v4Recharge,
  v4RechargeSamples,
} from "../resources/nightly-recharge.ts";
import { type V4Night, v4Sleep } from "../resources/sleep.ts";
import { v4SleepWake } from "../resources/sleep-wake.ts";
import { type NightEnds, offsetAt } from "./night-offset.ts";

const levels: ReadonlyMap<string, SleepLevel> = new Map([
  ["WAKE", SleepLevel.Awake],
  ["REM", SleepLevel.Rem],
  ["NON_REM1", SleepLevel.Light],
  ["NON_REM2", SleepLevel.Light],
  ["NON_REM3", SleepLevel.Deep],
]);

type Hypnogram = NonNullable<NonNullable<V4Night["sleepResult"]>["hypnogram"]>;

/** Returns a formatter of a night's instants that keeps one inner formatter for each offset. */
function formatterOf(ends: NightEnds): (instant: number) => string {
  const offset = offsetAt(ends);
  const known = new Map<number | null, (localMs: number) => string>();
  return (instant) => {
    const minutes = offset(instant);
    const format = known.get(minutes) ?? timestampFormatter(minutes);
    known.set(minutes, format);
    return format(instant + (minutes ?? 0) * minuteMs);
  };
}

/** Returns the changes of stage within the night. The last change was seen behind the end [R]; it begins no stage. */
function hypnogramSamples({ sleepStateChanges }: Hypnogram, ends: NightEnds): HypnogramSample[] {
  const format = formatterOf(ends);
  const [startMs, endMs] = [instantMs(ends.start), instantMs(ends.end)];
  const changes = (sleepStateChanges ?? []).map(({ offsetFromStart, newState }) => ({
    atMs: startMs + parseSeconds(offsetFromStart),
    level: levels.get(wordOf("SLEEP_STATE_", newState) ?? "") ?? SleepLevel.Unknown,
  }));
  return inOrder(changes, ({ atMs }) => atMs)
    .filter(({ atMs }) => atMs >= startMs && atMs < endMs)
    .map(({ atMs, level }) => ({ timestamp: format(atMs), level }));
}

function durations(
  night: V4Night | undefined,
  { hypnogram, ends }: { readonly hypnogram: Hypnogram | null; readonly ends: NightEnds | null },
): Sleep["sleep_durations_data"] {
  const { asleepDuration, interruptions, phaseDurations } = night?.sleepEvaluation ?? {};
  const seconds = (value: string | null | undefined) => notNegative(secondsOf(value));
  return {
    asleep: {
      duration_asleep_state_seconds: seconds(asleepDuration),
      duration_deep_sleep_state_seconds: seconds(phaseDurations?.deep),
      duration_light_sleep_state_seconds: seconds(phaseDurations?.light),
      duration_REM_sleep_state_seconds: seconds(phaseDurations?.rem),
    },
    awake: {
      duration_awake_state_seconds: seconds(interruptions?.totalDuration),
      duration_long_interruption_seconds: seconds(interruptions?.longDuration),
      duration_short_interruption_seconds: seconds(interruptions?.shortDuration),
      num_wakeup_events: notNegative(interruptions?.totalCount),
    },
    other: {
      // Null when the end is before the start: nobody knows which of the two times is wrong.
      duration_in_bed_seconds: ends && positive((instantMs(ends.end) - instantMs(ends.start)) / 1000),
      duration_unmeasurable_sleep_seconds: seconds(phaseDurations?.unknown),
    },
    hypnogram_samples: hypnogram && ends ? hypnogramSamples(hypnogram, ends) : [],
  };
}

interface Series {
  readonly startTime: string;
  readonly sampleInterval: string;
  readonly values: readonly (number | null)[] | null | undefined;
}

/**
 * Returns the samples of a recharge. Their start is local without a zone: it is read in the offset in which the night
 * began, or has none where the night is not known. 0 is no signal; the samples after it keep their times.
 */
function seriesSamples<Sample>(
  series: readonly Series[],
  ends: NightEnds | null,
  sample: (timestamp: string, value: number) => Sample,
): Sample[] {
  const format = ends ? formatterOf(ends) : timestampFormatter(null);
  const found = series.flatMap(({ startTime, sampleInterval, values }) => {
    const { localMs, offsetMinutes } = parseTime(startTime);
    const startMs = localMs - (offsetMinutes ?? ends?.start.offsetMinutes ?? 0) * minuteMs;
    const stepMs = parseSeconds(sampleInterval);
    return (values ?? []).flatMap((value, place) =>
      value !== null && value > 0 ? { atMs: startMs + place * stepMs, value } : [],
    );
  });
  return inOrder(found, ({ atMs }) => atMs).map(({ atMs, value }) => sample(format(atMs), value));
}

function heartRate(
  recharge: V4Recharge | undefined,
  samples: V4RechargeSamples | undefined,
  ends: NightEnds | null,
): Sleep["heart_rate_data"] {
  const betweenBeats = positive(recharge?.meanNightlyRecoveryRri);
  const series = (samples?.hrvSamples ?? []).map((one) => ({ ...one, values: one.hrvValues }));
  return {
    summary: {
      avg_hr_bpm: betweenBeats === null ? null : 60_000 / betweenBeats,
      avg_hrv_rmssd: positive(recharge?.meanNightlyRecoveryRmssd),
    },
    detailed: {
      hrv_samples_rmssd: seriesSamples(series, ends, (timestamp, hrv_rmssd) => ({ timestamp, hrv_rmssd })),
    },
  };
}

function respiration(
  samples: V4RechargeSamples | undefined,
  ends: NightEnds | null,
): Sleep["respiration_data"] {
  const series = (samples?.breathingRateSamples ?? []).map((one) => ({
    ...one,
    values: one.breathingRateValues,
  }));
  const breaths = seriesSamples(series, ends, (timestamp, breaths_per_min) => ({
    timestamp,
    breaths_per_min,
  }));
  return { breaths_data: { samples: breaths } };
}

function metadata(key: string, hypnogram: Hypnogram | null, ends: NightEnds | null): Sleep["metadata"] {
  const { start, end } = ends ?? {};
  return {
    summary_id: key,
    start_time: start ? formatTimestamp(start.localMs, start.offsetMinutes) : null,
    end_time: end ? formatTimestamp(end.localMs, end.offsetMinutes) : null,
    upload_type: hypnogram?.deviceReference?.uuid ? SleepUploadType.Automatic : SleepUploadType.Unknown,
    timestamp_localization: TimestampLocalization.Local,
  } as Sleep["metadata"];
}

interface NightParts {
  readonly night: V4Night | undefined;
  readonly recharge: V4Recharge | undefined;
  readonly samples: V4RechargeSamples | undefined;
}

/**
 * Converts a night of v4 to a Sleep. Without the night's times, the recharge makes a record without any: it supplements
 * v3's night, and is none by itself.
 */
function normalizeSleep(key: string, { night, recharge, samples }: NightParts): Sleep {
  const hypnogram = night?.sleepResult?.hypnogram ?? null;
  const ends = hypnogram && { start: parseTime(hypnogram.sleepStart), end: parseTime(hypnogram.sleepEnd) };
  return complete("sleep", {
    metadata: metadata(key, hypnogram, ends),
    heart_rate_data: heartRate(recharge, samples, ends),
    sleep_durations_data: durations(night, { hypnogram, ends }),
    respiration_data: respiration(samples, ends),
    readiness_data: { recovery_level: positive(recharge?.recoveryIndicator) },
    scores: { sleep: positive(night?.sleepScore?.sleepScore) },
  });
}

/** All resources of one night, keyed by the date of waking up. */
const measured = [v4Sleep, v4Recharge, v4RechargeSamples];
const resources = [...measured, v4SleepWake];

export const v4SleepNormalizer = withProviderData(
  "polar",
  {
    type: "sleep",
    needs: namesOf(resources),
    affects: (part) => (isOneOf(resources, part) ? [{ type: "sleep", naturalKey: part.key }] : []),
    partsOf: (naturalKey) => refsTo(resources, naturalKey),
    normalize(parts) {
      const date = parts.find((part) => isOneOf(measured, part))?.key;
      if (date === undefined) return null;
      return normalizeSleep(date, {
        night: valueFrom(parts, v4Sleep),
        recharge: valueFrom(parts, v4Recharge),
        samples: valueFrom(parts, v4RechargeSamples),
      });
    },
  },
  { one: measured, several: [v4SleepWake] },
);
