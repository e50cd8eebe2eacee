/** Makes the records of fetched parts and writes the changed ones, with their events in the same transaction. */
import type { ErrorCode } from "../errors.ts";
import { isNamedBy } from "../providers/provider.ts";
import { type ChoosingConnection, handlesType } from "../store/data-choices.ts";
import { findGrownParts, type GrownPart } from "../store/grown-parts.ts";
import { findPartSources, type PartSource } from "../store/raw-parts.ts";
import {
  deleteRecord,
  findRecordSource,
  isSameMaking,
  type RecordContent,
  type RecordSource,
  writeRecord,
} from "../store/record-writer.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { newestFirst } from "../sync/newest-first.ts";
import { holdConnection } from "../sync/run.ts";
import { announce, announced } from "./announce.ts";
import { concernsAll } from "./concerns-all.ts";
import type { IngestDeps, IngestRun } from "./deps.ts";
import { existingRecords } from "./existing-records.ts";
import { isGrowing } from "./growing/statements.ts";
import { type FreshParts, PayloadSplits } from "./payload-splits.ts";
import { payloadsOf } from "./record-content.ts";
import { gatherParts, makeRecord } from "./record-maker.ts";
import { affectedRecords, partsOf, type RecordTarget } from "./record-targets.ts";
import { type SharedTarget, sharedTargets } from "./shared-things.ts";

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
  const targets = affectedRecords(run.provider, parts);
  for (const target of await existingRecords(run.deps.store.db, run.id, targets)) {
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
  return run.deps.store.db.transaction().execute(async (tx) => {
    const holding = { ...run, tx, connection: await holdConnection(tx, run.id) };
    if (!handlesType(holding.connection, target.type)) return false;
    let changed = false;
    for (const shared of await sharedTargets(tx, run.id, target)) {
      if (await updateHeld(holding, shared, fetched)) changed = true;
    }
    return changed;
  });
}

async function updateHeld(
  run: HoldingRun,
  target: SharedTarget,
  fetched: readonly FreshParts[],
): Promise<boolean> {
  const { tx, id, provider } = run;
  const found = await findParts(run, target);
  const known = await findRecordSource(tx, id, target);
  const now = { mapperVersion: provider.mapperVersion, rawPayloadIds: payloadsOf(found.sources) };
  // The same bodies and the same mapping make the same record: nothing to do. Parts that grow may lose items, and of one
  // body, other things may count.
  const isSame =
    known !== null && found.grown.length === 0 && !target.isRegrouped && isSameMaking(known, now);
  if (isSame) return false;
  const { content, lost } = await contentFrom(run, target, { ...found, known, fetched });
  if (content !== null) return write(run, content);
  // Its parts no longer make one, such as a nap that was rejected. Unread ones might.
  return known !== null && lost === null && deleteRecord(tx, id, target);
}

/** A run, with a transaction that holds the connection. */
export interface HoldingRun extends RecordRun {
  readonly tx: DatabaseTransaction;
  readonly connection: ChoosingConnection;
}

/** Finds the parts that a record is made of. */
async function findParts(
  { tx, id, provider }: HoldingRun,
  target: RecordTarget,
): Promise<Pick<RecordParts, "sources" | "grown">> {
  const refs = partsOf(target);
  const growing = refs.filter(({ resource }) => isGrowing(provider, resource));
  const pointed = refs.filter((ref) => !growing.includes(ref));
  return {
    sources: pointed.length === 0 ? [] : await findPartSources(tx, id, pointed),
    grown: await findGrownParts(tx, id, growing),
  };
}

/** Makes a record anew of the parts that are left, or deletes it. Returns whether it changed. */
export async function updateAfterDeletion(run: HoldingRun, target: RecordTarget): Promise<boolean> {
  let changed = false;
  for (const shared of await sharedTargets(run.tx, run.id, target)) {
    if (await updateWithoutDeleted(run, shared)) changed = true;
  }
  return changed;
}

async function updateWithoutDeleted(run: HoldingRun, target: RecordTarget): Promise<boolean> {
  const { tx, id } = run;
  const found = await findParts(run, target);
  const known = await findRecordSource(tx, id, target);
  const isEmpty = found.sources.length === 0 && found.grown.length === 0;
  // Even when the bodies are the same: one body may have several of the record's parts.
  const { content } = isEmpty ? nothing : await contentFrom(run, target, { ...found, known, fetched: [] });
  return content === null ? deleteRecord(tx, id, target) : write(run, content);
}

async function write(run: HoldingRun, content: RecordContent): Promise<boolean> {
  const { tx, id, deps, connection, task } = run;
  const written = await writeRecord(tx, id, content, deps.store.outside);
  if (written === null) return false;
  // A deletion at the provider changes every record; only types that are handled have an event.
  if (!handlesType(connection, content.type)) return true;
  await announce(tx, deps.store, connection, {
    records: [announced(content, written)],
    traceId: task.trace_id,
  });
  return true;
}

/** The input of a record. */
interface RecordParts {
  readonly sources: readonly PartSource[];
  readonly grown: readonly GrownPart[];
  readonly known: RecordSource | null;
  readonly fetched: readonly FreshParts[];
}

interface RecordOutcome {
  /** Null when the parts do not make a record, or not yet. */
  readonly content: RecordContent | null;
  /** The reason why a part could not be read; null when all could. */
  readonly lost: ErrorCode | null;
}

const nothing: RecordOutcome = { content: null, lost: null };

async function contentFrom(
  { tx, id, provider, deps: { parsing, store } }: HoldingRun,
  target: RecordTarget,
  { sources, grown, known, fetched }: RecordParts,
): Promise<RecordOutcome> {
  const splits = new PayloadSplits({ db: tx, bodies: store.bodies, provider, id, parsing }, fetched);
  const gathered = await gatherParts(target, {
    sourcesOf: (ref) => sources.filter(({ resource, partKey: key }) => isNamedBy(ref, { resource, key })),
    read: (payload) => splits.of(payload),
    grown,
  });
  // A part that can no longer be read is left out; the record is made of the others.
  const made = await makeRecord({ tx, id, provider, parsing }, target, gathered, known);
  if (made !== null && "error" in made) throw made.error;
  return { content: made?.content ?? null, lost: gathered.lost };
}
