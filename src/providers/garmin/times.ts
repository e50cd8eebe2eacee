/**
 * Garmin's times. `…GMT` is UTC and `…Local` the person's clock, both as ISO text without an offset, as text with a
 * space, or as epoch milliseconds; a local one in milliseconds is already shifted and must not be converted again.
 */
import { z } from "zod";
import { formatTimestamp, type LocalMoments, timestampFormatter } from "../../models/index.ts";
import { dayMs, isParsed, minuteMs, parseTime } from "../kit/iso-time.ts";

const latestMs = Date.UTC(2200, 0);

/** Whether milliseconds since 1970 can be a time of somebody's data. */
export const isRealTime = (ms: number): boolean => ms >= 0 && ms <= latestMs;

const withT = (text: string): string => text.replace(" ", "T");

/** Reads a time as milliseconds since 1970, of UTC or of the clock, as its field says. */
export const garminTime = z.union([
  z.number().refine(isRealTime, "Expected a time in milliseconds"),
  z
    .string()
    .refine(
      (text) => /^(19|20|21)/.test(text) && isParsed(() => parseTime(withT(text))),
      "Expected a date and time",
    )
    .transform((text) => parseTime(withT(text)).localMs),
]);

type Maybe = number | null | undefined;

/** The largest distance between a clock and UTC, and the steps in which it differs: no zone has others today. */
const [farthestMinutes, stepMinutes] = [18 * 60, 15];

const isOffset = (minutes: number): boolean =>
  minutes % stepMinutes === 0 && Math.abs(minutes) <= farthestMinutes;

/** Returns minutes that Garmin calls an offset, if they can be one; null for others. */
export const offsetIfAny = (minutes: Maybe): number | null =>
  minutes != null && isOffset(minutes) ? minutes : null;

/** Returns Local − GMT in minutes; null where one is missing, or where they are not the same instant on two clocks. */
export function offsetOf(gmtMs: Maybe, localMs: Maybe): number | null {
  if (gmtMs == null || localMs == null) return null;
  return offsetIfAny(Math.round((localMs - gmtMs) / minuteMs));
}

/** Returns the instant so many seconds later; null where the seconds are not told, or lead to no real time. */
export function secondsLater(startMs: number, seconds: Maybe): number | null {
  if (seconds == null || seconds < 0) return null;
  const endMs = startMs + seconds * 1_000;
  return isRealTime(endMs) ? endMs : null;
}

/** Returns an instant as Terra writes it: in local time with its offset, or in UTC where the offset is not known. */
export const writeInstant = (gmtMs: number, offsetMinutes: number | null): string =>
  instantWriter(offsetMinutes)(gmtMs);

/** The same for many instants of one offset. */
export function instantWriter(offsetMinutes: number | null): (gmtMs: number) => string {
  const minutes = offsetMinutes ?? 0;
  const format = timestampFormatter(minutes);
  return (gmtMs) => format(gmtMs + minutes * minuteMs);
}

/** Returns instants as the moments of samples, written as {@link writeInstant} does. */
export function instants(gmtMs: readonly number[], offset: number | null): LocalMoments {
  const offsetMinutes = offset ?? 0;
  return { localMs: gmtMs.map((ms) => ms + offsetMinutes * minuteMs), offsetMinutes };
}

/** Returns the midnights of a day and of the next one, as the metadata of a day has them. */
export function midnights(
  day: string,
  offset: { readonly start: number | null; readonly end: number | null },
) {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return {
    start_time: formatTimestamp(startMs, offset.start),
    end_time: formatTimestamp(startMs + dayMs, offset.end),
  };
}

export const noOffset = { start: null, end: null } as const;

/** Returns the day of a key: of `2025-06-14` as of `2025-06-14/1749880000000`. */
export const dayOfKey = (key: string): string => key.slice(0, 10);
