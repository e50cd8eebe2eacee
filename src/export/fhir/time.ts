/**
 * FHIR's dateTime out of a record's timestamp. FHIR allows a time of day only with an offset. A timestamp without one is
 * written as its date, with the local time in an extension: an offset is never made up.
 */
import { formatTimestamp, parseTimestamp } from "../../models/index.ts";
import type { PrimitiveExtras } from "./types.ts";

export interface FhirTime {
  readonly text: string;
  readonly extras: PrimitiveExtras | undefined;
  /** Milliseconds on the time line of its kind: of the instant with an offset, of the wall clock without. */
  readonly ms: number;
  readonly hasOffset: boolean;
  /** The day on the person's own clock. */
  readonly day: string;
}

/** FHIR allows offsets up to 14 hours, and the years 1 to 9999. */
const largestOffsetMinutes = 14 * 60;
const writableYear = /^(?!0000)\d{4}-/;

/** Returns null for what is no time, or none that FHIR can write. */
export function fhirTime(timestamp: unknown, localTimeUrl: string): FhirTime | null {
  if (typeof timestamp !== "string" || !writableYear.test(timestamp)) return null;
  const parsed = parsedOrNull(timestamp);
  if (parsed === null) return null;
  const { instantEpochMs, localEpochMs, offsetMinutes } = parsed;
  const day = timestamp.slice(0, 10);
  if (instantEpochMs === null || offsetMinutes === null) {
    const extension = [{ url: localTimeUrl, valueString: withoutZeros(timestamp) }];
    return { text: day, extras: { extension }, ms: localEpochMs, hasOffset: false, day };
  }
  const writable = Math.abs(offsetMinutes) <= largestOffsetMinutes;
  const text = withoutZeros(writable ? timestamp : formatTimestamp(instantEpochMs, 0));
  if (!writableYear.test(text)) return null;
  return { text, extras: undefined, ms: instantEpochMs, hasOffset: true, day };
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
