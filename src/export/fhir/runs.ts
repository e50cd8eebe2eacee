/**
 * Cuts the samples of a series into runs that SampledData can say: one interval, and `E` where a value is missing. What
 * lies on no grid stays single. docs/adr/0066 says why.
 */
import type { FhirTime } from "./time.ts";

export interface Sample {
  readonly time: FhirTime;
  /** The value as SampledData writes it: a decimal number, or two. */
  readonly text: string;
  readonly values: readonly number[];
}

export interface Run {
  readonly samples: readonly Sample[];
  /** Milliseconds between two places. */
  readonly periodMs: number;
  /** The place of each sample, the first at 0. */
  readonly places: readonly number[];
}

/** A grid may have this many places for each value: more would be a text that is empty for the most part. */
const placesForEach = 4;
/** With fewer values there is no interval to speak of. */
const fewestInRun = 3;
/** Two devices' clocks tell milliseconds: a sample that far from its place is on it. */
const jitterMs = 1;

/** Returns the runs and the samples that are in none. The samples are in order, each at its own millisecond. */
export function cutIntoRuns(samples: readonly Sample[]): { runs: Run[]; single: Sample[] } {
  const whole = onGrid(samples) ?? evenly(samples);
  if (whole !== null) return { runs: [whole], single: [] };
  const runs: Run[] = [];
  const single: Sample[] = [];
  for (const part of dense(samples)) {
    const run = onGrid(part);
    if (run === null) single.push(...part);
    else runs.push(run);
  }
  return { runs, single };
}

/** Each sample exactly on a place of the widest grid there is. */
function onGrid(samples: readonly Sample[]): Run | null {
  const [first] = samples;
  if (first === undefined || samples.length < fewestInRun) return null;
  const distances = samples.map(({ time }) => time.ms - first.time.ms);
  const step = distances.reduce(commonDivisor, 0);
  const places = distances.map((distance) => distance / step);
  return fits(places.at(-1) as number, samples.length) ? { samples, periodMs: step, places } : null;
}

/** Each sample within a millisecond of its place: the interval is no whole number, as 7.69 ms of an ECG. */
function evenly(samples: readonly Sample[]): Run | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < fewestInRun) return null;
  const step = (last.time.ms - first.time.ms) / (samples.length - 1);
  const isEven = samples.every(
    ({ time }, index) => Math.abs(time.ms - first.time.ms - index * step) <= jitterMs,
  );
  return isEven
    ? { samples, periodMs: Number(step.toFixed(6)), places: samples.map((_, index) => index) }
    : null;
}

/** Cuts where the next sample would make the grid too fine or too long for its values. */
function dense(samples: readonly Sample[]): Sample[][] {
  const parts: Sample[][] = [];
  let part: Sample[] = [];
  let step = 0;
  for (const sample of samples) {
    const distance = sample.time.ms - (part[0] ?? sample).time.ms;
    const finer = commonDivisor(step, distance);
    if (part.length > 1 && !fits(distance / finer, part.length + 1)) {
      parts.push(part);
      part = [];
      step = 0;
    } else step = finer;
    part.push(sample);
  }
  return part.length > 0 ? [...parts, part] : parts;
}

const fits = (lastPlace: number, count: number): boolean => lastPlace + 1 <= placesForEach * count;

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
