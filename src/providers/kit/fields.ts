/**
 * Leaves of bodies, as schemas. A schema says what a readable body is, and by what may be missing (providers leave
 * keys out, or write null) what a record can do without. Schemas are strict; bodies are read by them tolerantly
 * (`read-tolerantly.ts`), so that a leaf that cannot be read is null, and noted.
 */
import { z } from "zod";
import { inOrder } from "./in-order.ts";
import { dayMs, instantMs, isDate, isParsed, parseClock, parseDuration, parseTime } from "./iso-time.ts";

export const number = z.number().nullish();
export const integer = z.int().nullish();
export const text = z.string().nullish();
/** Known, and kept raw only: nothing is made of it, so nothing about it can make a body invalid. */
export const unused = z.unknown().optional();
/** Carried beside the record as it was sent, whatever that is: nothing about it can make a body invalid. */
export const asSent = z.unknown().optional();

/** Carried as it was sent, but for the order of its items: these say themselves, in `field`, when they were. */
export const asSentInOrderOf = (field: string) =>
  asSent.transform((value) =>
    Array.isArray(value) ? inOrder(value, (item) => placeIn(item, field)) : value,
  );

function placeIn(item: unknown, field: string): number | null {
  const place: unknown = typeof item === "object" && item !== null ? Reflect.get(item, field) : item;
  if (typeof place === "number") return place;
  return typeof place === "string" && isParsed(() => parseTime(place)) ? instantMs(parseTime(place)) : null;
}

/** What is counted on a date, or measured at a time, lies between these years: what is far off is no time. */
const isOfThisAge = (value: string) => /^(19|20|21)/.test(value);

export const time = z
  .string()
  .refine((value) => isOfThisAge(value) && isParsed(() => parseTime(value)), "Expected a date and time");
/** Longer than any recording; a start and a hundred years are still a time. */
const longestMs = 100 * 366 * dayMs;
export const duration = z
  .string()
  .refine((value) => isParsed(() => checkLength(parseDuration(value))), "Expected an ISO 8601 duration");
function checkLength(ms: number): void {
  if (ms > longestMs) throw new RangeError("Longer than any recording");
}
/** Milliseconds since the start of a measurement. */
export const deltaMs = z.number().min(-longestMs).max(longestMs);
export const clock = z
  .string()
  .refine((value) => isParsed(() => parseClock(value)), "Expected a time of day");
export const date = z.string().refine((value) => isOfThisAge(value) && isDate(value), "Expected a date");
/** A person's, which may be a placeholder of any year: nothing is counted from it. */
export const birthday = z.string().refine(isDate, "Expected a date");

/** Minutes east of UTC. */
export const offsetMinutes = z.int().gt(-1440).lt(1440).nullish();

/** An id or a serial number; a number names the thing as well as its digits do. */
export const idText = z.union([z.string(), z.int().transform(String)]);
