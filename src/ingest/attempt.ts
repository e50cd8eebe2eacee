/** Attempts fetches whose failures are noted, not thrown. */
import type { ResourceRef } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { sideBySide } from "../side-by-side.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { IngestRun } from "./deps.ts";
import { type FetchedPages, fetchResource } from "./fetch.ts";
import { isInterrupted } from "./stopped.ts";

/** The pages of a fetch, or why there are none. */
export type Attempted = FetchedPages | { readonly error: unknown };

/** Fetches a resource; returns its pages, or its error. @throws ConnectionGone, StoppedError */
export async function attempt(run: IngestRun, fetch: TaskFetch): Promise<Attempted> {
  try {
    return await fetchResource(run, fetch);
  } catch (error) {
    if (isInterrupted(error)) throw error;
    return { error };
  }
}

/** A fetch, and what came of it. */
export type AttemptedFetch<Fetch> = readonly [fetch: Fetch, attempted: Attempted];

/**
 * Attempts several fetches, side by side where they may be. Returns them in the order given.
 * @throws ConnectionGone, StoppedError
 */
export async function attemptEach<Fetch extends TaskFetch>(
  run: IngestRun,
  fetches: readonly Fetch[],
): Promise<readonly AttemptedFetch<Fetch>[]> {
  const pair = async (fetch: Fetch): Promise<AttemptedFetch<Fetch>> => [fetch, await attempt(run, fetch)];
  if (maySideBySide(run, fetches)) return sideBySide(...fetches.map(pair));
  const attempted: AttemptedFetch<Fetch>[] = [];
  for (const fetch of fetches) attempted.push(await pair(fetch));
  return attempted;
}

/**
 * Whether several calls may be made at once: for what was announced, which is new and small, where the APIs limit neither
 * the calls in flight nor the time between two, so that none of them would wait for another.
 */
export function maySideBySide(
  { provider, task }: Pick<IngestRun, "provider" | "task">,
  refs: readonly ResourceRef[],
): boolean {
  const apis = refs.map(({ resource }) => provider.apis[findResource(provider, resource)?.api ?? ""]);
  const isUnpaced = apis.every((api) => api?.parallelCalls === undefined && api?.personGapMs === undefined);
  return task.kind === "announced" && isUnpaced;
}
