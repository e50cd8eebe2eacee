/** Fetches everything that a task names, with its companions. */
import { ProviderError, type ResourceRef } from "../providers/provider.ts";
import { findPartSources } from "../store/raw-payloads.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { Fetched } from "../sync/after-fetch.ts";
import { type AnsweredFetch, askUntilToday, isPastReach } from "../sync/answered.ts";
import { filesOf, isFinalForFile, isRefusedFile } from "../sync/files.ts";
import type { Refused } from "../sync/refused.ts";
import { isKnownUnavailable, noteIfLacking } from "../sync/unavailable.ts";
import { grantedResources } from "../sync/wanted.ts";
import type { IngestRun } from "./deps.ts";
import { type FetchedPages, type FetchedParts, fetchResource } from "./fetch.ts";
import { allowsNoCall, isRefusedPerson } from "./outcome.ts";
import { RenewalError } from "./renewal-error.ts";
import { isInterrupted } from "./stopped.ts";
import { needed } from "./unneeded.ts";

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
  /** The resources to try again, and why. */
  readonly failed: FailedFetch[];
}

/**
 * Fetches the resources of a task. A notification names one thing and its companions, which may not exist
 * yet; records are made of all of them together or not at all. Tasks that we create ourselves name
 * independent things: a failure of one does not stop the others.
 * @throws ConnectionGone, StoppedError; the failure itself if everything was to be there together
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
  const fetches = await needed(run, grantedFetches(run));
  for (const [index, fetch] of fetches.entries()) {
    if (await isKnownUnavailable(run, fetch)) continue;
    const attempted = await attempt(run, fetch);
    if ("error" in attempted) await noteError(run, results, fetch, attempted.error);
    else await notePages(run, results, fetch, attempted);
    const last = results.failed.at(-1);
    if (last !== undefined && allowsNoCall(last.error)) {
      const { error } = last;
      results.failed.push(...fetches.slice(index + 1).map((rest) => ({ fetch: rest, error })));
      break;
    }
  }
  return results;
}

/** Returns the fetches that the person's permission covers; the others are not made, whoever asked for them. */
function grantedFetches({ provider, connection, task, deps }: IngestRun): readonly TaskFetch[] {
  const granted = grantedResources(provider, connection);
  const refused = new Set(provider.resources.filter((one) => !granted.includes(one)).map(({ name }) => name));
  const left = task.fetches.filter(({ resource }) => refused.has(resource));
  if (left.length > 0) {
    const resources = [...new Set(left.map(({ resource }) => resource))];
    const about = { trace_id: task.trace_id, user_id: connection.user_id, provider: provider.slug };
    deps.log.info({ ...about, resources }, "not requested: not granted");
  }
  return task.fetches.filter(({ resource }) => !refused.has(resource));
}

type Attempted = FetchedPages | { readonly error: unknown };

async function attempt(run: IngestRun, fetch: TaskFetch): Promise<Attempted> {
  try {
    return await fetchResource(run, fetch);
  } catch (error) {
    if (isInterrupted(error)) throw error;
    return { error };
  }
}

async function notePages(
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  { pages, rest, endless }: FetchedPages,
): Promise<void> {
  // What belongs to one announcement is fetched again as a whole.
  if (rest !== null && run.task.kind === "announced") throw rest.error;
  results.fetched.push(...pages);
  const lists = pages.flatMap(({ entries }) => (entries === null ? [] : [entries]));
  const gaps = pages.reduce((sum, page) => sum + page.gaps, 0);
  // The pages that were read stay; the list counts as unanswered.
  if (endless !== null) results.failed.push({ fetch: wholeOf(fetch), error: endless });
  else if (rest === null)
    results.answered.push({ fetch, entries: lists.length > 0 ? lists.flat() : null, gaps });
  // An index is compared as a whole.
  else
    results.failed.push({
      fetch: lists.length > 0 ? fetch : { ...fetch, page: rest.page, pagesRead: rest.pagesRead },
      error: rest.error,
    });
  // Another try would return the same items. They are reported, and the rest of the list is there.
  const refused = pages.find((page) => page.refused !== null)?.refused ?? null;
  if (refused !== null) results.refused.push({ ref: fetch, error: refused });
  for (const page of pages) await fetchFiles(run, results, fetch, page);
}

/** Returns a fetch that begins with the first page. */
const wholeOf = ({ page: _page, pagesRead: _pagesRead, ...whole }: TaskFetch): TaskFetch => whole;

async function fetchFiles(
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  page: FetchedParts,
): Promise<void> {
  for (const ref of await filesToFetch(run, fetch, page)) {
    const file = await attempt(run, ref);
    if (!("error" in file)) {
      results.fetched.push(...file.pages);
      if (file.rest !== null) results.later.push(ref);
    } else if (isRefusedPerson(file.error)) results.failed.push({ fetch, error: file.error });
    else if (file.error instanceof RenewalError) results.later.push(ref);
    else if (isRefusedFile(file.error)) results.refused.push({ ref, error: file.error });
    else if (!isFinalForFile(file.error)) results.later.push(ref);
  }
}

/**
 * Returns the files to fetch of a thing that was requested by its name, so that both make one revision: all
 * of them when it is new or has changed, otherwise those we do not hold.
 */
async function filesToFetch(
  run: IngestRun,
  asked: ResourceRef,
  { parts, changed }: FetchedParts,
): Promise<readonly ResourceRef[]> {
  const part = parts.find(({ resource, key }) => resource === asked.resource && key === asked.key);
  const files = part === undefined ? [] : filesOf(run, part);
  if (part === undefined || files.length === 0 || changed.includes(part)) return files;
  const held = await findPartSources(run.deps.store.db, run.id, files);
  return files.filter(
    (file) => !held.some(({ resource, partKey }) => resource === file.resource && partKey === file.key),
  );
}

/**
 * Notes the error of a fetch. That a token was not renewed says nothing about the resource.
 * @throws the error itself if everything was to be there together
 */
async function noteError(
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  error: unknown,
): Promise<void> {
  if (!(error instanceof RenewalError)) return noteFailure(run, results, fetch, error);
  if (run.task.kind === "announced") throw error;
  results.failed.push({ fetch, error });
}

/** @throws the error itself if everything was to be there together */
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
  const lacking = await noteIfLacking(run, fetch, error);
  if (lacking === "resource") return;
  if ((isMissing(error) || lacking === "days") && !(isTogether && fetch === fetches[0])) {
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
