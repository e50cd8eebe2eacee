/** Fetches everything that a task names, with its companions. */
import { ProviderError, type ResourceRef } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { sideBySide } from "../side-by-side.ts";
import type { TaskFetch } from "../store/tables.ts";
import { type AnsweredFetch, askUntilToday, isPastReach } from "../sync/answered.ts";
import { filesInstead, isFinalForFile, isRefusedFile } from "../sync/files.ts";
import { isKnownUnavailable, isLackingByName, noteIfLacking } from "../sync/unavailable.ts";
import { grantedResources } from "../sync/wanted.ts";
import { isApart } from "./apart.ts";
import { type Attempted, attempt, maySideBySide } from "./attempt.ts";
import type { IngestRun } from "./deps.ts";
import type { FetchedPages } from "./fetch.ts";
import { fetchFiles } from "./fetch-files.ts";
import { addResults, type FetchResults, noResults } from "./fetch-results.ts";
import { isEmptyAnswer, isNotThereYet } from "./not-there-yet.ts";
import { allowsNoCall } from "./outcome.ts";
import { RenewalError } from "./renewal-error.ts";
import { needed } from "./unneeded.ts";

/**
 * Fetches the resources of a task. A notification names one thing and its companions, which may not exist
 * yet; records are made of all of them together or not at all. Tasks that we create ourselves name
 * independent things: a failure of one does not stop the others.
 * @throws ConnectionGone, StoppedError; the failure itself if everything was to be there together
 */
export async function fetchAll(run: IngestRun): Promise<FetchResults> {
  const results = noResults();
  const fetches = await needed(run, grantedFetches(run));
  if (maySideBySide(run, fetches)) await fetchTogether(run, results, fetches);
  else await fetchInTurn(run, results, fetches);
  if (run.task.kind === "file") {
    const isGone = ({ resource, key }: ResourceRef): boolean =>
      [...results.missing, ...results.refused.map(({ ref }) => ref)].some(
        (gone) => gone.resource === resource && gone.key === key,
      );
    await fetchInTurn(run, results, filesInstead(fetches, isGone));
  }
  return results;
}

/**
 * Fetches what was announced; then its files and its companions side by side, each companion with its own files. All of
 * them end before an error is thrown, so that what was answered is kept.
 */
async function fetchTogether(
  run: IngestRun,
  results: FetchResults,
  [announced, ...companions]: readonly TaskFetch[],
): Promise<void> {
  if (announced === undefined) return;
  const thing = await attempt(run, announced);
  const isThere = !("error" in thing) && thing.rest === null;
  if (!isThere) await note(run, results, announced, thing);
  const others = await sideBySide(
    ...(isThere ? [noteAlone(run, announced, thing)] : []),
    ...companions.map(async (fetch) => noteAlone(run, fetch, await attempt(run, fetch))),
  );
  addResults(results, others);
}

/** Returns the results of one fetch. */
async function noteAlone(run: IngestRun, fetch: TaskFetch, attempted: Attempted): Promise<FetchResults> {
  const results = noResults();
  await note(run, results, fetch, attempted);
  return results;
}

async function fetchInTurn(
  run: IngestRun,
  results: FetchResults,
  fetches: readonly TaskFetch[],
): Promise<void> {
  for (const [index, fetch] of fetches.entries()) {
    if (await isKnownUnavailable(run, fetch)) continue;
    await note(run, results, fetch, await attempt(run, fetch));
    const last = results.failed.at(-1);
    if (last !== undefined && allowsNoCall(last.error)) {
      const { error } = last;
      results.failed.push(...fetches.slice(index + 1).map((rest) => ({ fetch: rest, error })));
      break;
    }
  }
}

/** @throws the error itself if everything was to be there together */
const note = (
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  attempted: Attempted,
): Promise<void> =>
  "error" in attempted
    ? noteError(run, results, fetch, attempted.error)
    : notePages(run, results, fetch, attempted);

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

/** Returns a fetch that begins with the first page. */
const wholeOf = ({ page: _page, pagesRead: _pagesRead, ...whole }: TaskFetch): TaskFetch => whole;

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
