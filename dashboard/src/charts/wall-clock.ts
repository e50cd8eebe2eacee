/**
 * Instants as the watch showed them. A record's times carry their own offset, or none at all; charts show the wall
 * clock of the record, wherever the browser is. So a time is counted as if it were UTC, and printed as UTC.
 */
export const wallSeconds = (timestamp: string): number =>
  Date.parse(`${timestamp.slice(0, 23).replace(/\.$/, "")}Z`) / 1000;

const two = (value: number): string => String(value).padStart(2, "0");

export function clock(seconds: number, withSeconds = false): string {
  const at = new Date(seconds * 1000);
  const text = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return withSeconds ? `${text}:${two(at.getUTCSeconds())}` : text;
}

interface Sample {
  readonly timestamp?: string | null | undefined;
}

export interface Series {
  readonly times: number[];
  readonly values: (number | null)[];
}

/** Orders samples by time. A sample without a time of its own cannot be drawn. */
export function seriesOf<Item extends Sample>(
  samples: readonly Item[] | null | undefined,
  read: (sample: Item) => number | null | undefined,
): Series {
  const points = (samples ?? [])
    .flatMap((sample) =>
      sample.timestamp ? [[wallSeconds(sample.timestamp), read(sample) ?? null] as const] : [],
    )
    .filter(([at]) => Number.isFinite(at))
    .sort(([a], [b]) => a - b);
  return { times: points.map(([at]) => at), values: points.map(([, value]) => value) };
}

export const isEmpty = ({ values }: Series): boolean => values.every((value) => value === null);

interface Extent {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
}

export function extentOf({ values }: Series): Extent | null {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (value === null) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count += 1;
  }
  return count === 0 ? null : { min, max, avg: sum / count };
}
