/**
 * What the bodies are made of. The schemas are tolerant of what is missing (Polar leaves keys out, or null)
 * and strict about what is there: a time that cannot be read makes the body invalid, visibly, rather than a
 * null that nobody notices.
 */
import { z } from "zod";
import { isDate, isParsed, parseClock, parseDuration, parseTime } from "../time.ts";

export const number = z.number().nullish();
export const integer = z.int().nullish();
export const text = z.string().nullish();
/** Known, and kept raw only: nothing is made of it, so nothing about it can make a body invalid. */
export const unused = z.unknown().optional();
/** Carried beside the record as it was sent, whatever that is: nothing about it can make a body invalid. */
export const asSent = z.unknown().optional();

export const time = z
  .string()
  .refine((value) => isParsed(() => parseTime(value)), "Expected a date and time");
export const duration = z
  .string()
  .refine((value) => isParsed(() => parseDuration(value)), "Expected an ISO 8601 duration");
export const clock = z
  .string()
  .refine((value) => isParsed(() => parseClock(value)), "Expected a time of day");
export const date = z.string().refine(isDate, "Expected a date");

/** Hashed exercise ids: letters and digits only, since an id becomes part of a path. */
export const exerciseIdPattern = /^[A-Za-z0-9]{1,64}$/;

/** Minutes east of UTC. */
export const offsetMinutes = z.int().gt(-1440).lt(1440).nullish();

/** `{"HH:MM": value}`. The order of the keys is the order of time, across midnight: it is kept. */
export const clockSeries = z.record(clock, z.number().nullable()).nullish();
export type ClockSeries = z.output<typeof clockSeries>;
