/**
 * Removes from the records what a person deleted at the provider: records that still have enough parts are made anew
 * without the deleted ones, the others are deleted. The raw bodies stay until the person is erased.
 */
import type { Part, PartsRef, ResourceRef } from "../providers/provider.ts";
import { findPartSources, markDeleted, type PartSource } from "../store/raw-parts.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { holdConnection } from "../sync/run.ts";
import type { IngestRun } from "./deps.ts";
import { existingRecords } from "./existing-records.ts";
import { PayloadSplits, partIn } from "./payload-splits.ts";
import { affectedRecords, type RecordTarget } from "./record-targets.ts";
import { updateAfterDeletion } from "./records.ts";

/** Deletions in one transaction. */
const mostAtOnce = 100;

export interface Deletion {
  readonly refs: readonly PartsRef[];
  /** The place in the order of fetches: it deletes what is older. */
  readonly fetchOrder: string;
}

/** Returns how many records were changed or deleted. @throws ConnectionGone */
export async function deleteParts(run: IngestRun, { refs, fetchOrder }: Deletion): Promise<number> {
  let changed = 0;
  for (let start = 0; start < refs.length; start += mostAtOnce) {
    changed += await deleteSome(run, { refs: refs.slice(start, start + mostAtOnce), fetchOrder });
  }
  return changed;
}

/** Deletes all or nothing: a part that is marked as deleted no longer says which records contained it. */
function deleteSome(run: IngestRun, { refs, fetchOrder }: Deletion): Promise<number> {
  const { deps, id } = run;
  return deps.store.db.transaction().execute(async (tx) => {
    const connection = await holdConnection(tx, id);
    const sources = await findPartSources(tx, id, refs);
    const targets = await recordsOf(run, tx, sources);
    await markDeleted(
      tx,
      id,
      [...refs.filter(({ prefix, suffix }) => !prefix && !suffix), ...sources.map(refOf)],
      fetchOrder,
    );
    let changed = 0;
    for (const target of targets) {
      if (await updateAfterDeletion({ ...run, tx, connection }, target)) changed++;
    }
    return changed;
  });
}

const refOf = ({ resource, partKey: key }: PartSource): ResourceRef => ({ resource, key });

/** Returns the records that contain the parts. */
async function recordsOf(
  { deps, id, provider }: IngestRun,
  tx: DatabaseTransaction,
  sources: readonly PartSource[],
): Promise<RecordTarget[]> {
  const splits = new PayloadSplits({
    db: tx,
    bodies: deps.store.bodies,
    provider,
    id,
    parsing: deps.parsing,
  });
  const parts: Part[] = [];
  for (const source of sources) {
    const part = partIn(await splits.of(source), refOf(source));
    if (part !== undefined) parts.push(part);
  }
  return existingRecords(tx, id, affectedRecords(provider, parts));
}
