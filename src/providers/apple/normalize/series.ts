/** Terra's sample arrays, from samples and shares. */
import {
  HeartRateContext,
  type HeartRateSample,
  type HrvSdnnSample,
  type OxygenSaturationSample,
  OxygenSaturationType,
} from "../../../models/index.ts";
import type { Metadata } from "../healthkit/sample.ts";
import type { Share } from "../healthkit/share.ts";
import { shifted } from "./decimal-shift.ts";
import { type ClockOf, timeWriter } from "./local-clock.ts";
import { type Measured, numberOf } from "./readings.ts";
import { runningSums } from "./share-sums.ts";

/** Returns one sample for each reading, at its start. */
export function seriesOf<Made>(
  samples: readonly Measured[],
  clockOf: ClockOf,
  make: (timestamp: string, value: number, sample: Measured) => Made,
): Made[] {
  const write = timeWriter();
  return samples.map((sample) => make(write(clockOf(sample), sample.startMs), sample.value, sample));
}

/** Returns sums since the start of the record, each at the end of the time in which its last value counts. */
export function cumulative<Made>(
  shares: readonly Share[],
  clockOf: ClockOf,
  make: (timestamp: string, sum: number) => Made,
): Made[] {
  const write = timeWriter();
  return runningSums(shares).map(({ share, endMs, sum }) => make(write(clockOf(share.sample), endMs), sum));
}

/** HealthKit says 1 for a person at rest and 2 for an active one; Terra has them the other way round. */
const contexts: ReadonlyMap<number, HeartRateContext> = new Map([
  [0, HeartRateContext.NotSet],
  [1, HeartRateContext.NotActive],
  [2, HeartRateContext.Active],
]);

export function contextOf(metadata: Metadata): HeartRateContext | null {
  return contexts.get(numberOf(metadata.HKMetadataKeyHeartRateMotionContext) ?? Number.NaN) ?? null;
}

export const heartRateSamples = (samples: readonly Measured[], clockOf: ClockOf): HeartRateSample[] =>
  seriesOf(samples, clockOf, (timestamp, bpm, { metadata }) => ({
    timestamp,
    timer_duration_seconds: null,
    bpm,
    context: contextOf(metadata),
  }));

/** Seconds in HealthKit's form, milliseconds in Terra's. */
export const sdnnSamples = (samples: readonly Measured[], clockOf: ClockOf): HrvSdnnSample[] =>
  seriesOf(samples, clockOf, (timestamp, seconds) => ({ timestamp, hrv_sdnn: shifted(seconds, 3) }));

/** Fractions in HealthKit's form, percent in Terra's. */
export const saturationSamples = (samples: readonly Measured[], clockOf: ClockOf): OxygenSaturationSample[] =>
  seriesOf(samples, clockOf, (timestamp, fraction) => ({
    timestamp,
    percentage: shifted(fraction, 2),
    type: OxygenSaturationType.Blood,
  }));
