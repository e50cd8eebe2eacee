/**
 * Schemas of leaves. A schema says what a readable body is; optional fields (providers leave keys out, or write null)
 * say what a record can do without. Schemas are strict; bodies are read by them tolerantly (`read-tolerantly.ts`), so
 * that a leaf that cannot be read is null, and noted.
 */
import { z } from "zod";
import { inOrder } from "./in-order.ts";
import { dayMs, instantMs, isDate, isParsed, parseClock, parseDuration, parseTime } from "./iso-time.ts";

export const number = z.number().nullish();
export const integer = z.int().nullish();
export const text = z.string().nullish();
/** A known leaf that is only kept raw. It is not used, so no value of it makes a body invalid. */
export const unused = z.unknown().optional();
/** A leaf that is carried beside the record as it was sent. No value of it makes a body invalid. */
export const asSent = z.unknown().optional();

/** A leaf that is carried as it was sent, except that its items are sorted by their time in `field`. */
export const asSentInOrderOf = (field: string) =>
  asSent.transform((value) =>
    Array.isArray(value) ? inOrder(value, (item) => placeIn(item, field)) : value,
  );

function placeIn(item: unknown, field: string): number | null {
  const place: unknown = typeof item === "object" && item !== null ? Reflect.get(item, field) : item;
  if (typeof place === "number") return place;
  return typeof place === "string" && isParsed(() => parseTime(place)) ? instantMs(parseTime(place)) : null;
}

/** Limits the years of dates and times that something is counted or measured by. A value far off is no real time. */
const isOfThisAge = (value: string) => /^(19|20|21)/.test(value);

export const time = z
  .string()
  .refine((value) => isOfThisAge(value) && isParsed(() => parseTime(value)), "Expected a date and time");
/** Longer than any recording, and short enough that a start plus this length is still a valid time. */
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
/** A person's birthday. It may be a placeholder of any year, since nothing is computed from it. */
export const birthday = z.string().refine(isDate, "Expected a date");

/** Minutes east of UTC. */
export const offsetMinutes = z.int().gt(-1440).lt(1440).nullish();

/** An id or a serial number. A number identifies the thing as well as its digits do. */
export const idText = z.union([z.string(), z.int().transform(String)]);
