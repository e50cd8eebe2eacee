/** Finds the records behind references to several. Apart from their targets, which threads without a database find, too. */
import type { RecordsRef } from "../providers/provider.ts";
import type { ConnectionId } from "../store/connections.ts";
import { recordsBeginning } from "../store/records-beginning.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import { nameOf } from "./record-targets.ts";

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
