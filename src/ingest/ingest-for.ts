/** Works a task's share of one connection: fetches what it names, makes records, and notes what is known now. */
import { refusedPermissionOf } from "../connections/refused-permission.ts";
import { endTrouble, noteTrouble } from "../connections/trouble.ts";
import { ProviderError, type ResourceRef } from "../providers/provider.ts";
import { notePolled } from "../store/connections.ts";
import { narrowFetches } from "../store/fetch-tasks.ts";
import { noteFetched } from "../sync/after-fetch.ts";
import { PostponedError } from "../sync/planner/postponed.ts";
import type { IngestRun } from "./deps.ts";
import { fetchAll } from "./fetch-all.ts";
import type { FailedFetch } from "./fetch-results.ts";
import { makeStaleRecords } from "./growing/stale-records.ts";
import { isRefusedPerson, moreRetryable } from "./outcome.ts";
import { makeRecords } from "./records.ts";

export interface Ingested {
  /** The number of records that changed. */
  readonly changed: number;
  /** Companions that the provider does not have, or not yet. */
  readonly missing: readonly ResourceRef[];
}

/** @throws ProviderError, PostponedError, ConnectionGone */
export async function ingestFor(run: IngestRun): Promise<Ingested> {
  const { store } = run.deps;
  const askedAt = new Date();
  try {
    const results = await fetchAll(run);
    const changed = (await makeRecords(run, results.fetched)) + (await makeStaleRecords(run));
    // Only now is everything stored and made into records, so only now may it count as asked for.
    await noteFetched(run, results, askedAt);
    if (results.failed.length > 0) await giveUpTo(run, results.failed);
    await notePolled(store.db, run.id, askedAt);
    if (run.connection.error_code !== null) await endTrouble(store, run.connection);
    return { changed, missing: results.missing };
  } catch (error) {
    if (error instanceof ProviderError) {
      const { code } = error;
      const trouble = { code, refused: refusedPermissionOf(error), traceId: run.task.trace_id };
      await noteTrouble(store, run.provider, run.id, trouble);
    }
    throw error;
  }
}

/**
 * Shortens a task to its failed resources, so that those already answered are not requested again.
 * @throws the first failure
 */
async function giveUpTo({ deps, task }: IngestRun, failed: readonly FailedFetch[]): Promise<never> {
  // Only a task that we created ourselves is for one connection and names independent things.
  const isOurs = task.kind !== "announced" && task.user_id !== null;
  const isLess = failed.length < task.fetches.length || failed.some(({ fetch }) => fetch.page !== undefined);
  if (isOurs && isLess) {
    await narrowFetches(
      deps.store.db,
      task,
      failed.map(({ fetch }) => fetch),
    );
  }
  const errors = failed.map(({ error }) => error);
  const isPostponed = (error: unknown) => error instanceof PostponedError;
  throw errors.find(isRefusedPerson) ?? errors.find(isPostponed) ?? errors.reduce(moreRetryable);
}
