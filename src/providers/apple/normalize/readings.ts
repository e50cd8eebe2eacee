/** Readings of a moment, such as heart rates: all that any source took, without what a format averaged from them. */
import { largest, smallest } from "../../kit/values.ts";
import type { Interval } from "../healthkit/interval.ts";
import type { Sample } from "../healthkit/sample.ts";
import { withoutNoise } from "./decimal-shift.ts";

export interface Measured extends Sample {
  readonly value: number;
}

/** Returns the readings, in the order given. An average is left out where a single reading lies in its time. */
export function readings(samples: readonly Sample[]): Measured[] {
  const measured = samples.filter((sample): sample is Measured => sample.value !== null);
  const seconds = new Set(measured.filter((one) => !one.isAggregate).map((one) => second(one.startMs)));
  return measured.filter((one) => !one.isAggregate || !isKnown(one, seconds));
}

const second = (ms: number): number => Math.floor(ms / 1_000);

/** Looks at each second of an average's time, which is an hour at most in all formats. */
function isKnown({ startMs, endMs }: Interval, seconds: ReadonlySet<number>): boolean {
  const last = Math.max(second(startMs), Math.min(second(endMs) - 1, second(startMs) + 3_600));
  for (let at = second(startMs); at <= last; at += 1) if (seconds.has(at)) return true;
  return false;
}

/** Returns the readings that began in a span of time, its end not included. */
export const within = <Item extends Interval>(items: readonly Item[], { startMs, endMs }: Interval): Item[] =>
  items.filter((item) => item.startMs >= startMs && item.startMs < endMs);

export function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return withoutNoise(values.reduce((sum, value) => sum + value, 0) / values.length);
}

export interface Range {
  readonly average: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

/** Returns mean, smallest and largest. Averages tell the smallest and largest of their time in metadata. */
export function rangeOf(samples: readonly Measured[]): Range {
  return {
    average: meanOf(samples.map(({ value }) => value)),
    minimum: smallest(samples.map(({ value, metadata }) => numberOf(metadata.Min) ?? value)),
    maximum: largest(samples.map(({ value, metadata }) => numberOf(metadata.Max) ?? value)),
  };
}

/** Returns a number of metadata, where exporters write numbers and texts. */
export function numberOf(value: string | number | undefined): number | null {
  if (typeof value === "number") return value;
  const number = Number.parseFloat(value ?? "");
  return Number.isFinite(number) ? number : null;
}
