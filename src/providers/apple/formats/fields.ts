/** Leaves as exporters write them. None of them can make a record unreadable by itself. */
import { z } from "zod";
import { invalidBody } from "../../kit/body-issues.ts";
import { decimalNumber } from "../../kit/decimal.ts";
import type { Source } from "../healthkit/sample.ts";
import { plainName } from "../healthkit/source.ts";
import { readTime, type WrittenTime } from "../healthkit/written-time.ts";

/** A number, or a text that writes one: Shortcuts send texts, with a comma in some languages. */
export const numeric = z.union([
  z.number(),
  z.string().transform((text, context) => {
    const value = decimalNumber(text.trim().replace(/^(-?\d+),(\d+)$/, "$1.$2"));
    if (value === null) context.addIssue("Expected a number");
    return value ?? Number.NaN;
  }),
]);

/** A leaf that a record can do without. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);

export const number = maybe(numeric);
export const text = maybe(z.string());

/** Times far off are no real ones, and would make a part for each day up to them. */
export function timeOf(written: string | null | undefined): WrittenTime | null {
  const time = written ? readTime(written) : null;
  return time !== null && time.ms >= earliestMs && time.ms < latestMs ? time : null;
}

const earliestMs = Date.UTC(1900, 0);
const latestMs = Date.UTC(2200, 0);

/** HealthKit's identifier of a type. It is part of a key, so it has neither any length nor any character. */
export const typeName = z.string().regex(/^\w{1,128}$/);

/** Returns the plain name of a source; null where there is none. */
export const nameIn = (written: string | null | undefined): string | null =>
  written ? plainName(written) || null : null;

/** Returns the letters of a word in lower case: the app writes `In Bed`, `inBed` and `in_bed`. */
export const lettersOf = (word: string): string => word.toLowerCase().replace(/[^\p{L}]/gu, "");

export const sourceOf = (name: string | null | undefined): Source => ({
  name: nameIn(name),
  bundleId: null,
  model: null,
});

/** A value with its own unit: `{"qty": 3.2, "units": "km"}`. */
export const measured = z.object({ qty: numeric, units: maybe(z.string()) });

/** Returns the fields of an object; none of anything else. */
export const fieldsIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

/** Returns the items of a list; none of anything else. */
export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Returns the fields of a body. @throws ProviderError PROVIDER_BODY_INVALID when it is no object */
export function bodyFields(resource: string, key: string, body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  throw invalidBody({ resource, key }, "never", [{ path: [], message: "Expected an object" }]);
}
