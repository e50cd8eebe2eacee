/** Finds the records that parts belong to. */
import type { Normalizer, Part, PartsRef, Provider, RecordRef, RecordsRef } from "../providers/provider.ts";
import type { ConnectionId } from "../store/connections.ts";
import { recordsBeginning } from "../store/records-beginning.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

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

const nameOf = ({ type, naturalKey, prefix }: RecordsRef): string =>
  `${type} ${prefix ? "prefix" : "exact"} ${naturalKey}`;

/** Returns the references with those that exist in place of each prefix, each once. */
export async function existingRecords<Ref extends RecordsRef>(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  refs: readonly Ref[],
): Promise<Omit<Ref, "prefix">[]> {
  const asked = new Map(refs.map((ref) => [nameOf(ref), ref]));
  const found = new Map<string, Omit<Ref, "prefix">>();
  for (const { prefix, ...ref } of asked.values()) {
    const named = prefix ? await recordsBeginning(db, id, ref) : [ref];
    for (const one of named) found.set(nameOf(one), { ...ref, ...one });
  }
  return [...found.values()];
}
