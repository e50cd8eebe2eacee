/**
 * What the bodies are made of. The schemas are tolerant of what is missing (Polar leaves keys out, or null)
 * and strict about what is there: a time that cannot be read makes the body invalid, visibly, rather than a
 * null that nobody notices.
 */
import { z } from "zod";
import { dayMs, isDate, isParsed, parseClock, parseDuration, parseTime } from "../time.ts";

export const number = z.number().nullish();
export const integer = z.int().nullish();
export const text = z.string().nullish();
/** Known, and kept raw only: nothing is made of it, so nothing about it can make a body invalid. */
export const unused = z.unknown().optional();
/** Carried beside the record as it was sent, whatever that is: nothing about it can make a body invalid. */
export const asSent = z.unknown().optional();

/** What is counted on a date, or measured at a time, lies between these years: what is far off is no time. */
const isOfThisAge = (value: string) => /^(19|20|21)/.test(value);

export const time = z
  .string()
  .refine((value) => isOfThisAge(value) && isParsed(() => parseTime(value)), "Expected a date and time");
/** Longer than any recording; a start and a hundred years are still a time. */
const longestMs = 100 * 366 * dayMs;
export const duration = z
  .string()
  .refine(
    (value) => isParsed(() => parseDuration(value)) && parseDuration(value) <= longestMs,
    "Expected an ISO 8601 duration",
  );
/** Milliseconds since the start of a measurement. */
export const deltaMs = z.number().min(-longestMs).max(longestMs);
export const clock = z
  .string()
  .refine((value) => isParsed(() => parseClock(value)), "Expected a time of day");
export const date = z.string().refine((value) => isOfThisAge(value) && isDate(value), "Expected a date");
/** A person's, which may be a placeholder of any year: nothing is counted from it. */
export const birthday = z.string().refine(isDate, "Expected a date");

/** Hashed exercise ids: letters and digits only, since an id becomes part of a path. */
export const exerciseIdPattern = /^[A-Za-z0-9]{1,64}$/;

/** Minutes east of UTC. */
export const offsetMinutes = z.int().gt(-1440).lt(1440).nullish();

/** `{"HH:MM": value}`. The order of the keys is the order of time, across midnight: it is kept. */
export const clockSeries = z.record(clock, z.number().nullable()).nullish();
export type ClockSeries = z.output<typeof clockSeries>;
