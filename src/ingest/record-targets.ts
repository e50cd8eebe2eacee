/** Finds the records that parts belong to. */
import type { Normalizer, Part, Provider, RecordRef } from "../providers/provider.ts";

/** A record to be made, and its normaliser. */
export interface RecordTarget extends RecordRef {
  readonly normalizer: Normalizer;
}

/** Returns the records that parts belong to, each once. */
export function affectedRecords(
  provider: Pick<Provider, "normalizers">,
  parts: readonly Part[],
): RecordTarget[] {
  const targets = new Map<string, RecordTarget>();
  for (const part of parts) {
    for (const normalizer of provider.normalizers) {
      for (const ref of normalizer.affects(part)) {
        targets.set(`${ref.type} ${ref.naturalKey}`, { ...ref, normalizer });
      }
    }
  }
  return [...targets.values()];
}
