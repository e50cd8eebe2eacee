/**
 * Folds the parts that grow from the beginning: payload by payload in the order of arrival, into rows beside those in
 * force. What is pushed meanwhile has a later place and is folded too. When no payload is left, the new rows take the
 * place of the others, under the connection's lock. A killed worker's payload is folded again, which changes nothing.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ErrorCode, SystoleError } from "../../errors.ts";
import type { Provider, Resource } from "../../providers/provider.ts";
import { findResource } from "../../providers/resource-of.ts";
import { findConnection } from "../../store/connections.ts";
import { lockChoosing } from "../../store/data-choices.ts";
import { dropShadows, holdsOf, swapShadows } from "../../store/grown-parts.ts";
import { type OpenedBody, openRawPayload } from "../../store/raw-payloads.ts";
import { hasLater, lastOrder, nextOrdered, type OrderedPayload } from "../../store/refold.ts";
import type { RenormalizationCursor } from "../../store/renormalization-job.ts";
import {
  lockRenormalization,
  type Renormalization,
  type RenormalizationId,
  saveProgress,
} from "../../store/renormalizations.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import { ConnectionGone } from "../../sync/run.ts";
import { type GrowingRun, growParts } from "../growing/grow-parts.ts";
import { hasGrowing, isGrowing, statementsIn } from "../growing/statements.ts";
import { type BatchDeps, isNext } from "./steps.ts";
import { Tally } from "./tally.ts";

type FoldCursor = Extract<RenormalizationCursor, { phase: "fold" }>;
const over: RenormalizationCursor = { phase: "records", after: null };

/** Folds the next payload of a job. Returns null when the step is outdated. */
export async function foldNext(
  deps: BatchDeps,
  job: Renormalization,
  cursor: FoldCursor,
): Promise<"running" | null> {
  const { db } = deps.store;
  const payload = job.options.dryRun
    ? null
    : await nextOrdered(db, job.environment_id, job.filter, cursor.after);
  if (payload === null) return advance(deps, job, async () => over);
  const id = { environmentId: job.environment_id, userId: payload.userId };
  const provider = await providerMeant(deps, job, payload);
  const passed: FoldCursor = { phase: "fold", after: [payload.userId, lastOrder] };
  if (provider === null) return advance(deps, job, async () => passed);
  if (cursor.after?.[0] !== payload.userId) {
    const began = await atStep(deps, job, (tx) => dropShadows(tx, id).then(() => true));
    if (began === null) return null;
  }
  const run: GrowingRun = { deps, provider, id, generation: "shadow" };
  let lost: ErrorCode | null;
  try {
    lost = await foldPayload(run, payload);
  } catch (error) {
    // Erased a moment ago: the cursor must not name it.
    if (error instanceof ConnectionGone) return advance(deps, job, async () => cursor);
    throw error;
  }
  return advance(deps, job, async (tx, tally) => {
    if ((await lockChoosing(tx, id)) === null) return cursor;
    if (lost !== null) tally.unreadable(lost);
    // What a body said before must not be lost because it can no longer be read: the person's parts stay as they are.
    if (lost !== null && (await holdsOf(tx, id, payload.rawPayloadId))) {
      await dropShadows(tx, id);
      return passed;
    }
    if (!(await hasLater(tx, id, payload.fetchOrder))) await swapShadows(tx, id);
    return { phase: "fold", after: [payload.userId, payload.fetchOrder] };
  });
}

/** Returns the provider of a payload; null where the job is not about it, or nothing of it grows. */
async function providerMeant(
  { store, providerOf }: BatchDeps,
  { environment_id: environmentId, filter: { provider: only = null } }: Renormalization,
  { userId }: OrderedPayload,
): Promise<Provider | null> {
  const connection = await findConnection(store.db, { environmentId, userId });
  if (connection === null || (only !== null && connection.provider !== only)) return null;
  const provider = providerOf(connection.provider);
  return hasGrowing(provider) ? provider : null;
}

/** Returns why the body cannot be read, or not to its end; null when it can. */
async function foldPayload(run: GrowingRun, payload: OrderedPayload): Promise<ErrorCode | null> {
  const { deps, provider, id } = run;
  const { rawPayloadId, resource, key } = payload;
  const body = await openRawPayload(deps.store, id, rawPayloadId);
  if (body === null) return "RECORD_RAW_MISSING";
  await using _ = Buffer.isBuffer(body) ? null : body;
  const file = findResource(provider, resource);
  if (file?.partsOfFile !== undefined) return foldFile(run, payload, { resource: file, body });
  const kept = { ...id, rawPayloadId, provider, resource, key };
  const { statements, failed } = await deps.parsing.split(kept, body);
  await growParts(run, rawPayloadId, statements);
  return failed?.code ?? null;
}

async function foldFile(
  run: GrowingRun,
  { rawPayloadId, key }: OrderedPayload,
  { resource, body }: { readonly resource: Resource; readonly body: Buffer | OpenedBody },
): Promise<ErrorCode | null> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "systole-refold-"));
  try {
    const file = Buffer.isBuffer(body) ? path.join(directory, "body") : body.file;
    if (Buffer.isBuffer(body)) await writeFile(file, body, { mode: 0o600 });
    const reading = { directory: path.join(directory, "sorted"), progress: () => {} };
    for await (const parts of resource.partsOfFile?.(key, file, reading) ?? []) {
      const growing = parts.filter((part) => isGrowing(run.provider, part.resource));
      await growParts(run, rawPayloadId, statementsIn(growing));
    }
    return null;
  } catch (error) {
    // What was read before it stands, as when the file was read first.
    if (error instanceof SystoleError) return null;
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const idOf = (job: Renormalization): RenormalizationId => ({
  environmentId: job.environment_id,
  renormalizationId: job.renormalization_id,
});

/** Works in a transaction if the job is still at this step; otherwise returns null. */
function atStep<Result>(
  { store }: BatchDeps,
  job: Renormalization,
  work: (tx: DatabaseTransaction, now: Renormalization) => Promise<Result>,
): Promise<Result | null> {
  return store.db.transaction().execute(async (tx) => {
    const now = await lockRenormalization(tx, idOf(job));
    return isNext(now, job.step) ? work(tx, now) : null;
  });
}

/** Saves the next cursor together with the job of the next step. */
function advance(
  deps: BatchDeps,
  job: Renormalization,
  next: (tx: DatabaseTransaction, tally: Tally) => Promise<RenormalizationCursor>,
): Promise<"running" | null> {
  return deps.store.db
    .transaction()
    .execute(async (tx) => {
      // The connection's lock comes before that of the job's row, as everywhere.
      const tally = new Tally(job.counts, job.differences);
      const cursor = await next(tx, tally);
      const now = await lockRenormalization(tx, idOf(job));
      if (!isNext(now, job.step)) throw new OutdatedStep();
      const { counts, differences } = tally;
      await saveProgress(tx, idOf(job), { cursor, counts, differences });
      await deps.store.queue.enqueue(tx, "renormalize", [{ data: { ...idOf(job), step: job.step + 1 } }]);
      return "running" as const;
    })
    .catch((error: unknown) => {
      if (error instanceof OutdatedStep) return null;
      throw error;
    });
}

/** Ends a transaction whose step another worker has done. */
class OutdatedStep extends Error {
  override readonly name = "OutdatedStep";
}
