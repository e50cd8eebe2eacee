/**
 * The rows of a spool: one line of JSON for each item. Samples are arrays with indexes in place of their type, source
 * and zone, since an export has millions of them.
 */
import type { ActivitySummary, Beats, Correlation, Ecg } from "../../../healthkit/readings.ts";
import type { Sample, Source } from "../../../healthkit/sample.ts";
import type { Workout } from "../../../healthkit/workout.ts";
import { limits } from "../limits.ts";

/** An item that is no sample. */
export type SpooledItem =
  | { readonly kind: "workouts"; readonly item: Workout }
  | { readonly kind: "ecgs"; readonly item: Ecg }
  | { readonly kind: "beats"; readonly item: Beats }
  | { readonly kind: "correlations"; readonly item: Correlation }
  | { readonly kind: "activity-summaries"; readonly item: ActivitySummary };

/** The texts that rows name by index. */
export interface Tables {
  readonly types: string[];
  readonly zones: string[];
  readonly sources: Source[];
}

/** Writes and numbers samples. */
export class RowWriter {
  readonly tables: Tables = { types: [], zones: [], sources: [] };
  readonly #types = new Map<string, number>();
  readonly #zones = new Map<string, number>();
  readonly #sources = new Map<Source, number>();

  sample(sample: Sample): string {
    const type = place(this.#types, this.tables.types, sample.type);
    const zone = sample.zone === null ? "null" : place(this.#zones, this.tables.zones, sample.zone);
    const source = place(this.#sources, this.tables.sources, sample.source);
    const { startMs, endMs, value, isUserEntered, metadata } = sample;
    const rest = hasKeys(metadata) ? `,${JSON.stringify(metadata)}` : "";
    return `[${type},${startMs},${endMs - startMs},${value},${source},${zone},${isUserEntered ? 1 : 0}${rest}]`;
  }
}

/** Returns the index of a text or source, or its JSON where the table is full. */
function place<Value>(indexes: Map<Value, number>, table: Value[], value: Value): string {
  const known = indexes.get(value);
  if (known !== undefined) return String(known);
  if (table.length >= limits.interned) return JSON.stringify(value);
  indexes.set(value, table.length);
  table.push(value);
  return String(table.length - 1);
}

function hasKeys(value: object): boolean {
  for (const _ in value) return true;
  return false;
}

/** A sample as it stands in a spool. */
export type SampleRow = readonly [
  type: number | string,
  startMs: number,
  lengthMs: number,
  value: number | null,
  source: number | Source,
  zone: number | string | null,
  isUserEntered: 0 | 1,
  metadata?: Sample["metadata"],
];

const noMetadata: Sample["metadata"] = {};

export type Row = SampleRow | SpooledItem;

/** Reads rows that are whole lines. */
export const readRows = (lines: string): Row[] => JSON.parse(`[${lines.replaceAll("\n", ",")}]`) as Row[];

/** Returns the sample of a row. @throws RangeError when the tables are not those it was written with */
export function sampleOfRow(row: SampleRow, { types, zones, sources }: Tables): Sample {
  const [type, startMs, lengthMs, value, source, zone, isUserEntered, metadata = noMetadata] = row;
  return {
    uuid: null,
    type: from(types, type),
    startMs,
    endMs: startMs + lengthMs,
    value,
    zone: zone === null ? null : from(zones, zone),
    offsetMinutes: null,
    source: from(sources, source),
    isUserEntered: isUserEntered === 1,
    isAggregate: false,
    metadata,
  };
}

function from<Value>(table: readonly Value[], place: number | Value): Value {
  if (typeof place !== "number") return place;
  const value = table[place];
  if (value === undefined) throw new RangeError("A spool has other tables");
  return value;
}

export const isSampleRow = (row: Row): row is SampleRow => Array.isArray(row);
