/**
 * Removes from the records what a person deleted at the provider: records that still have parts are made anew
 * without the deleted ones, records that have none left are deleted. The raw bodies stay until the person is
 * erased.
 */
import type { Part, PartsRef } from "../providers/provider.ts";
import { deletePartSources, findPartSources } from "../store/raw-payloads.ts";
import { deleteRecord } from "../store/record-writer.ts";
import { holdConnection } from "../sync/run.ts";
import type { IngestRun } from "./deps.ts";
import { PayloadSplits, partIn } from "./payload-splits.ts";
import { affectedRecords, type RecordTarget } from "./record-targets.ts";
import { updateRecord } from "./records.ts";

/** Returns how many records were changed or deleted. @throws ConnectionGone */
export async function deleteParts(run: IngestRun, refs: readonly PartsRef[]): Promise<number> {
  const targets = await dropSources(run, refs);
  let changed = 0;
  for (const target of targets) {
    if ((await dropIfEmpty(run, target)) || (await updateRecord(run, target, []))) changed++;
  }
  return changed;
}

/** Removes the sources of the parts; returns the records that contained these parts. */
function dropSources(run: IngestRun, refs: readonly PartsRef[]): Promise<RecordTarget[]> {
  const { deps, id, provider } = run;
  return deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, id);
    const sources = await findPartSources(tx, id, refs);
    const { environmentId } = id;
    const splits = new PayloadSplits({ db: tx, provider, environmentId, parsing: deps.parsing });
    const parts: Part[] = [];
    for (const source of sources) {
      const part = partIn(await splits.of(source), { resource: source.resource, key: source.partKey });
      if (part !== undefined) parts.push(part);
    }
    await deletePartSources(tx, id, sources);
    return affectedRecords(provider, parts);
  });
}

/** Deletes a record that has no part left. */
function dropIfEmpty({ deps, id }: IngestRun, target: RecordTarget): Promise<boolean> {
  return deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, id);
    const left = await findPartSources(tx, id, target.normalizer.partsOf(target.naturalKey));
    return left.length === 0 && (await deleteRecord(tx, id, target));
  });
}
