/** Series of values at even distances, and strings with a digit for each interval. */
import { z } from "zod";
import { timestampFormatter } from "../../models/index.ts";
import { time } from "../kit/fields.ts";
import { type LocalTime, parseTime } from "../kit/iso-time.ts";

/** "Object defining a recorded sample": the interval in seconds; null items are gaps. */
export const series = z
  .looseObject({
    interval: z.number().positive().max(86_400),
    items: z.array(z.number().nullable()),
    timestamp: time,
  })
  .nullish();

export type OuraSeries = z.output<typeof series>;

/** Returns one sample for each item that `keep` accepts, at its own instant, in the offset of the series. */
export function samplesOf<Sample>(
  given: OuraSeries,
  keep: (value: number) => boolean,
  sample: (timestamp: string, value: number) => Sample,
): Sample[] {
  if (given == null) return [];
  const { localMs, offsetMinutes } = parseTime(given.timestamp);
  const format = timestampFormatter(offsetMinutes);
  return given.items.flatMap((value, index) =>
    value !== null && keep(value) ? [sample(format(localMs + index * given.interval * 1_000), value)] : [],
  );
}

/** Returns a sample for each digit that has a meaning; other characters are left out. */
export function digitsOf<Meaning, Sample>(
  text: string,
  { from, stepMs, meanings }: { from: LocalTime; stepMs: number; meanings: ReadonlyMap<string, Meaning> },
  sample: (timestamp: string, meaning: Meaning) => Sample,
): Sample[] {
  const format = timestampFormatter(from.offsetMinutes);
  return [...text].flatMap((digit, index) => {
    const meaning = meanings.get(digit);
    return meaning === undefined ? [] : [sample(format(from.localMs + index * stepMs), meaning)];
  });
}

export const isAboveZero = (value: number): boolean => value > 0;
