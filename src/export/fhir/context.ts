/** What the Observations of one record have in common. */
import type { Systems } from "./systems.ts";
import type { FhirTable } from "./table.ts";
import type { FhirTime, TimeReader } from "./time.ts";
import type { Coding, Reference } from "./types.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** The time of something: a moment, or a period when it has an end. */
export interface Span {
  readonly start: FhirTime;
  readonly end?: FhirTime | undefined;
}

/** Says that a field, or one of its values, is in no resource. */
export type LeaveOut = (field: string, reason: string) => void;

export interface Context {
  readonly table: FhirTable;
  readonly systems: Systems;
  /** The parts of an Observation's id before its own. */
  readonly idParts: readonly (string | null)[];
  readonly patient: Reference;
  readonly device: Reference | undefined;
  readonly tags: readonly Coding[];
  /** The time of the whole record; null when it has none that FHIR can write. */
  readonly span: Span | null;
  readonly leaveOut: LeaveOut;
  readonly readTime: TimeReader;
}

/** Returns the value at the path below the fields; undefined where a part is absent. */
export function valueAt(fields: unknown, path: string): unknown {
  let value = fields;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Fields)[name];
  }
  return value;
}

/** Returns the list at the path, empty where there is none. */
export function listAt(fields: unknown, path: string): readonly Fields[] {
  const list = valueAt(fields, path);
  return Array.isArray(list) ? list.filter((item) => typeof item === "object" && item !== null) : [];
}

/** An empty text is no value: a model may demand a text where there is nothing to say. */
export const isAbsent = (value: unknown): value is null | undefined | "" =>
  value === null || value === undefined || value === "";
