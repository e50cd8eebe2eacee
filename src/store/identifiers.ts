/** Ids that sort by time (UUIDv7), and their time bounds. */
import { randomUUIDv7 } from "node:crypto";

/** Returns a new id; later ids are larger, within one process strictly so by the millisecond. */
export const newId = (): string => randomUUIDv7();

/** Returns the smallest UUIDv7 of an instant: a partition's bound, or the start of a range of ids. */
export function lowestIdAt(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tells whether a text is a UUID. Callers may send any string, and the database cannot compare others with its ids. */
export const isUuid = (text: string): boolean => uuid.test(text);

/** Stands in for an environment in notifications whose environment is unknown. */
export const noEnvironment = "00000000-0000-0000-0000-000000000000";
