/** Ids that sort by time (UUIDv7), and the bounds that time has among them. */
import { randomUUIDv7 } from "node:crypto";

/** A new id; later ids are larger, within one process strictly so by the millisecond. */
export const newId = (): string => randomUUIDv7();

/** The smallest UUIDv7 that an instant can have: a partition's bound, or the start of a range of ids. */
export function lowestIdAt(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Not an environment: where notifications are kept that could not be ascribed to one. */
export const noEnvironment = "00000000-0000-0000-0000-000000000000";
