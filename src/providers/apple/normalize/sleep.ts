import {
  complete,
  type RespirationData,
  type SleepMetadata,
  SleepUploadType,
} from "../../../models/index.ts";
import type { Normalizer, Part, RecordRef } from "../../provider.ts";
import { overlapMs } from "../healthkit/interval.ts";
import { heartRateData } from "./daily-heart.ts";
import { shifted } from "./decimal-shift.ts";
import { devicesOf } from "./devices.ts";
import {
  type Clock,
  type ClockOf,
  dateAt,
  localization,
  noClock,
  shiftDate,
  timeWriter,
} from "./local-clock.ts";
import { nightDurations } from "./night.ts";
import { beside } from "./provider-data.ts";
import { type Measured, meanOf, rangeOf, readings, within } from "./readings.ts";
import { isGrowing, needsOf, RecordParts, sampleRefs, settingsRef, typeOfPart } from "./record-parts.ts";
import { saturationSamples, seriesOf } from "./series.ts";
import { possibleNights, sleepKey } from "./sleep-keys.ts";
import { asleepMs, type SleepSession, sleepSessions } from "./sleep-sessions.ts";
import {
  breathingDisturbances,
  heartRate,
  nightReadings,
  oxygenSaturation,
  respiratoryRate,
  rmssd,
  sdnn,
  sleepAnalysis,
  wristTemperature,
} from "./type-homes.ts";

interface Night {
  readonly session: SleepSession;
  readonly isNap: boolean;
  readonly start: Clock;
  readonly end: Clock;
}

/** Returns the sessions that wake on a local date, the main one first: the longest sleep. */
function nightsOn(date: string, parts: RecordParts): Night[] {
  const { clockOf, settings } = parts;
  return sleepSessions(parts.samples(sleepAnalysis), settings.priority)
    .map((session) => ({ session, ...clocksOf(session, clockOf) }))
    .filter(({ session, end }) => dateAt(end, session.endMs) === date)
    .toSorted((one, other) => compareLength(one.session, other.session))
    .map((night, index) => ({ ...night, isNap: index > 0 }));
}

const compareLength = (one: SleepSession, other: SleepSession): number =>
  asleepMs(other) - asleepMs(one) ||
  other.endMs - other.startMs - (one.endMs - one.startMs) ||
  one.startMs - other.startMs;

/** A night has the clock of its first row at the beginning, and of the last to end at its end. */
function clocksOf({ rows }: SleepSession, clockOf: ClockOf): { start: Clock; end: Clock } {
  const [first] = rows;
  const last = rows.toSorted((one, other) => one.endMs - other.endMs).at(-1);
  return { start: clockOf(first ?? noClock), end: clockOf(last ?? noClock) };
}

function metadata({ session, isNap, start, end }: Night, key: string): SleepMetadata {
  const write = timeWriter();
  const isManual = session.rows.some(({ isUserEntered }) => isUserEntered);
  return {
    summary_id: key,
    start_time: write(start, session.startMs),
    end_time: write(end, session.endMs),
    upload_type: isManual ? SleepUploadType.Manual : SleepUploadType.Automatic,
    is_nap: isNap,
    timestamp_localization: localization(start),
  };
}

type ReadingsOf = (type: string) => Measured[];

function respiration(of: ReadingsOf, clockOf: ClockOf): RespirationData {
  const breaths = rangeOf(of(respiratoryRate));
  const saturations = of(oxygenSaturation);
  return {
    breaths_data: {
      avg_breaths_per_min: breaths.average,
      max_breaths_per_min: breaths.maximum,
      min_breaths_per_min: breaths.minimum,
      samples: seriesOf(of(respiratoryRate), clockOf, (timestamp, breaths_per_min) => ({
        timestamp,
        breaths_per_min,
      })),
    },
    oxygen_saturation_data: {
      avg_saturation_percentage: meanOf(saturations.map(({ value }) => shifted(value, 2))),
      samples: saturationSamples(saturations, clockOf),
    },
  };
}

/** Returns the value of a type that has one reading for a whole night: the one that shares most of its time. */
function ofWholeNight(samples: readonly Measured[], session: SleepSession): number | null {
  const [best] = samples
    .map(({ value, ...span }) => ({ value, sharedMs: overlapMs(span, session) }))
    .filter(({ sharedMs }) => sharedMs > 0)
    .toSorted((one, other) => other.sharedMs - one.sharedMs || other.value - one.value);
  return best?.value ?? null;
}

function normalizeNight(key: string, parts: RecordParts): object | null {
  const nights = nightsOn(key.slice(0, 10), parts);
  const night = nights.find(({ session, isNap }) => sleepKey(key.slice(0, 10), session, isNap) === key);
  if (night === undefined) return null;
  const { session } = night;
  const { clockOf, settings } = parts;
  const of: ReadingsOf = (type) => within(readings(parts.samples(type)), session);
  const write = timeWriter();
  const sleep = complete("sleep", {
    metadata: metadata(night, key),
    device_data: devicesOf([session.source, ...session.others], settings.priority),
    heart_rate_data: heartRateData({ beats: of(heartRate), sdnn: of(sdnn), rmssd: of(rmssd) }, clockOf),
    sleep_durations_data: nightDurations(session, (ms) =>
      write(ms < session.endMs ? night.start : night.end, ms),
    ),
    respiration_data: respiration(of, clockOf),
  });
  return beside(sleep, {
    clock: { basis: night.start.basis, zone: night.start.zone },
    // Terra's temperature is a difference from a baseline, which HealthKit does not tell.
    wrist_temperature_celsius: ofWholeNight(readings(parts.samples(wristTemperature)), session),
    breathing_disturbances: ofWholeNight(readings(parts.samples(breathingDisturbances)), session),
  });
}

const refOf = (naturalKey: string): RecordRef => ({ type: "sleep", naturalKey });

export const sleepNormalizer: Normalizer = {
  type: "sleep",
  needs: needsOf("samples"),
  affects: (part: Part) =>
    isGrowing("samples", part) && typeOfPart(part) === sleepAnalysis
      ? possibleNights(part.value).map(refOf)
      : [],
  partsOf(key) {
    const date = key.slice(0, 10);
    // A night begins up to a day before the day of waking, on clocks up to 14 hours from UTC.
    const days = [-2, -1, 0, 1].map((days) => shiftDate(date, days));
    return [settingsRef, ...sampleRefs(days, [sleepAnalysis, ...nightReadings])];
  },
  normalize: (parts, key) => normalizeNight(key, new RecordParts(parts)),
};
