/** Leaves as v4 writes them, in protobuf's JSON (POLAR-V4 §4), and what they mean. */
import { z } from "zod";
import { decimalNumber } from "../../kit/decimal.ts";
import { dayMs, isParsed, type LocalTime, parseClock, parseTime } from "../../kit/iso-time.ts";

/**
 * A whole number of 64 bits, which protobuf writes as a text. What is larger than a double can hold exactly cannot be
 * read.
 */
export const int64 = z
  .preprocess((value) => (typeof value === "string" ? (decimalNumber(value) ?? value) : value), z.int())
  .nullish();

/** Longer than any recording, and short enough that a start plus this length is still a valid time. */
const longestMs = 100 * 366 * dayMs;

/** Milliseconds since the start of something, or of a length; a text or a number. */
export const millis = z.preprocess(
  (value) => (typeof value === "string" ? (decimalNumber(value) ?? value) : value),
  z.number().min(-longestMs).max(longestMs),
);

const durationPattern = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

/**
 * Parses protobuf's duration to milliseconds: `5070s`, `0.5s`. The digits are counted whole, so `0.941s` is exactly 941.
 *
 * @throws RangeError
 */
export function parseSeconds(text: string): number {
  const [, sign, whole = "", fraction = ""] = durationPattern.exec(text) ?? fail();
  const digits = fraction.padEnd(9, "0");
  const ms = Number(whole) * 1000 + Number(digits.slice(0, 3)) + Number(digits.slice(3)) / 1_000_000;
  if (ms > longestMs) throw new RangeError("Longer than any recording");
  return sign === "-" && ms > 0 ? -ms : ms;
}

function fail(): never {
  throw new RangeError("Not a duration in seconds");
}

/** A duration, kept as it was sent. */
export const seconds = z
  .string()
  .refine((value) => isParsed(() => parseSeconds(value)), "Expected a duration in seconds");

/** Returns the seconds of a duration that the schema has accepted; null where there is none. */
export const secondsOf = (value: string | null | undefined): number | null =>
  value === null || value === undefined ? null : parseSeconds(value) / 1000;

/** Returns an enum's word without its prefix: `SLEEP_STATE_REM` → `REM`. A word that has none stays as it is. */
export const wordOf = (prefix: string, word: string | null | undefined): string | null =>
  word ? (word.startsWith(prefix) ? word.slice(prefix.length) : word) : null;

/**
 * Returns the time of a session: local without a zone, with its offset in a field of its own, so that UTC is local minus
 * offset. An offset in the text itself wins.
 */
export function sessionTime(text: string, timezoneOffsetMinutes: number | null | undefined): LocalTime {
  const { localMs, offsetMinutes } = parseTime(text);
  return { localMs, offsetMinutes: offsetMinutes ?? timezoneOffsetMinutes ?? null };
}

/** Returns the instant of a session's `created` and `modified`, which have no zone and are UTC. */
export function createdMs(text: string): number {
  const { localMs, offsetMinutes } = parseTime(text);
  return localMs - (offsetMinutes ?? 0) * 60_000;
}

/** Returns a day's local midnight. `offsetMillis` of a day's samples count from it; nothing in the body tells the zone. */
export const midnightOf = (date: string): number => parseTime(`${date}T00:00`).localMs;

const dayTimePattern = /^(\d\d:\d\d:\d\d)\.(\d{1,9})$/;

/**
 * Returns the local time that a day's body writes as a time of day or as a datetime without a zone.
 *
 * @throws RangeError
 */
export function parseDayTime(text: string, midnightMs: number): number {
  if (text.includes("T")) return parseTime(text).localMs;
  const [, clock = text, fraction = ""] = dayTimePattern.exec(text) ?? [];
  return midnightMs + parseClock(clock) + Number(fraction.padEnd(3, "0").slice(0, 3));
}
