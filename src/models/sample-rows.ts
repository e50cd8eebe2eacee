/** Puts samples in columns into memory as JSON, row by row: plain functions over plain arrays, for their speed. */
import { numberBytes, putAscii, putBytes, putDigits, putNumber, putText, textBytes } from "./json-bytes.ts";
import { minuteText, offsetSuffix } from "./timestamp.ts";

/** Moments in *local* epoch milliseconds (the wall clock read as if it were UTC), all in one offset, which may be unknown. */
export interface LocalMoments {
  readonly localMs: readonly number[];
  readonly offsetMinutes: number | null;
}

/** The moments of samples, or their timestamps. */
export type Moments = LocalMoments | readonly string[];

/** The seconds of the timer at each moment, or the same at all; undefined where the samples have no such field. */
export type Timers = readonly (number | null)[] | number | null | undefined;

export const isTexts = (moments: Moments): moments is readonly string[] => Array.isArray(moments);
export const countOf = (moments: Moments): number => (isTexts(moments) ? moments : moments.localMs).length;

/** The beginnings of samples, one for each moment, behind one another: `{"timestamp":"…","timer_duration_seconds":12`. */
export interface Heads {
  readonly bytes: Buffer;
  /** The position after the last byte of each. */
  readonly ends: Int32Array;
  readonly longest: number;
}

const timestampName = '{"timestamp":';
const timerName = ',"timer_duration_seconds":';
/** The most bytes of a timestamp: a year may have a sign and six digits. */
const timestampUnits = 40;

/** Returns the most bytes that the heads of so many moments take. */
export function headsBytes(moments: Moments): number {
  const fixed = timestampName.length + timerName.length + numberBytes;
  if (!isTexts(moments)) return countOf(moments) * (fixed + textBytes(timestampUnits));
  return moments.reduce((sum, text) => sum + fixed + textBytes(text.length), 0);
}

/** Makes the heads of moments. @param memory has room for them from `start` on; what is there is written over */
export function headsOf(memory: Buffer, start: number, moments: Moments, timers: Timers): Heads {
  const count = countOf(moments);
  const ends = new Int32Array(count);
  const putMoment = isTexts(moments) ? momentsAsTexts(moments) : momentsAsTimes(moments);
  let [at, longest] = [start, 0];
  for (let moment = 0; moment < count; moment += 1) {
    const from = at;
    at = putMoment(memory, putAscii(memory, at, timestampName), moment);
    const timer = Array.isArray(timers) ? timers[moment] : timers;
    if (timer !== undefined) at = putValue(memory, putAscii(memory, at, timerName), timer);
    ends[moment] = at - start;
    longest = Math.max(longest, at - from);
  }
  return { bytes: Buffer.from(memory.subarray(start, at)), ends, longest };
}

/** Puts the timestamp of a moment and returns the position after it. */
type PutMoment = (memory: Buffer, at: number, moment: number) => number;

const momentsAsTexts =
  (texts: readonly string[]): PutMoment =>
  (memory, at, moment) =>
    putText(memory, at, texts[moment] ?? "");

const minuteMs = 60_000;
const point = 46;

/** The text up to the minute and that after the second are kept: neighbouring moments have the same. */
function momentsAsTimes({ localMs, offsetMinutes }: LocalMoments): PutMoment {
  const end = Buffer.from(`000${offsetSuffix(offsetMinutes)}"`);
  let [minuteStart, minute] = [Number.NaN, Buffer.alloc(0)];
  return (memory, start, moment) => {
    const wholeMs = Math.floor(localMs[moment] ?? 0);
    let inMinute = wholeMs - minuteStart;
    if (!(inMinute >= 0 && inMinute < minuteMs)) {
      minuteStart = Math.floor(wholeMs / minuteMs) * minuteMs;
      minute = Buffer.from(`"${minuteText(minuteStart)}`);
      inMinute = wholeMs - minuteStart;
    }
    const second = (inMinute / 1000) | 0;
    let at = putDigits(memory, putBytes(memory, start, minute), second, 2);
    memory[at] = point;
    at = putDigits(memory, at + 1, inMinute - second * 1000, 3);
    return putBytes(memory, at, end);
  };
}

