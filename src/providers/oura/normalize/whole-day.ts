/** Cuts samples with UTC times out of the parts of UTC days, and writes them in an offset. */

import {
  type Columnar,
  HeartRateContext,
  type HeartRateData,
  type HeartRateSample,
  SampleColumns,
  SampleTimes,
  timestampFormatter,
} from "../../../models/index.ts";
import type { GrowingSample } from "../../kit/growing/fold.ts";
import { minuteMs, shiftDate } from "../../kit/iso-time.ts";
import { valuesFrom } from "../../kit/parts.ts";
import { largest, smallest } from "../../kit/values.ts";
import type { Part, PartsRef, Resource } from "../../provider.ts";
import { heartRateSamples } from "../resources/time-series.ts";

/** A period of instants, the end not included. Offset in minutes. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMinutes: number;
}

/** Returns references to the samples that a local day can have, whatever its offset. */
export const refsAround = (resource: Resource<unknown>, day: string): PartsRef[] =>
  [-1, 0, 1].map((days) => ({ resource: resource.name, key: shiftDate(day, days) }));

/** Returns the local days that samples of a UTC day can belong to. */
export const daysAround = (utcDay: string): string[] => [-1, 0, 1].map((days) => shiftDate(utcDay, days));

export const samplesIn = <Sample extends GrowingSample>(
  parts: readonly Part[],
  resource: Resource<readonly Sample[]>,
  { fromMs, toMs }: Span,
): Sample[] =>
  valuesFrom(parts, resource)
    .flat()
    .filter(({ startMs }) => startMs >= fromMs && startMs < toMs);

export function writerFor({ offsetMinutes }: Span): (instant: number) => string {
  const format = timestampFormatter(offsetMinutes);
  return (instant) => format(instant + offsetMinutes * minuteMs);
}

const contexts: Readonly<Record<string, HeartRateContext>> = {
  workout: HeartRateContext.Active,
  rest: HeartRateContext.NotActive,
  sleep: HeartRateContext.NotActive,
};

const contextOf = (source: string | null): HeartRateContext =>
  source !== null && Object.hasOwn(contexts, source)
    ? (contexts[source] ?? HeartRateContext.NotSet)
    : HeartRateContext.NotSet;

/**
 * Returns the heart rate of a period. Samples are minutes apart, and seconds in workouts, so their mean is not the
 * period's and stays null.
 */
export function heartRateIn(parts: readonly Part[], span: Span): Columnar<HeartRateData> {
  const { offsetMinutes } = span;
  const samples = samplesIn(parts, heartRateSamples, span).filter(({ bpm }) => bpm > 0);
  const beats = samples.map(({ bpm }) => bpm);
  const localMs = samples.map(({ startMs }) => startMs + offsetMinutes * minuteMs);
  const hr = new SampleColumns<HeartRateSample>(new SampleTimes({ localMs, offsetMinutes }, null), {
    bpm: beats,
    context: samples.map(({ source }) => contextOf(source)),
  });
  return {
    summary: { max_hr_bpm: largest(beats), min_hr_bpm: smallest(beats) },
    detailed: { hr_samples: hr },
  };
}
