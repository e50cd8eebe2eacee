import { z } from "zod";

/**
 * Matches an ISO 8601 date and time: `2022-10-28T10:00:00.000000+01:00`. Terra writes microseconds; when reading, the
 * fraction and the offset are optional. Without an offset the time is the person's local time.
 */
const pattern =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?(Z|[+-](?:0\d|1\d|2[0-3]):[0-5]\d)?$/;

export const timestampSchema = z.string().regex(pattern, "Expected an ISO 8601 timestamp");

const minuteMs = 60_000;

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

const seconds = Array.from({ length: 60 }, (_, second) => `${twoDigits(second)}.`);
const milliseconds = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, "0")}000`);

/** Returns `+01:00`; the empty string when the offset is not known. */
export function offsetSuffix(offsetMinutes: number | null): string {
  if (offsetMinutes === null) return "";
  const distance = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${sign}${twoDigits(Math.floor(distance / 60))}:${twoDigits(distance % 60)}`;
}

/** Returns `2022-10-28T10:00:`. */
export const minuteText = (localEpochMs: number): string =>
  new Date(localEpochMs).toISOString().slice(0, -"ss.sssZ".length);

/**
 * Returns a formatter for many timestamps of one offset. It takes *local* epoch milliseconds (the wall clock read as if
 * it were UTC) and drops fractions of a millisecond. The text up to the minute is kept between calls, because a
 * recording has thousands of neighbouring times.
 */
export function timestampFormatter(offsetMinutes: number | null): (localEpochMs: number) => string {
  const suffix = offsetSuffix(offsetMinutes);
  let minuteStart = Number.NaN;
  let prefix = "";
  return (localEpochMs) => {
    const wholeMs = Math.floor(localEpochMs);
    let inMinute = wholeMs - minuteStart;
    if (!(inMinute >= 0 && inMinute < minuteMs)) {
      minuteStart = Math.floor(wholeMs / minuteMs) * minuteMs;
      prefix = minuteText(minuteStart);
      inMinute = wholeMs - minuteStart;
    }
    const second = Math.floor(inMinute / 1000);
    return `${prefix}${seconds[second]}${milliseconds[inMinute - second * 1000]}${suffix}`;
  };
}

/** Formats one timestamp from *local* epoch milliseconds: `2022-10-28T10:00:00.000000+01:00`, no offset when null. */
export function formatTimestamp(localEpochMs: number, offsetMinutes: number | null): string {
  return timestampFormatter(offsetMinutes)(localEpochMs);
}

/** Returns `count` timestamps, `stepMs` apart, the first at `startLocalEpochMs`. */
export function timestampSeries(
  startLocalEpochMs: number,
  offsetMinutes: number | null,
  count: number,
  stepMs: number,
): string[] {
  const format = timestampFormatter(offsetMinutes);
  return Array.from({ length: count }, (_, index) => format(startLocalEpochMs + index * stepMs));
}

export interface ParsedTimestamp {
  /** Milliseconds since the epoch; null without an offset, because the instant is then unknown. */
  readonly instantEpochMs: number | null;
  /** The wall clock, read as if it were UTC. */
  readonly localEpochMs: number;
  readonly offsetMinutes: number | null;
}

function parseOffset(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === "Z") return 0;
  const distance = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return text.startsWith("-") && distance > 0 ? -distance : distance;
}

/** Parses what {@link timestampSchema} accepts, to the millisecond; throws a RangeError on anything else. */
export function parseTimestamp(text: string): ParsedTimestamp {
  const [, wallClock = "", fraction = "", offset] = pattern.exec(text) ?? [];
  const wholeSecondMs = Date.parse(`${wallClock}Z`);
  // Date.parse turns 31 February into 3 March; a date that changes in this way is invalid.
  if (Number.isNaN(wholeSecondMs) || !new Date(wholeSecondMs).toISOString().startsWith(wallClock)) {
    throw new RangeError("Not an ISO 8601 timestamp");
  }
  const localEpochMs = wholeSecondMs + Number(fraction.slice(0, 3).padEnd(3, "0"));
  const offsetMinutes = parseOffset(offset);
  const instantEpochMs = offsetMinutes === null ? null : localEpochMs - offsetMinutes * minuteMs;
  return { instantEpochMs, localEpochMs, offsetMinutes };
}