/** A field whose values differ. */
export interface RowColumn {
  /** The fields before it that are the same in all samples. */
  readonly before: Buffer;
  /** `,"bpm":` */
  readonly name: Buffer;
  /**
   * Numbers where all samples have one, which is the fastest; else numbers, nulls, pairs of these, or bytes of JSON;
   * undefined where a sample does not have the field.
   */
  readonly values: Float64Array | readonly unknown[];
  /** The most bytes that one of them takes. */
  readonly longest: number;
}

export interface Rows {
  readonly length: number;
  readonly heads: Heads;
  /** The moment of each row; null where each moment has one. */
  readonly moments: readonly number[] | null;
  readonly columns: readonly RowColumn[];
  /** The fields after the last column, and the closing brace. */
  readonly close: Buffer;
}

/** Prepares a column. */
export function rowColumn(before: string, field: string, given: readonly unknown[]): RowColumn {
  const values = given.every(isNumber)
    ? new Float64Array(given)
    : given.map((value) =>
        isNumberOrNone(value) || isPair(value) ? value : Buffer.from(JSON.stringify(value)),
      );
  let longest = numberBytes;
  for (const value of values) {
    if (typeof value === "object")
      longest = Math.max(longest, Buffer.isBuffer(value) ? value.length : pairBytes);
  }
  return { before: Buffer.from(before), name: Buffer.from(`,${JSON.stringify(field)}:`), values, longest };
}

const isNumber = (value: unknown): value is number => typeof value === "number";

const isNumberOrNone = (value: unknown): value is number | null | undefined =>
  typeof value === "number" || value === null || value === undefined;

type Pair = readonly [number | null, number | null];
const pairBytes = 2 * numberBytes + "[,]".length;

const isPair = (value: unknown): value is Pair =>
  Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "number" || one === null);

/** Returns the most bytes that the rows take, with the brackets around them. */
export function rowsBytes({ length, heads, columns, close }: Rows): number {
  const ofColumns = columns.reduce((sum, one) => sum + one.before.length + one.name.length + one.longest, 0);
  return 2 + length * (1 + heads.longest + ofColumns + close.length);
}

const [opening, closing, comma] = [..."[],"].map((sign) => sign.charCodeAt(0)) as [number, number, number];

/**
 * Puts the rows from `at` on and returns the position after them.
 *
 * @param headsAt where the bytes of the heads stand in the same memory: within one memory, copying is fastest
 */
export function putRows(bytes: Buffer, start: number, headsAt: number, rows: Rows): number {
  const { length, moments, columns, close } = rows;
  const { ends } = rows.heads;
  let at = start;
  for (let row = 0; row < length; row += 1) {
    bytes[at] = row === 0 ? opening : comma;
    const moment = moments === null ? row : (moments[row] ?? 0);
    const from = moment === 0 ? 0 : (ends[moment - 1] ?? 0);
    const to = ends[moment] ?? from;
    bytes.copyWithin(at + 1, headsAt + from, headsAt + to);
    at += 1 + to - from;
    for (const column of columns) at = putField(bytes, at, row, column);
    at = putBytes(bytes, at, close);
  }
  if (length === 0) bytes[at++] = opening;
  bytes[at] = closing;
  return at + 1;
}

function putField(bytes: Buffer, start: number, row: number, { before, name, values }: RowColumn): number {
  const at = putBytes(bytes, start, before);
  if (values instanceof Float64Array) return putNumber(bytes, putBytes(bytes, at, name), values[row] ?? 0);
  const value = values[row];
  return value === undefined ? at : putValue(bytes, putBytes(bytes, at, name), value);
}

function putValue(bytes: Buffer, at: number, value: unknown): number {
  if (typeof value === "number") return putNumber(bytes, at, value);
  if (value === null) return putAscii(bytes, at, "null");
  if (Buffer.isBuffer(value)) return putBytes(bytes, at, value);
  const [one, other] = value as Pair;
  const middle = putValue(bytes, putAscii(bytes, at, "["), one);
  return putAscii(bytes, putValue(bytes, putAscii(bytes, middle, ","), other), "]");
}
