/**
 * Folds the statements of a kept body into the person's parts, a batch of parts in each transaction, under the
 * connection's lock. The records to be made anew are written with each batch, so none is forgotten when the process
 * dies; folding a body again changes nothing.
 */
import type { PartsRef, Provider, RecordsRef } from "../../providers/provider.ts";
import { findResource } from "../../providers/resource-of.ts";
import type { ConnectionId } from "../../store/connections.ts";
import {
  findGrownParts,
  type Generation,
  nextGrownParts,
  readGrownParts,
  writeGrownParts,
} from "../../store/grown-parts.ts";
import { findFetchOrder } from "../../store/raw-payloads.ts";
import { noteStale } from "../../store/stale-records.ts";
import { ConnectionGone, holdConnection } from "../../sync/run.ts";
import type { IngestDeps } from "../deps.ts";
import { existingRecords } from "../existing-records.ts";
import { deletedAnywhere, isAnywhere, type Search, searchFor, searchOn } from "./delete-anywhere.ts";
import type { Arrival, FoldedPart } from "./fold-part.ts";
import type { Growth } from "./growth.ts";
import type { PartStatements } from "./statements.ts";

/** The values of a run that growing needs. */
export interface GrowingRun {
  readonly deps: Pick<IngestDeps, "store" | "parsing">;
  readonly provider: Provider;
  readonly id: ConnectionId;
  /** The parts in force by default. */
  readonly generation?: Generation;
}

/** The parts of one batch, and the length of their statements. */
const most = { parts: 200, bytes: 8 * 1024 * 1024 };

/** Returns how many parts have other items in force than before. @throws ConnectionGone */
export async function growParts(
  run: GrowingRun,
  rawPayloadId: string,
  statements: readonly PartStatements[],
): Promise<number> {
  let changed = 0;
  for (const batch of batchesOf(statements)) {
    changed += await inGrowth(run, async (growth) =>
      noteChanged(growth, await foldBatch(growth, rawPayloadId, batch)),
    );
  }
  for (const part of statements.filter(isAnywhere)) changed += await deleteItems(run, rawPayloadId, part);
  return changed;
}

/** Deletes the items in the parts that have them already. */
async function deleteItems(run: GrowingRun, rawPayloadId: string, part: PartStatements): Promise<number> {
  let changed = 0;
  for (let search = searchFor(part); search !== null; ) {
    const current: Search = search;
    search = await inGrowth(run, async (growth) => {
      const { folded, next } = await searchOn(growth, await arrivalOf(growth, rawPayloadId), current);
      changed += await noteChanged(growth, folded);
      return next;
    });
  }
  return changed;
}

const inGrowth = <Result>(
  { deps: { store, parsing }, provider, id, generation = "current" }: GrowingRun,
  work: (growth: Growth) => Promise<Result>,
): Promise<Result> =>
  store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, id);
    return work({ tx, id, provider, parsing, generation });
  });

/** Notes the records that are to be made anew. Returns how many parts have changed. */
async function noteChanged(growth: Growth, folded: readonly FoldedPart[]): Promise<number> {
  const isChanged = folded.filter((part) => part.isChanged);
  // Parts that are not in force have no records.
  if (growth.generation === "shadow") return isChanged.length;
  const affected = isChanged.flatMap((part) => part.affected);
  await noteRecords(growth, [...affected, ...(await besides(growth, isChanged))]);
  const concernsAll = isChanged.some(
    ({ resource }) => findResource(growth.provider, resource)?.growing?.concernsAll,
  );
  if (concernsAll) await noteAll(growth);
  return isChanged.length;
}

async function noteRecords({ tx, id }: Growth, refs: readonly RecordsRef[]): Promise<void> {
  await noteStale(tx, id, await existingRecords(tx, id, refs));
}

/** Notes all records of the person, from their parts, page by page. */
async function noteAll(growth: Growth): Promise<void> {
  const { tx, id, provider, parsing } = growth;
  let page = await nextGrownParts(tx, id, null, most.parts);
  while (page.length > 0) {
    await noteRecords(growth, await parsing.affectedBy(provider, page));
    page = await nextGrownParts(tx, id, page.at(-1) ?? null, most.parts);
  }
}

/** @throws ConnectionGone when the payload was erased */
async function arrivalOf({ tx, id }: Growth, rawPayloadId: string): Promise<Arrival> {
  const order = await findFetchOrder(tx, id.environmentId, rawPayloadId);
  if (order === null) throw new ConnectionGone();
  return { order: Number(order), rawPayloadId };
}

/** @throws ConnectionGone when the payload was erased */
export async function foldBatch(
  growth: Growth,
  rawPayloadId: string,
  batch: readonly PartStatements[],
): Promise<FoldedPart[]> {
  const { tx, id, provider, parsing, generation } = growth;
  const arrival = await arrivalOf(growth, rawPayloadId);
  const deleted = await deletedAnywhere(growth, batch);
  const known = await readGrownParts(tx, id, batch, generation);
  const states = new Map(known.map(({ resource, key, state }) => [`${resource} ${key}`, state]));
  const inputs = batch.map((part) => ({
    ...part,
    before: states.get(`${part.resource} ${part.key}`) ?? null,
    deletedAnywhere: deleted.get(part.resource) ?? [],
  }));
  const folded = await parsing.grow(provider, arrival, inputs);
  await writeGrownParts(tx, id, folded, generation);
  return folded;
}

/** Returns the records of the parts that are named as companions and exist. */
async function besides({ tx, id, provider, parsing }: Growth, changed: readonly FoldedPart[]) {
  const named = new Map<string, PartsRef>();
  for (const ref of changed.flatMap(({ companions }) => companions)) {
    named.set(`${ref.resource} ${ref.prefix ?? false} ${ref.key}`, ref);
  }
  const companions = await findGrownParts(tx, id, [...named.values()]);
  return companions.length === 0 ? [] : parsing.affectedBy(provider, companions);
}

export function* batchesOf(statements: readonly PartStatements[]): Generator<readonly PartStatements[]> {
  let batch: PartStatements[] = [];
  let bytes = 0;
  for (const part of statements) {
    const isFull = batch.length >= most.parts || bytes + part.bytes > most.bytes;
    if (isFull && batch.length > 0) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(part);
    bytes += part.bytes;
  }
  if (batch.length > 0) yield batch;
}
