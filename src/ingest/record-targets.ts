/** Finds the records that parts belong to. */
import type { Normalizer, Part, Provider, RecordRef, RecordsRef } from "../providers/provider.ts";
import type { ConnectionId } from "../store/connections.ts";
import { recordsBeginning } from "../store/records-beginning.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** A record to be made, and its normaliser. */
export interface RecordTarget extends RecordRef {
  readonly normalizer: Normalizer;
}

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

/** Returns the targets with those that exist in place of each prefix, each once. */
export async function existingTargets(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  targets: readonly RecordsTarget[],
): Promise<RecordTarget[]> {
  const exact = targets.filter(({ prefix }) => !prefix);
  const found = new Map<string, RecordTarget>(exact.map((target) => [nameOf(target), target]));
  for (const { prefix, ...target } of targets) {
    if (!prefix) continue;
    for (const ref of await recordsBeginning(db, id, target)) found.set(nameOf(ref), { ...target, ...ref });
  }
  return [...found.values()];
}

/** Returns the references with those that exist in place of each prefix. */
export async function existingRecords(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  refs: readonly RecordsRef[],
): Promise<RecordRef[]> {
  const found = new Map<string, RecordRef>();
  const prefixes = new Map(refs.filter(({ prefix }) => prefix).map((ref) => [nameOf(ref), ref]));
  for (const ref of refs) if (!ref.prefix) found.set(nameOf(ref), ref);
  for (const ref of prefixes.values()) {
    for (const one of await recordsBeginning(db, id, ref)) found.set(nameOf(one), one);
  }
  return [...found.values()];
}
