/** Makes the records of fetched parts and writes the changed ones, with their events in the same transaction. */
import { SystoleError } from "../errors.ts";
import { isNamedBy } from "../providers/provider.ts";
import { findPartSources } from "../store/raw-payloads.ts";
import { findRecordSource, isSameMaking, type RecordContent, writeRecord } from "../store/record-writer.ts";
import { storeError } from "../store/store-error.ts";
import { newestFirst } from "../sync/newest-first.ts";
import { holdConnection } from "../sync/run.ts";
import { announce, announced } from "./announce.ts";
import type { IngestDeps, IngestRun } from "./deps.ts";
import { type FreshParts, PayloadSplits } from "./payload-splits.ts";
import { payloadsOf } from "./record-content.ts";
import { gatherParts, makeRecord, type RecordMaking } from "./record-maker.ts";
import { affectedRecords, type RecordTarget } from "./record-targets.ts";
import { isInterrupted } from "./stopped.ts";

/** The values of a run that records need. */
export interface RecordRun extends Pick<IngestRun, "provider" | "id"> {
  readonly deps: Pick<IngestDeps, "store" | "parsing">;
  readonly task: Pick<IngestRun["task"], "trace_id">;
}

/** Returns how many records changed. @throws ConnectionGone; the first record's error, after all others are made */
export async function makeRecords(run: RecordRun, fetched: readonly FreshParts[]): Promise<number> {
  const parts = newestFirst(
    run.provider,
    fetched.flatMap((one) => one.parts),
  );
  let changed = 0;
  const troubles: unknown[] = [];
  for (const target of affectedRecords(run.provider, parts)) {
    try {
      if (await updateRecord(run, target, fetched)) changed++;
    } catch (error) {
      if (concernsAll(error)) throw error;
      troubles.push(error);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return changed;
}

/** Whether an error concerns more than one record. */
const concernsAll = (error: unknown): boolean =>
  isInterrupted(error) || (!(error instanceof SystoleError) && storeError(error) !== null);

/**
 * Makes one record and, if it changed, writes it with its event and deliveries in one transaction. Returns
 * whether it changed.
 * @throws ConnectionGone
 */
export async function updateRecord(
  run: RecordRun,
  target: RecordTarget,
  fetched: readonly FreshParts[],
): Promise<boolean> {
  const { deps, provider, id, task } = run;
  return deps.store.db.transaction().execute(async (tx) => {
    const connection = await holdConnection(tx, id);
    const content = await changedContent({ tx, id, provider, parsing: deps.parsing }, target, fetched);
    const written = content && (await writeRecord(tx, id, content));
    if (!written) return false;
    await announce(tx, deps.store, connection, {
      records: [announced(content, written)],
      traceId: task.trace_id,
    });
    return true;
  });
}

/** Returns null when its sources are unchanged, or the parts do not make a record yet. */
async function changedContent(
  making: RecordMaking,
  target: RecordTarget,
  fetched: readonly FreshParts[],
): Promise<RecordContent | null> {
  const { tx, id, provider, parsing } = making;
  const sources = await findPartSources(tx, id, target.normalizer.partsOf(target.naturalKey));
  const known = await findRecordSource(tx, id, target);
  const now = { mapperVersion: provider.mapperVersion, rawPayloadIds: payloadsOf(sources) };
  // The same bodies and the same mapping make the same record: nothing to do.
  if (known !== null && isSameMaking(known, now)) return null;
  const splits = new PayloadSplits({ db: tx, provider, environmentId: id.environmentId, parsing }, fetched);
  const gathered = await gatherParts(target, {
    sourcesOf: (ref) => sources.filter(({ resource, partKey: key }) => isNamedBy(ref, { resource, key })),
    read: (payload) => splits.of(payload),
  });
  // A part that can no longer be read is left out; the record is made of the others.
  const made = await makeRecord(making, target, gathered, known);
  if (made === null) return null;
  if ("error" in made) throw made.error;
  return made.content;
}
