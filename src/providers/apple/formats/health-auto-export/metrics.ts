/** The metrics of Health Auto Export: one list of values for each type, in the units of the person's settings. */
import { z } from "zod";
import { quantityTypes } from "../../healthkit/quantity-types.ts";
import type { Metadata, Sample } from "../../healthkit/sample.ts";
import { convert, type Dimension } from "../../healthkit/units.ts";
import type { WrittenTime } from "../../healthkit/written-time.ts";
import { number, sourceOf, text, timeOf } from "../fields.ts";
import type { Granularity } from "./headers.ts";
import { quantityOf } from "./metric-names.ts";
import { endsOf, rowLength } from "./row-period.ts";

/** One value: `qty`, or the smallest, mean and largest of a period. */
const datum = z.object({
  date: text,
  start: text,
  end: text,
  source: text,
  qty: number,
  Min: number,
  Avg: number,
  Max: number,
  systolic: number,
  diastolic: number,
  mealTime: text,
  reason: text,
});
type Datum = z.output<typeof datum>;

export interface Metric {
  readonly name: string;
  readonly units: string;
  readonly data: readonly unknown[];
}

/** Samples, and the leaves that could not be read. */
export interface ReadSamples {
  readonly samples: readonly Sample[];
  /** By their paths in the metric: `data[].qty`. */
  readonly unreadable: readonly string[];
}

/** Reads a metric whose values are quantities; null for another one. */
export function readMetric(
  { name, units, data }: Metric,
  hint: Granularity | null = null,
): ReadSamples | null {
  const readers = readersOf(name, units);
  const [reader] = readers;
  if (reader === undefined) return null;
  const rows = rowsOf(data);
  const begins = rows.flatMap(({ begin, end }) => (end === null ? [begin] : []));
  const lengthMs = rowLength(begins, quantityTypes.get(reader.type)?.isCumulative ?? false, hint);
  const endOf = endsOf(begins, lengthMs);
  const unreadable = new Set<string>(rows.length < data.length ? ["data[].date"] : []);
  const samples = rows.flatMap((row) => {
    const endMs = row.end?.ms ?? endOf(row.begin);
    const read = samplesOf(row, endMs, readers);
    if (read.length < readers.length) unreadable.add("data[].qty");
    return read;
  });
  return { samples, unreadable: [...unreadable] };
}

/** Reads one quantity from a value. */
interface Reader {
  readonly type: string;
  pick(datum: Datum): number | null | undefined;
  /** Returns a number of the metric in the unit of the type; null when the unit is unknown. */
  convert(value: number): number | null;
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

function quantityReader(type: string, units: string, pick: Reader["pick"]): Reader {
  const dimension = quantityTypes.get(type)?.dimension ?? "count";
  return { type, pick, convert: (value) => converted(value, units, dimension) };
}

/** Percentages are 0 to 100 in this format; HealthKit's are fractions. */
export const converted = (value: number, units: string, dimension: Dimension): number | null =>
  dimension === "fraction" && units.trim() === "%" ? value / 100 : convert(value, units, dimension);

interface Row {
  readonly datum: Datum;
  readonly begin: WrittenTime;
  /** Null where the row tells only its beginning. */
  readonly end: WrittenTime | null;
}

function rowsOf(data: readonly unknown[]): Row[] {
  return data.flatMap((item) => {
    const read = datum.safeParse(item);
    const begin = read.success ? timeOf(read.data.start ?? read.data.date) : null;
    if (!read.success || begin === null) return [];
    const end = timeOf(read.data.end);
    return [{ datum: read.data, begin, end: end !== null && end.ms >= begin.ms ? end : null }];
  });
}

function samplesOf({ datum: row, begin }: Row, endMs: number, readers: readonly Reader[]): Sample[] {
  return readers.flatMap((reader) => {
    const written = reader.pick(row) ?? null;
    const value = written === null ? null : reader.convert(written);
    if (value === null) return [];
    return [
      {
        uuid: null,
        type: reader.type,
        startMs: begin.ms,
        endMs,
        value,
        zone: null,
        offsetMinutes: begin.offsetMinutes,
        source: sourceOf(row.source),
        isUserEntered: false,
        isAggregate: true,
        metadata: metadataOf(row, reader),
      },
    ];
  });
}

/** Smallest and largest of a period in the unit of the type, and what the person noted beside a value. */
function metadataOf({ Min, Max, mealTime, reason }: Datum, { convert }: Reader): Metadata {
  const told: Readonly<Record<string, string | number | null>> = {
    Min: typeof Min === "number" ? convert(Min) : null,
    Max: typeof Max === "number" ? convert(Max) : null,
    ...noted("HKBloodGlucoseMealTime", mealTimes, mealTime),
    ...noted("HKInsulinDeliveryReason", reasons, reason),
  };
  return Object.fromEntries(
    Object.entries(told).filter((entry): entry is [string, string | number] => entry[1] !== null),
  );
}

/** HealthKit's numbers of the words; a word that is unknown or translated stays as written. */
const noted = (key: string, numbers: ReadonlyMap<string, number>, word: string | null | undefined) =>
  word ? { [key]: numbers.get(word) ?? word } : {};
const mealTimes: ReadonlyMap<string, number> = new Map([
  ["Before Meal", 1],
  ["After Meal", 2],
]);
const reasons: ReadonlyMap<string, number> = new Map([
  ["Basal", 1],
  ["Bolus", 2],
]);
