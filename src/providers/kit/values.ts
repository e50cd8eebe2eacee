/** Numbers as records hold them, with the providers' values for "none" removed. */
import { parseDuration } from "./iso-time.ts";

type Maybe<Value> = Value | null | undefined;

/**
 * Returns a number above zero, else null. Zero and −1 mean "none" where a real value is above zero: no signal, no
 * score.
 */
export function positive(value: Maybe<number>): number | null {
  return value !== null && value !== undefined && value > 0 ? value : null;
}

/** Returns a count or a duration, which may be zero. A negative number means "not available" and becomes null. */
export function notNegative(value: Maybe<number>): number | null {
  return value !== null && value !== undefined && value >= 0 ? value : null;
}

/** Returns the seconds of an ISO 8601 duration that the schema has accepted. */
export function durationSeconds(value: Maybe<string>): number | null {
  return value === null || value === undefined ? null : parseDuration(value) / 1000;
}

/** Returns the largest of many values, without spreading thousands of arguments; null when there is none. */
export function largest(values: Iterable<Maybe<number>>): number | null {
  let found: number | null = null;
  for (const value of values) if (isThere(value) && (found === null || value > found)) found = value;
  return found;
}

export function smallest(values: Iterable<Maybe<number>>): number | null {
  let found: number | null = null;
  for (const value of values) if (isThere(value) && (found === null || value < found)) found = value;
  return found;
}

const isThere = (value: Maybe<number>): value is number => value !== null && value !== undefined;

type Keyed<Key extends string> = readonly { readonly [K in Key]?: number | null | undefined }[];

/**
 * Returns the largest value of one field of thousands of samples, in one pass and without a copy; null when there is
 * none.
 */
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
