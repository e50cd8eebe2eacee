/**
 * Lists of samples in columns: one list for each field in place of one object for each sample. An hour at 1 Hz has
 * 21,600 samples; to make objects of them and to write those takes longer than all other work on a record.
 */
import { type JsonWriter, jsonBytes, SelfWriting } from "./json-writer.ts";
import {
  countOf,
  type Heads,
  headsBytes,
  headsOf,
  isTexts,
  type Moments,
  putRows,
  type RowColumn,
  type Rows,
  rowColumn,
  rowsBytes,
  type Timers,
} from "./sample-rows.ts";
import { timestampFormatter } from "./timestamp.ts";

/** The values of one field, one for each sample; or the value that all samples have. */
export type Column<Value> = readonly Value[] | Extract<Value, string | number | boolean | null>;

/**
 * A model as normalisers make it: each list of samples is in columns or a list of objects, whichever is at hand.
 */
export type Columnar<Model> = Model extends readonly (infer Item)[]
  ? Model | (Item extends { readonly timestamp?: unknown } ? SampleColumns<Item> : never)
  : Model extends object
    ? { [Field in keyof Model]: Columnar<Model[Field]> }
    : Model;

/** Returns a record as readers get it, with a list of objects in place of each list in columns. */
export const asRead = <Model>(record: unknown): Model => JSON.parse(jsonBytes(record).toString("utf8"));

type TimeField = "timestamp" | "timer_duration_seconds";

/** The fields of a sample after its time, in the order in which they are written. */
export type SampleFields<Sample> = {
  readonly [Field in Exclude<keyof Sample, TimeField>]?: Column<Sample[Field]>;
};

/** The moments of samples. Lists that share them share the text of each moment, which is longer than the rest. */
export class SampleTimes {
  readonly #moments: Moments;
  readonly #timers: Timers;
  #heads: Heads | null = null;

  /** @param timers the seconds of the timer at each moment, or the same at all; absent where samples have none */
  constructor(moments: Moments, timers?: Timers) {
    this.#moments = moments;
    this.#timers = timers;
  }

  get length(): number {
    return countOf(this.#moments);
  }

  /** Returns the time of each sample at a moment, as fields. */
  fieldsAt(): (moment: number) => object {
    const format = isTexts(this.#moments) ? null : timestampFormatter(this.#moments.offsetMinutes);
    return (moment) => {
      const timer = valueAt(this.#timers, moment);
      const timestamp = isTexts(this.#moments)
        ? this.#moments[moment]
        : format?.(this.#moments.localMs[moment] ?? 0);
      return { timestamp, ...(timer !== undefined && { timer_duration_seconds: timer }) };
    };
  }

  /** Returns the text of each moment, made once; anew if moments were added meanwhile. */
  headsWith(writer: JsonWriter): Heads {
    if (this.#heads?.ends.length !== this.length)
      this.#heads = headsOf(
        writer.room(headsBytes(this.#moments)),
        writer.position,
        this.#moments,
        this.#timers,
      );
    return this.#heads;
  }
}

/** A list of samples in columns. As JSON it is the list of its samples. */
export class SampleColumns<Sample extends object> extends SelfWriting {
  readonly length: number;
  readonly #times: SampleTimes;
  readonly #moments: readonly number[] | null;
  readonly #fields: SampleFields<Sample>;

  /**
   * @param moments the moment of each sample, as an index into `times`; absent where the samples lie at the first
   * moments, one at each
   * @throws RangeError when columns have other lengths, or there are fewer moments
   */
  constructor(times: SampleTimes, fields: SampleFields<Sample>, moments?: readonly number[]) {
    super();
    this.#times = times;
    this.#moments = moments ?? null;
    this.#fields = fields;
    const lists = this.#columns().flatMap(([, column]) => (isList(column) ? [column] : []));
    this.length = (moments ?? lists[0] ?? times).length;
    const isEven = lists.every(({ length }) => length === this.length);
    if (!isEven || (moments === undefined && this.length > times.length))
      throw new RangeError("Columns of samples have different lengths");
  }

  /** Returns the values of a field, one for each sample. */
  values<Field extends Exclude<keyof Sample, TimeField>>(field: Field): readonly Sample[Field][] {
    const column: Column<Sample[Field]> | undefined = this.#fields[field];
    if (column === undefined) return [];
    return isList(column) ? column : new Array(this.length).fill(column);
  }

  /** Returns the samples as objects. */
  toJSON(): Sample[] {
    const columns = this.#columns();
    const timeAt = this.#times.fieldsAt();
    return Array.from({ length: this.length }, (_, index) => ({
      ...timeAt(this.#moments === null ? index : (this.#moments[index] ?? 0)),
      ...Object.fromEntries(columns.map(([name, column]) => [name, valueAt(column, index)])),
    })) as Sample[];
  }

  writeTo(writer: JsonWriter): void {
    const rows = this.#rows(this.#times.headsWith(writer));
    const most = rowsBytes(rows);
    const memory = writer.room(most + rows.heads.bytes.length);
    const headsAt = writer.position + most;
    rows.heads.bytes.copy(memory, headsAt);
    writer.advance(putRows(memory, writer.position, headsAt, rows));
  }

  #rows(heads: Heads): Rows {
    const columns: RowColumn[] = [];
    let same = "";
    for (const [field, column] of this.#columns()) {
      if (isList(column)) columns.push(rowColumn(same, field, column));
      same = isList(column) ? "" : `${same},${JSON.stringify(field)}:${JSON.stringify(column)}`;
    }
    return {
      length: this.length,
      heads,
      moments: this.#moments,
      columns,
      close: Buffer.from(`${same}}`),
    };
  }

  #columns(): [name: string, column: Column<unknown>][] {
    return Object.entries(this.#fields as Readonly<Record<string, Column<unknown>>>);
  }
}

const isList = <Value>(column: Column<Value>): column is readonly Value[] => Array.isArray(column);

function valueAt<Value>(column: Column<Value> | undefined, index: number): Value | undefined {
  return column !== undefined && isList(column) ? column[index] : (column as Value | undefined);
}
