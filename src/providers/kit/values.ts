/** Numbers as records hold them, without the words that providers have for "none". */
import { parseDuration } from "./iso-time.ts";

type Maybe<Value> = Value | null | undefined;

/** Zero and −1 are ways to say "none" where a real value is above zero: no signal, no score. */
export function positive(value: Maybe<number>): number | null {
  return value !== null && value !== undefined && value > 0 ? value : null;
}

/** A count or a duration, where zero is a value; a negative one is "not available". */
export function notNegative(value: Maybe<number>): number | null {
  return value !== null && value !== undefined && value >= 0 ? value : null;
}

/** Of an ISO 8601 duration that the schema has let through. */
export function durationSeconds(value: Maybe<string>): number | null {
  return value === null || value === undefined ? null : parseDuration(value) / 1000;
}

/** Largest of many, without spreading thousands of arguments. Null when there is none. */
export function largest(values: Iterable<number>): number | null {
  let found: number | null = null;
  for (const value of values) if (found === null || value > found) found = value;
  return found;
}

export function smallest(values: Iterable<number>): number | null {
  let found: number | null = null;
  for (const value of values) if (found === null || value < found) found = value;
  return found;
}

type Keyed<Key extends string> = readonly { readonly [K in Key]?: number | null | undefined }[];

/** Largest of thousands of samples, in one pass and without a copy of them. Null when there is none. */
export function largestOf<Key extends string>(samples: Keyed<Key>, key: Key): number | null {
  let found: number | null = null;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index]?.[key] ?? null;
    if (value !== null && (found === null || value > found)) found = value;
  }
  return found;
}

export function smallestOf<Key extends string>(samples: Keyed<Key>, key: Key): number | null {
  let found: number | null = null;
  for (let index = 0; index < samples.length; index += 1) {
    const value = samples[index]?.[key] ?? null;
    if (value !== null && (found === null || value < found)) found = value;
  }
  return found;
}
