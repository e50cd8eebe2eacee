/** The metrics of Health Auto Export: one list of values for each type, in the units of the person's settings. */
import { z } from "zod";
import { quantityTypes } from "../../healthkit/quantity-types.ts";
import type { Sample } from "../../healthkit/sample.ts";
import { plainName } from "../../healthkit/source.ts";
import { convert, type Dimension } from "../../healthkit/units.ts";
import { readTime, type WrittenTime } from "../../healthkit/written-time.ts";
import { quantityOf } from "./metric-names.ts";

const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+([.,]\d+)?$/)
    .transform((text) => Number(text.replace(",", "."))),
]);
const maybe = numeric.nullish().catch(null);

/** One value: `qty`, or the smallest, mean and largest of a period. */
const datum = z.object({
  date: z.string().nullish().catch(null),
  start: z.string().nullish().catch(null),
  end: z.string().nullish().catch(null),
  source: z.string().nullish().catch(null),
  qty: maybe,
  Min: maybe,
  Avg: maybe,
  Max: maybe,
  systolic: maybe,
  diastolic: maybe,
  mealTime: z.string().nullish().catch(null),
  reason: z.string().nullish().catch(null),
});
type Datum = z.output<typeof datum>;

export interface Metric {
  readonly name: string;
  readonly units: string;
  readonly data: readonly unknown[];
}

/** Samples, and the number of values that could not be read. */
export interface ReadSamples {
  readonly samples: readonly Sample[];
  readonly unreadable: number;
}

/** Reads a metric whose values are quantities; null for another one. */
export function readMetric({ name, units, data }: Metric): ReadSamples | null {
  const readers = readersOf(name, units);
  if (readers.length === 0) return null;
  const samples: Sample[] = [];
  let unreadable = 0;
  for (const item of data) {
    const read = readDatum(item, readers);
    if (read === null) unreadable += 1;
    else samples.push(...read);
  }
  return { samples, unreadable };
}

/** Reads one quantity from a value. */
interface Reader {
  readonly type: string;
  value(datum: Datum): number | null;
}

function readersOf(name: string, units: string): Reader[] {
  if (name === "blood_pressure") {
    return [
      quantityReader("HKQuantityTypeIdentifierBloodPressureSystolic", units, ({ systolic }) => systolic),
      quantityReader("HKQuantityTypeIdentifierBloodPressureDiastolic", units, ({ diastolic }) => diastolic),
    ];
  }
  const type = quantityOf(name);
  return type === null ? [] : [quantityReader(type, units, ({ qty, Avg }) => qty ?? Avg)];
}

function quantityReader(
  type: string,
  units: string,
  pick: (datum: Datum) => number | null | undefined,
): Reader {
  const dimension = quantityTypes.get(type)?.dimension ?? "count";
  return {
    type,
    value(datum) {
      const value = pick(datum) ?? null;
      return value === null ? null : converted(value, units, dimension);
    },
  };
}

/** Percentages are 0 to 100 in this format; HealthKit's are fractions. */
const converted = (value: number, units: string, dimension: Dimension): number | null =>
  dimension === "fraction" && units.trim() === "%" ? value / 100 : convert(value, units, dimension);

function readDatum(item: unknown, readers: readonly Reader[]): Sample[] | null {
  const { data } = datum.safeParse(item);
  const start = data === undefined ? null : timeOf(data.start ?? data.date);
  if (data === undefined || start === null) return null;
  const end = timeOf(data.end) ?? start;
  const values = readers.map(({ type, value }) => ({ type, value: value(data) }));
  if (values.every(({ value }) => value === null)) return null;
  return values.map(({ type, value }) => ({
    uuid: null,
    type,
    startMs: start.ms,
    endMs: Math.max(start.ms, end.ms),
    value,
    zone: null,
    offsetMinutes: start.offsetMinutes,
    source: { name: data.source ? plainName(data.source) : null, bundleId: null, model: null },
    isUserEntered: false,
    isAggregate: true,
    metadata: metadataOf(data),
  }));
}

const timeOf = (text: string | null | undefined): WrittenTime | null => (text ? readTime(text) : null);

/** Smallest and largest of a period, and what the person noted beside a value, as written. */
function metadataOf({ Min, Max, mealTime, reason }: Datum): Record<string, string | number> {
  const noted = { Min, Max, mealTime, reason };
  return Object.fromEntries(
    Object.entries(noted).filter((entry): entry is [string, string | number] => entry[1] != null),
  );
}
