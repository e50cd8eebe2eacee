/** Finds the records that parts belong to. */
import type { Normalizer, Part, PartsRef, Provider, RecordRef, RecordsRef } from "../providers/provider.ts";

/** A record to be made, and its normaliser. */
export interface RecordTarget extends RecordRef {
  readonly normalizer: Normalizer;
  /** The ids of the things it is made of, where several APIs tell of one; else it is made of what its key names. */
  readonly things?: readonly string[];
}

/** Returns the parts that a record is made of. */
export const partsOf = ({ normalizer, naturalKey, things = [naturalKey] }: RecordTarget): PartsRef[] =>
  things.flatMap((thing) => normalizer.partsOf(thing));

/** Records to be made: one, or with `prefix` those that exist. */
export interface RecordsTarget extends RecordTarget {
  readonly prefix?: true;
}

/** Returns the records that parts belong to, each once. */
export function affectedRecords(
  provider: Pick<Provider, "normalizers">,
  parts: readonly Part[],
): RecordsTarget[] {
  const targets = new Map<string, RecordsTarget>();
  for (const part of parts) {
    for (const normalizer of provider.normalizers) {
      for (const ref of normalizer.affects(part)) {
        targets.set(nameOf(ref), { ...ref, normalizer });
      }
    }
  }
  return [...targets.values()];
}

/** Names one or several records, each by another name. */
export const nameOf = ({ type, naturalKey, prefix }: RecordsRef): string =>
  `${type} ${prefix ? "prefix" : "exact"} ${naturalKey}`;
