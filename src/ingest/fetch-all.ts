/** Fetches everything that a task names, with its companions. */
import { ProviderError, type ResourceRef } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { findPartSources } from "../store/raw-payloads.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { Fetched } from "../sync/after-fetch.ts";
import { type AnsweredFetch, askUntilToday, isPastReach } from "../sync/answered.ts";
import { type FileFetch, filesInstead, filesOf, isFinalForFile, isRefusedFile } from "../sync/files.ts";
import type { Refused } from "../sync/refused.ts";
import { isKnownUnavailable, isLackingByName, noteIfLacking } from "../sync/unavailable.ts";
import { grantedResources } from "../sync/wanted.ts";
import { isApart } from "./apart.ts";
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
  readonly later: FileFetch[];
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
  await fetchEach(run, results, fetches);
  if (run.task.kind === "file") {
    const isGone = ({ resource, key }: ResourceRef): boolean =>
      [...results.missing, ...results.refused.map(({ ref }) => ref)].some(
        (gone) => gone.resource === resource && gone.key === key,
      );
    await fetchEach(run, results, filesInstead(fetches, isGone));
  }
  return results;
}

async function fetchEach(
  run: IngestRun,
  results: FetchResults,
  fetches: readonly TaskFetch[],
): Promise<void> {
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
}

/** Returns the fetches that the person's permission covers; the others are not made, whoever asked for them. */
function grantedFetches({ provider, connection, task, deps }: IngestRun): readonly TaskFetch[] {
  const granted = grantedResources(provider, connection);
  const refused = new Set(provider.resources.filter((one) => !granted.includes(one)).map(({ name }) => name));
  // That a person has one of two APIs is a normal state.
  const isOfOneApi = ({ resource }: TaskFetch) =>
    findResource(provider, resource)?.discovery?.announcedBy !== undefined;
  const left = task.fetches.filter((fetch) => refused.has(fetch.resource) && !isOfOneApi(fetch));
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
  if (rest !== null && run.task.kind === "announced") return noteError(run, results, fetch, rest.error);
  results.fetched.push(...pages);
  const lists = pages.flatMap(({ entries }) => (entries === null ? [] : [entries]));
  const gaps = pages.reduce((sum, page) => sum + page.gaps, 0);
  const isEmpty = isEmptyAnswer({ pages });
  // The pages that were read stay; the list counts as unanswered.
  if (endless !== null) results.failed.push({ fetch: wholeOf(fetch), error: endless });
  else if (rest === null)
    noteAnswer(run, results, { fetch, entries: lists.length > 0 ? lists.flat() : null, gaps, isEmpty });
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

const isEmptyAnswer = ({ pages }: Pick<FetchedPages, "pages">): boolean =>
  pages.every(({ parts, entries }) => parts.length === 0 && (entries ?? []).length === 0);

/** Notes an answer. A companion that is not there yet is looked for again, as one that the provider says it lacks. */
function noteAnswer(run: IngestRun, results: FetchResults, answered: AnsweredFetch): void {
  const { fetch, isEmpty } = answered;
  const { kind, fetches } = run.task;
  results.answered.push(answered);
  const isCompanion = kind === "second-look" || (kind === "announced" && fetch !== fetches[0]);
  if (isCompanion && isNotThereYet(run, fetch, isEmpty)) {
    results.missing.push({ resource: fetch.resource, key: fetch.key });
  }
}

/** Whether another API has announced something of a day, and the list of that day has nothing yet. */
const isNotThereYet = ({ provider }: IngestRun, { resource }: ResourceRef, isEmpty: boolean): boolean =>
  isEmpty && findResource(provider, resource)?.discovery?.announcedBy !== undefined;

/** Returns a fetch that begins with the first page. */
const wholeOf = ({ page: _page, pagesRead: _pagesRead, ...whole }: TaskFetch): TaskFetch => whole;

async function fetchFiles(
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  page: FetchedParts,
): Promise<void> {
  const { files, wanted } = await filesToFetch(run, fetch, page);
  const gone = new Set<FileFetch>();
  for (const ref of wanted) {
    if (await fetchFile(run, results, { ref, of: fetch })) gone.add(ref);
  }
  for (const ref of await notHeld(
    run,
    filesInstead(files, (file) => gone.has(file)),
  )) {
    await fetchFile(run, results, { ref, of: fetch });
  }
}

interface FileOf {
  readonly ref: FileFetch;
  /** The fetch of the thing that it belongs to. */
  readonly of: TaskFetch;
}

/** Returns whether there is no such file, or none that can be read. */
async function fetchFile(run: IngestRun, results: FetchResults, { ref, of }: FileOf): Promise<boolean> {
  const file = await attempt(run, ref);
  if ("error" in file) return noteFileError(run, results, { ref, of }, file.error);
  results.fetched.push(...file.pages);
  if (file.rest !== null) results.later.push(ref);
  else if (run.task.kind === "announced" && isNotThereYet(run, ref, isEmptyAnswer(file)))
    results.missing.push(ref);
  return false;
}

/** Notes the error of a file of the thing that was asked for; returns whether the file will never be there. */
function noteFileError(
  run: IngestRun,
  results: FetchResults,
  { ref, of: fetch }: FileOf,
  error: unknown,
): boolean {
  if (isLackingByName(run, ref, error)) return true;
  if (isRefusedPerson(error)) {
    if (isApart(run, ref, fetch)) results.later.push(ref);
    else results.failed.push({ fetch, error });
  } else if (error instanceof RenewalError || !isFinalForFile(error)) results.later.push(ref);
  else {
    if (isRefusedFile(error)) results.refused.push({ ref, error });
    return true;
  }
  return false;
}

/**
 * Returns the files of a thing that was requested by its name, and those of them to fetch, so that both make one revision:
 * all when it is new or has changed, otherwise those we do not hold.
 */
async function filesToFetch(
  run: IngestRun,
  asked: ResourceRef,
  { parts, changed }: FetchedParts,
): Promise<{ readonly files: readonly FileFetch[]; readonly wanted: readonly FileFetch[] }> {
  const part = parts.find(({ resource, key }) => resource === asked.resource && key === asked.key);
  const files = part === undefined ? [] : filesOf(run, part);
  const isNew = part === undefined || changed.includes(part);
  return { files, wanted: isNew ? files : await notHeld(run, files) };
}

async function notHeld<File extends ResourceRef>(
  run: IngestRun,
  files: readonly File[],
): Promise<readonly File[]> {
  if (files.length === 0) return files;
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
  if (isLackingByName(run, fetch, error)) return;
  const { kind, fetches } = run.task;
  const [announced] = fetches;
  // It is tried again by itself. Its missing is an answer, as that of any companion.
  if (kind === "announced" && announced && isApart(run, fetch, announced) && !isMissing(error)) {
    results.later.push({ resource: fetch.resource, key: fetch.key });
    return;
  }
  if (!(error instanceof RenewalError)) return noteFailure(run, results, fetch, error);
  if (kind === "announced") throw error;
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
  const answered = { fetch, entries: null, gaps: 0, isEmpty: true };
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
