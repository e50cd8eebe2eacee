/**
 * One batch of a job that rebuilds records: a number of records of one connection, their new revisions and
 * events, the new cursor and the job of the next batch, all in one transaction. A killed worker leaves
 * nothing of its batch, and another worker does it; nothing is done twice and nothing is left out.
 *
 * Locks are always taken in the same order: first the connection's, which ingest and erasure also hold while
 * they write, then that of the job's row. So there is no deadlock, and the comparison sees what ingest has
 * just made.
 */
import { SystoleError } from "../../errors.ts";
import { type ChoosingConnection, lockChoosing } from "../../store/data-choices.ts";
import { lastKey, nextOwnerOfGrown } from "../../store/refold.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import { nextOwnerOfPayloads, nextOwnerOfRecords } from "../../store/renormalization-work.ts";
import {
  findRenormalization,
  lockRenormalization,
  type Renormalization,
  type RenormalizationId,
  saveProgress,
} from "../../store/renormalizations.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import { announce } from "../announce.ts";
import { PayloadSplits } from "../payload-splits.ts";
import { foldNext } from "./fold-phase.ts";
import { discoverGrown } from "./grown-phase.ts";
import { discoverRecords } from "./payloads-phase.ts";
import { rebuildRecords } from "./records-phase.ts";
import { settleOrigins } from "./settle.ts";
import { type BatchDeps, isNext } from "./steps.ts";
import { Tally } from "./tally.ts";
import type { Work } from "./work.ts";

/** The most records, or payloads, of one batch. */
const maxOfBatch = 50;
/** A batch keeps ingest away from its connection for about this long. */
const longMs = 1_000;

/** Runs the next batch of a job. Returns null when the step is outdated or the job has ended. */
export async function runBatch(
  deps: BatchDeps,
  id: RenormalizationId,
  step: number,
): Promise<Renormalization["state"] | null> {
  const job = await findRenormalization(deps.store.db, id);
  if (!isNext(job, step)) return null;
  // Bodies may be large, so they are read before anything is locked.
  return job.cursor.phase === "fold" ? foldNext(deps, job, job.cursor) : runLocked(deps, id, step);
}

async function runLocked(
  deps: BatchDeps,
  id: RenormalizationId,
  step: number,
): Promise<Renormalization["state"] | null> {
  const began = performance.now();
  return deps.store.db.transaction().execute(async (tx) => {
    const seen = await findRenormalization(tx, id);
    if (!isNext(seen, step) || seen.cursor.phase === "fold") return null;
    const owner = await lockOwner(tx, seen);
    const job = await lockRenormalization(tx, id);
    // Another batch, or a cancellation, may have come first. An unchanged step means an unchanged cursor.
    if (!isNext(job, step)) return null;
    const tally = new Tally(job.counts, job.differences);
    const before = tally.counts;
    const isOver = () => performance.now() - began > longMs;
    const cursor = await advance(deps, { tx, job, owner, tally, isOver });
    const { counts, differences } = tally;
    await saveProgress(tx, id, { cursor, counts, differences });
    if (cursor === null) return "done";
    const passed = counts.records - before.records + counts.payloads - before.payloads;
    const startAfter = pauseMs(job, passed, performance.now() - began);
    const next = { data: { ...id, step: step + 1 }, ...(startAfter > 0 && { startAfter }) };
    await deps.store.queue.enqueue(tx, "renormalize", [next]);
    return "running";
  });
}

interface Owner {
  readonly userId: string;
  /** Null when it was erased a moment ago. */
  readonly connection: ChoosingConnection | null;
}

/** Locks the connection whose turn it is; returns null at the end of this phase. */
async function lockOwner(tx: DatabaseTransaction, job: Renormalization): Promise<Owner | null> {
  const userId = await nextOwner(tx, job);
  if (userId === null) return null;
  return { userId, connection: await lockChoosing(tx, { environmentId: job.environment_id, userId }) };
}

function pauseMs({ options }: Renormalization, passed: number, tookMs: number): number {
  return options.recordsPerSecond === null ? 0 : (passed / options.recordsPerSecond) * 1_000 - tookMs;
}

interface Batch extends Pick<Work, "tx" | "tally" | "isOver"> {
  readonly job: Renormalization;
  readonly owner: Owner | null;
}

/** Returns where to continue; null at the end. */
async function advance(
  deps: BatchDeps,
  { tx, job, owner, tally, isOver }: Batch,
): Promise<RenormalizationCursor | null> {
  const { cursor } = job;
  if (owner === null) return nextPhase(cursor);
  const { userId, connection } = owner;
  const { provider: only = null } = job.filter;
  const isMeant = only === null || connection?.provider === only;
  if (connection === null || !isMeant) return passOver(tx, job, userId);
  const id = { environmentId: job.environment_id, userId };
  const provider = deps.providerOf(connection.provider);
  const { filter, options } = job;
  const { parsing } = deps;
  const { bodies, outside } = deps.store;
  const splits = new PayloadSplits({ db: tx, bodies, parsing, provider, id });
  const shared = { tx, bodies, id, connection, provider, parsing, filter, options, splits, tally, isOver };
  const work: Work = { ...shared, ...(outside && { outside }), written: [], moved: [] };
  const limit = Math.min(maxOfBatch, Math.ceil(options.recordsPerSecond ?? maxOfBatch));
  const next = await workPhase(work, cursor, limit);
  await settleOrigins(work);
  tally.passed("events", work.written.length);
  await announce(tx, deps.store, connection, { records: work.written, traceId: job.renormalization_id });
  return next;
}

function nextPhase({ phase }: RenormalizationCursor): RenormalizationCursor | null {
  if (phase === "records") return { phase: "grown", after: null };
  return phase === "grown" ? { phase: "payloads", after: null } : null;
}

async function workPhase(
  work: Work,
  { phase, after }: RenormalizationCursor,
  limit: number,
): Promise<RenormalizationCursor> {
  if (phase === "records") return { phase, after: await rebuildRecords(work, after, limit) };
  if (phase === "payloads") return { phase, after: await discoverRecords(work, after, limit) };
  if (phase === "grown") return { phase, after: await discoverGrown(work, after, limit) };
  throw new SystoleError("INTERNAL", { phase });
}

function nextOwner(
  tx: DatabaseTransaction,
  { environment_id: environmentId, filter, cursor: { phase, after } }: Renormalization,
): Promise<string | null> {
  if (phase === "records") return nextOwnerOfRecords(tx, environmentId, filter, after);
  if (phase === "payloads") return nextOwnerOfPayloads(tx, environmentId, filter, after);
  if (phase === "grown") return nextOwnerOfGrown(tx, environmentId, filter, after);
  throw new SystoleError("INTERNAL", { phase });
}

/** Sorts after every type and resource. */
const afterAll = "zzzz";

/**
 * Skips a connection of another provider, or one that was erased a moment ago: its rows are gone, and the cursor must
 * not name it.
 */
async function passOver(
  tx: DatabaseTransaction,
  job: Renormalization,
  owner: string,
): Promise<RenormalizationCursor> {
  if ((await nextOwner(tx, job)) !== owner) return job.cursor;
  const { phase } = job.cursor;
  if (phase === "records") return { phase, after: [owner, afterAll, afterAll] };
  if (phase === "payloads") return { phase, after: [owner, afterAll, afterAll, owner] };
  return { phase: "grown", after: [owner, lastKey, lastKey] };
}
