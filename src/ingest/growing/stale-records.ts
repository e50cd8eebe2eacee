/** Makes the records anew whose parts have changed, the newest first, each in a transaction of its own. */
import type { RecordRef } from "../../providers/provider.ts";
import { handlesType } from "../../store/data-choices.ts";
import { nextStale, takeStale } from "../../store/stale-records.ts";
import { holdConnection } from "../../sync/run.ts";
import { concernsAll } from "../concerns-all.ts";
import type { RecordTarget } from "../record-targets.ts";
import { type RecordRun, updateAfterDeletion } from "../records.ts";
import { hasGrowing } from "./statements.ts";

const mostAtOnce = 100;

/**
 * Returns how many records changed. A record whose parts no longer make one is deleted.
 * @throws ConnectionGone; the first record's error, after all others are made
 */
export async function makeStaleRecords(run: RecordRun): Promise<number> {
  if (!hasGrowing(run.provider)) return 0;
  let changed = 0;
  const troubles: unknown[] = [];
  for await (const ref of staleRecords(run)) {
    try {
      if (await makeStale(run, ref)) changed++;
    } catch (error) {
      if (concernsAll(error)) throw error;
      troubles.push(error);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return changed;
}

/** Yields each once; those that could not be made stay. */
async function* staleRecords({ deps, id }: RecordRun): AsyncGenerator<RecordRef> {
  let last: RecordRef | undefined;
  do {
    const refs = await nextStale(deps.store.db, id, last ?? null, mostAtOnce);
    yield* refs;
    last = refs.at(-1);
  } while (last !== undefined);
}

/** Another process may make it at the same time: then it is no longer there. */
function makeStale(run: RecordRun, ref: RecordRef): Promise<boolean> {
  return run.deps.store.db.transaction().execute(async (tx) => {
    const connection = await holdConnection(tx, run.id);
    const isThere = await takeStale(tx, run.id, ref);
    const target = targetOf(run, ref);
    if (!isThere || target === null || !handlesType(connection, ref.type)) return false;
    return updateAfterDeletion({ ...run, tx, connection }, target);
  });
}

function targetOf({ provider }: RecordRun, ref: RecordRef): RecordTarget | null {
  const normalizer = provider.normalizers.find(({ type }) => type === ref.type);
  return normalizer === undefined ? null : { ...ref, normalizer };
}
