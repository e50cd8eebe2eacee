/** Samples in columns are written as the bytes that `JSON.stringify` makes of the same samples as objects. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonBytes } from "./json-writer.ts";
import { SampleColumns, type SampleFields, SampleTimes } from "./sample-columns.ts";

interface Any {
  readonly timestamp?: string;
  readonly timer_duration_seconds?: number | null;
  readonly [field: string]: unknown;
}

const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.nat(300),
  fc.constantFrom(
    0,
    -0,
    1e21,
    1e-7,
    5e-324,
    Number.MAX_VALUE,
    2 ** 31,
    2 ** 31 - 1,
    -1,
    Number.NaN,
    -Infinity,
  ),
);
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('"', "\\", "\n", "–", "\u2028", "\ud800", "😀", ""),
);
const leaves = fc.oneof(
  { weight: 4, arbitrary: numbers },
  fc.constantFrom(null, undefined, true, false),
  texts,
  fc.tuple(fc.option(numbers), fc.option(numbers)),
);
const same = fc.oneof(numbers, texts, fc.constantFrom(null, true, false));

const fieldNames = fc
  .oneof(texts, fc.constantFrom("bpm", "context", "coords_lat_lng_deg"))
  .filter((name) => !["__proto__", "timestamp", "timer_duration_seconds", "toJSON"].includes(name));

const listOf = <Value>(items: fc.Arbitrary<Value>, length: number) =>
  fc.array(items, { minLength: length, maxLength: length });

/** The samples of one list: at chosen moments, or at the first ones; with one column that differs, and others. */
const listAt = (moments: number) =>
  fc
    .oneof(moments === 0 ? fc.constant([]) : fc.array(fc.nat(moments - 1)), fc.nat(moments))
    .chain((placed) => {
      const length = typeof placed === "number" ? placed : placed.length;
      const column = fc.oneof(listOf(leaves, length), same);
      return fc.record({
        moments: fc.constant(typeof placed === "number" ? undefined : placed),
        fields: fc
          .tuple(fc.dictionary(fieldNames, column), listOf(leaves, length), fc.dictionary(fieldNames, column))
          .map(([before, value, after]) => ({ ...before, value, ...after, bpm: value })),
      });
    });

/** Lists that share their moments. */
const lists = fc.array(texts, { maxLength: 30 }).chain((timestamps) =>
  fc.record({
    timestamps: fc.constant(timestamps),
    timers: fc.oneof(
      fc.constantFrom(undefined, null),
      numbers,
      listOf(fc.option(numbers), timestamps.length),
    ),
    lists: fc.array(listAt(timestamps.length), { maxLength: 3 }),
  }),
);

type Lists = typeof lists extends fc.Arbitrary<infer Value> ? Value : never;

const at = (column: unknown, index: number): unknown => (Array.isArray(column) ? column[index] : column);

function objectsOf({ timestamps, timers }: Lists, { moments, fields }: Lists["lists"][number]): object[] {
  return fields.value.map((_, index) => {
    const moment = moments === undefined ? index : (moments[index] ?? 0);
    return {
      timestamp: timestamps[moment],
      ...(timers !== undefined && { timer_duration_seconds: at(timers, moment) }),
      ...Object.fromEntries(Object.entries(fields).map(([name, column]) => [name, at(column, index)])),
    };
  });
}

function columnsOf({ timestamps, timers, lists: given }: Lists): SampleColumns<Any>[] {
  const times = new SampleTimes(timestamps, timers);
  return given.map(
    ({ moments, fields }) => new SampleColumns<Any>(times, fields as SampleFields<Any>, moments),
  );
}

const record = (all: readonly unknown[]) => ({ before: "–", lists: { ...all }, after: [1] });

describe("samples in columns", () => {
  it("are the bytes of the same samples as objects, whatever their values, however they share their times", () => {
    fc.assert(
      fc.property(lists, (given) => {
        const objects = given.lists.map((list) => objectsOf(given, list));
        const columns = columnsOf(given);
        const text = JSON.stringify(record(objects));
        expect(jsonBytes(record(columns)).toString("utf8")).toBe(text);
        expect(JSON.stringify(record(columns))).toBe(text);
        expect(columns.map(({ length }) => length)).toEqual(objects.map(({ length }) => length));
      }),
      { numRuns: 300 },
    );
  });

  it("give the values of a field, whether they differ or not", () => {
    interface Beat {
      readonly bpm: number;
      readonly context: string | null;
      readonly other?: number;
    }
    const list = new SampleColumns<Beat>(new SampleTimes(["a", "b"]), { bpm: [1, 2], context: null });
    expect([list.values("bpm"), list.values("context"), list.values("other")]).toEqual([
      [1, 2],
      [null, null],
      [],
    ]);
  });

  it("refuse columns of different lengths, and more samples than moments", () => {
    const times = new SampleTimes(["a", "b"]);
    const refused = (fields: SampleFields<Any>, moments?: number[]) =>
      expect(() => new SampleColumns<Any>(times, fields, moments)).toThrow(RangeError);
    refused({ bpm: [1, 2], context: [1] });
    refused({ bpm: [1, 2, 3] });
    refused({ bpm: [1, 2] }, [0]);
  });

  it("have the text of moments that were added after it was first written", () => {
    const timestamps = ["a"];
    const times = new SampleTimes(timestamps);
    const written = () => String(jsonBytes({ of: new SampleColumns<Any>(times, {}) }));
    expect(written()).toBe('{"of":[{"timestamp":"a"}]}');
    timestamps.push("b");
    expect(written()).toBe('{"of":[{"timestamp":"a"},{"timestamp":"b"}]}');
  });
});
