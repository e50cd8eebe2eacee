/**
 * FHIR's dateTime out of a record's timestamp. FHIR allows a time of day only with an offset. A timestamp without one is
 * written as its date, with the local time in an extension: an offset is never made up.
 */
import { formatTimestamp, parseTimestamp } from "../../models/index.ts";
import type { PrimitiveExtras } from "./types.ts";

/** A time as it came; how FHIR writes it is made when asked for, as most times of a series are never written. */
export class FhirTime {
  /** Milliseconds on the time line of its kind: of the instant with an offset, of the wall clock without. */
  readonly ms: number;
  readonly hasOffset: boolean;
  /** The timestamp as it came, or in UTC where FHIR cannot write its offset. */
  readonly source: string;
  readonly #localTimeUrl: string;

  constructor(source: string, ms: number, hasOffset: boolean, localTimeUrl: string) {
    this.ms = ms;
    this.hasOffset = hasOffset;
    this.source = source;
    this.#localTimeUrl = localTimeUrl;
  }

  /** The dateTime: with its offset, or the date alone. */
  get text(): string {
    return this.hasOffset ? withoutZeros(this.source) : this.day;
  }

  /** The local time of a dateTime that is a date for want of an offset. */
  get extras(): PrimitiveExtras | undefined {
    if (this.hasOffset) return undefined;
    return { extension: [{ url: this.#localTimeUrl, valueString: withoutZeros(this.source) }] };
  }

  /** The day on the person's own clock. */
  get day(): string {
    return this.source.slice(0, 10);
  }
}

/** Returns null for what is no time, or none that FHIR can write. */
export type TimeReader = (timestamp: unknown) => FhirTime | null;

/** FHIR allows offsets up to 14 hours, and the years 1 to 9999. */
const largestOffsetMinutes = 14 * 60;
const writableYear = /^(?!0000)\d{4}-/;

/** The last minute that was read: a series has many times in it, which then need no calendar. */
interface Minute {
  readonly prefix: string;
  readonly suffix: string;
  readonly ms: number;
  readonly hasOffset: boolean;
}
const wholeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d\.\d{6}/;
const [minuteLength, secondsAt, millisecondsAt, offsetAt] = [17, 17, 20, 26];
const inMinute = /^[0-5]\d\.\d{6}$/;

/** Returns a reader for the times of one record: series at the same times are read once. */
export function timeReader(localTimeUrl: string): TimeReader {
  const known = new Map<string, FhirTime | null>();
  let minute: Minute | null = null;
  return (timestamp) => {
    if (typeof timestamp !== "string") return null;
    const before = known.get(timestamp);
    if (before !== undefined) return before;
    const near = minute === null ? null : timeInMinute(timestamp, minute, localTimeUrl);
    const time = near ?? readTime(timestamp, localTimeUrl);
    if (near === null && time !== null) minute = minuteOf(timestamp, time);
    known.set(timestamp, time);
    return time;
  };
}

const secondsMs = (timestamp: string): number =>
  Number(timestamp.slice(secondsAt, secondsAt + 2)) * 1_000 +
  Number(timestamp.slice(millisecondsAt, millisecondsAt + 3));

function minuteOf(timestamp: string, { ms, hasOffset, source }: FhirTime): Minute | null {
  if (source !== timestamp || !wholeForm.test(timestamp)) return null;
  const [prefix, suffix] = [timestamp.slice(0, minuteLength), timestamp.slice(offsetAt)];
  return { prefix, suffix, hasOffset, ms: ms - secondsMs(timestamp) };
}

function timeInMinute(timestamp: string, minute: Minute, localTimeUrl: string): FhirTime | null {
  const { prefix, suffix, ms, hasOffset } = minute;
  const isNear =
    timestamp.startsWith(prefix) &&
    timestamp.slice(offsetAt) === suffix &&
    inMinute.test(timestamp.slice(minuteLength, offsetAt));
  return isNear ? new FhirTime(timestamp, ms + secondsMs(timestamp), hasOffset, localTimeUrl) : null;
}

function readTime(timestamp: string, localTimeUrl: string): FhirTime | null {
  const parsed = parsedOrNull(timestamp);
  if (parsed === null || !writableYear.test(timestamp)) return null;
  const { instantEpochMs, localEpochMs, offsetMinutes } = parsed;
  if (instantEpochMs === null || offsetMinutes === null)
    return new FhirTime(timestamp, localEpochMs, false, localTimeUrl);
  const isWritable = Math.abs(offsetMinutes) <= largestOffsetMinutes;
  const source = isWritable ? timestamp : formatTimestamp(instantEpochMs, 0);
  return writableYear.test(source) ? new FhirTime(source, instantEpochMs, true, localTimeUrl) : null;
}

function parsedOrNull(timestamp: string) {
  try {
    return parseTimestamp(timestamp);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Removes the zeros that end a fraction of a second: `10:00:00.500000+01:00` is `10:00:00.5+01:00`. */
const withoutZeros = (timestamp: string): string =>
  timestamp.replace(/(\.\d*?)0+(?=$|Z|[+-])/, (_, fraction: string) => (fraction === "." ? "" : fraction));

const calendarDate = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Whether the text is a date of the calendar that FHIR can write: `2026-02-30` is none. */
export const isCalendarDate = (text: unknown): text is string =>
  typeof text === "string" &&
  calendarDate.test(text) &&
  writableYear.test(text) &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
