/** Fetching all that a task names, with what belongs to it. */
import { ProviderError, type ResourceRef } from "../providers/provider.ts";
import { findPartSources } from "../store/raw-payloads.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { Fetched } from "../sync/after-fetch.ts";
import { type AnsweredFetch, askUntilToday, isPastReach } from "../sync/answered.ts";
import { filesOf, isFinalForFile, isRefusedFile } from "../sync/files.ts";
import { PostponedError } from "../sync/planner/postponed.ts";
import type { Refused } from "../sync/refused.ts";
import type { IngestRun } from "./deps.ts";
import { type FetchedParts, fetchResource } from "./fetch.ts";
import { isRefusedPerson } from "./outcome.ts";
import { isInterrupted } from "./stopped.ts";

export interface FailedFetch {
  readonly fetch: TaskFetch;
  readonly error: unknown;
}

export interface FetchResults extends Fetched {
  readonly fetched: FetchedParts[];
  /** Companions that the provider does not have, or not yet. */
  readonly missing: ResourceRef[];
  readonly answered: AnsweredFetch[];
  readonly later: ResourceRef[];
  readonly refused: Refused[];
  /** What is to be tried again, and why. */
  readonly failed: FailedFetch[];
}

/**
 * A notification names one thing and its companions, which may well not be there; they are made into records
 * together or not at all. What we ask for on our own are independent things: one that fails does not keep the
 * others back.
 * @throws ConnectionGone, StoppedError; what failed, where everything was to be there together
 */
export async function fetchAll(run: IngestRun): Promise<FetchResults> {
  const results: FetchResults = {
    fetched: [],
    missing: [],
    answered: [],
    later: [],
    refused: [],
    failed: [],
  };
  const { fetches } = run.task;
  for (const [index, fetch] of fetches.entries()) {
    const parts = await attempt(run, fetch);
    if ("error" in parts) await noteFailure(run, results, fetch, parts.error);
    else await noteParts(run, results, fetch, parts);
    // Nobody is asked again with a permission that was just refused, or while there is no room for a call.
    const last = results.failed.at(-1);
    if (last !== undefined && (isRefusedPerson(last.error) || last.error instanceof PostponedError)) {
      const { error } = last;
      results.failed.push(...fetches.slice(index + 1).map((rest) => ({ fetch: rest, error })));
      break;
    }
  }
  return results;
}

async function attempt(run: IngestRun, ref: ResourceRef): Promise<FetchedParts | { error: unknown }> {
  try {
    return await fetchResource(run, ref);
  } catch (error) {
    if (isInterrupted(error)) throw error;
    return { error };
  }
}

async function noteParts(
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  parts: FetchedParts,
): Promise<void> {
  results.fetched.push(parts);
  results.answered.push({ fetch, entries: parts.entries, gaps: parts.gaps });
  // Asking again would bring the same items: they are told of, and what else the list has is there.
  if (parts.refused !== null) results.refused.push({ ref: fetch, error: parts.refused });
  for (const ref of await filesToFetch(run, fetch, parts)) {
    const file = await attempt(run, ref);
    if (!("error" in file)) results.fetched.push(file);
    else if (isRefusedPerson(file.error)) results.failed.push({ fetch, error: file.error });
    else if (isRefusedFile(file.error)) results.refused.push({ ref, error: file.error });
    else if (!isFinalForFile(file.error)) results.later.push(ref);
  }
}

/**
 * The files of a thing that was asked for by its name, so that both make one revision: all of them when it is
 * new or has changed, else those that are not held.
 */
async function filesToFetch(
  { deps, provider, id }: IngestRun,
  asked: ResourceRef,
  { parts, changed }: FetchedParts,
): Promise<readonly ResourceRef[]> {
  const part = parts.find(({ resource, key }) => resource === asked.resource && key === asked.key);
  const files = part === undefined ? [] : filesOf(provider, part);
  if (part === undefined || files.length === 0 || changed.includes(part)) return files;
  const held = await findPartSources(deps.store.db, id, files);
  return files.filter(
    (file) => !held.some(({ resource, partKey }) => resource === file.resource && partKey === file.key),
  );
}

/** @throws the error itself where everything was to be there together */
async function noteFailure(
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  error: unknown,
): Promise<void> {
  const now = new Date();
  const { kind, fetches } = run.task;
  const isTogether = kind === "announced";
  const answered = { fetch, entries: null, gaps: 0 };
  if (isMissing(error) && !(isTogether && fetch === fetches[0])) {
    results.missing.push({ resource: fetch.resource, key: fetch.key });
    results.answered.push(answered);
  } else if (isTogether) throw error;
  else if (kind === "file" && isRefusedFile(error)) results.refused.push({ ref: fetch, error });
  else if (kind === "file" && isFinalForFile(error)) results.missing.push(fetch);
  else if (isPastReach(error, fetch, now)) results.answered.push(answered);
  else if (isRefusal(error) && (await askUntilToday(run, fetch, now))) return;
  else results.failed.push({ fetch, error });
}

const isMissing = (error: unknown): boolean =>
  error instanceof ProviderError && error.code === "PROVIDER_RESOURCE_MISSING";

const isRefusal = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.code === "PROVIDER_REFUSED" || error.code === "PROVIDER_OUT_OF_REACH");
