/** Fetches the files of a thing that was asked for by its name: both make one revision. */
import type { ResourceRef } from "../providers/provider.ts";
import { findHeldFiles } from "../store/raw-parts.ts";
import type { TaskFetch } from "../store/tables.ts";
import { type FileFetch, filesInstead, filesOf, isFinalForFile, isRefusedFile } from "../sync/files.ts";
import { isLackingByName } from "../sync/unavailable.ts";
import { isApart } from "./apart.ts";
import { type Attempted, attemptEach } from "./attempt.ts";
import type { IngestRun } from "./deps.ts";
import type { FetchedParts } from "./fetch.ts";
import type { FetchResults } from "./fetch-results.ts";
import { isEmptyAnswer, isNotThereYet } from "./not-there-yet.ts";
import { isRefusedPerson } from "./outcome.ts";
import { RenewalError } from "./renewal-error.ts";

/** Fetches the files of what a page has of the thing that was asked for. @throws ConnectionGone, StoppedError */
export async function fetchFiles(
  run: IngestRun,
  results: FetchResults,
  fetch: TaskFetch,
  page: FetchedParts,
): Promise<void> {
  const { files, wanted } = await filesToFetch(run, fetch, page);
  const gone = await fetchEach(run, results, wanted, fetch);
  const instead = filesInstead(files, (file) => gone.has(file));
  await fetchEach(run, results, await notHeld(run, fetch, instead), fetch);
}

/** Fetches files; returns those that will never be there. */
async function fetchEach<File extends FileFetch>(
  run: IngestRun,
  results: FetchResults,
  files: readonly File[],
  of: TaskFetch,
): Promise<ReadonlySet<File>> {
  const attempted = await attemptEach(run, files);
  const gone = attempted.filter(([ref, file]) => noteFile(run, results, { ref, of }, file));
  return new Set(gone.map(([ref]) => ref));
}

interface FileOf {
  readonly ref: FileFetch;
  /** The fetch of the thing that it belongs to. */
  readonly of: TaskFetch;
}

/** Notes what came of a file; returns whether there is no such file, or none that can be read. */
function noteFile(run: IngestRun, results: FetchResults, { ref, of }: FileOf, file: Attempted): boolean {
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
 * all when it is new or has changed, otherwise those we do not hold as they are since it last changed.
 */
async function filesToFetch(
  run: IngestRun,
  asked: ResourceRef,
  { parts, changed }: FetchedParts,
): Promise<{ readonly files: readonly FileFetch[]; readonly wanted: readonly FileFetch[] }> {
  const part = parts.find(({ resource, key }) => resource === asked.resource && key === asked.key);
  const files = part === undefined ? [] : filesOf(run, part);
  const isNew = part === undefined || changed.includes(part);
  return { files, wanted: isNew ? files : await notHeld(run, asked, files) };
}

async function notHeld<File extends ResourceRef>(
  run: IngestRun,
  thing: ResourceRef,
  files: readonly File[],
): Promise<readonly File[]> {
  if (files.length === 0) return files;
  const held = await findHeldFiles(run.deps.store.db, run.id, thing, files);
  return files.filter(
    ({ resource, key }) => !held.some((one) => one.resource === resource && one.key === key),
  );
}
