/**
 * One batch of a job that rebuilds records: so many records of one connection, their new revisions and events, the
 * cursor behind them and the job of the next batch, all in one transaction. A worker that is killed leaves nothing
 * of it, and its batch is done by another; nothing is done twice and nothing is left out.
 *
 * Locks are taken in one order: the connection, which ingest holds, too, while it writes, and whoever erases a
 * person, and then the job's row. So they wait for each other and never in a circle, and what ingest has just made
 * is what is compared.
 */
import type { Provider } from "../../providers/provider.ts";
import { type Connection, lockConnection } from "../../store/connections.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import { nextOwnerOfPayloads, nextOwnerOfRecords } from "../../store/renormalization-work.ts";
import {
  findRenormalization,
  lockRenormalization,
  type Renormalization,
  type RenormalizationId,
  saveProgress,
} from "../../store/renormalizations.ts";
import type { Store } from "../../store/store.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import { announce } from "../announce.ts";
import type { Parsing } from "../parsing/parsing.ts";
import { PayloadSplits } from "../payload-splits.ts";
import { discoverRecords } from "./payloads-phase.ts";
import { rebuildRecords } from "./records-phase.ts";
import { settleOrigins } from "./settle.ts";
import { Tally } from "./tally.ts";
import type { Work } from "./work.ts";

/** Records, or payloads, of one batch at the most. */
const mostOfBatch = 50;
/** A connection is kept from ingest for about so long. */
const longMs = 1_000;

export interface BatchDeps {
  readonly store: Store;
  readonly parsing: Parsing;
  providerOf(slug: string): Provider;
}

/** What is there to do. Null when this job is an old one, or ended. */
export async function runBatch(
  deps: BatchDeps,
  id: RenormalizationId,
  step: number,
): Promise<Renormalization["state"] | null> {
  const began = performance.now();
  return deps.store.db.transaction().execute(async (tx) => {
    const seen = await findRenormalization(tx, id);
    if (!isNext(seen, step)) return null;
    const owner = await lockOwner(tx, seen);
    const job = await lockRenormalization(tx, id);
    // Another batch, or who cancelled, may have come first. The step tells: while it stands, the cursor does.
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

const isNext = (job: Renormalization | null, step: number): job is Renormalization =>
  job?.state === "running" && job.step === step;

interface Owner {
  readonly userId: string;
  /** Null when it was erased a moment ago. */
  readonly connection: Connection | null;
}

/** Whose turn it is; null when there is nothing left in this phase. */
async function lockOwner(tx: DatabaseTransaction, job: Renormalization): Promise<Owner | null> {
  const userId = await nextOwner(tx, job);
  if (userId === null) return null;
  return { userId, connection: await lockConnection(tx, { environmentId: job.environment_id, userId }) };
}

function pauseMs({ options }: Renormalization, passed: number, tookMs: number): number {
  return options.recordsPerSecond === null ? 0 : (passed / options.recordsPerSecond) * 1_000 - tookMs;
}

interface Batch extends Pick<Work, "tx" | "tally" | "isOver"> {
  readonly job: Renormalization;
  readonly owner: Owner | null;
}

/** Returns where to go on; null at the end. */
async function advance(
  deps: BatchDeps,
  { tx, job, owner, tally, isOver }: Batch,
): Promise<RenormalizationCursor | null> {
  const { cursor } = job;
  if (owner === null) return cursor.phase === "records" ? { phase: "payloads", after: null } : null;
  const { userId, connection } = owner;
  if (connection === null) return passOver(tx, job, userId);
  const id = { environmentId: job.environment_id, userId };
  const provider = deps.providerOf(connection.provider);
  const { filter, options } = job;
  const { parsing } = deps;
  const splits = new PayloadSplits({ db: tx, parsing, provider, environmentId: id.environmentId });
  const shared = { tx, id, connection, provider, parsing, filter, options, splits, tally, isOver };
  const work: Work = { ...shared, written: [], moved: [] };
  const limit = Math.min(mostOfBatch, Math.ceil(options.recordsPerSecond ?? mostOfBatch));
  const next: RenormalizationCursor =
    cursor.phase === "records"
      ? { phase: "records", after: await rebuildRecords(work, cursor.after, limit) }
      : { phase: "payloads", after: await discoverRecords(work, cursor.after, limit) };
  await settleOrigins(work);
  tally.passed("events", work.written.length);
  await announce(tx, deps.store, connection, { records: work.written, traceId: job.renormalization_id });
  return next;
}

const nextOwner = (tx: DatabaseTransaction, { environment_id, filter, cursor }: Renormalization) =>
  cursor.phase === "records"
    ? nextOwnerOfRecords(tx, environment_id, filter, cursor.after)
    : nextOwnerOfPayloads(tx, environment_id, filter, cursor.after);

/** Sorts behind every type and resource there is. */
const behindAll = "zzzz";

/** The connection was erased a moment ago: its rows are gone, and no cursor has to name it. */
async function passOver(
  tx: DatabaseTransaction,
  job: Renormalization,
  owner: string,
): Promise<RenormalizationCursor> {
  if ((await nextOwner(tx, job)) !== owner) return job.cursor;
  const { phase } = job.cursor;
  return phase === "records"
    ? { phase, after: [owner, behindAll, behindAll] }
    : { phase, after: [owner, behindAll, behindAll, owner] };
}
