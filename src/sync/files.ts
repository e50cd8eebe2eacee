/**
 * Files that belong to a thing and are fetched separately, such as an exercise's. They may not exist, and no
 * failure of theirs harms the thing they belong to.
 */
import { type Part, ProviderError, type ResourceRef } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { createFollowOns } from "./follow-on.ts";
import { newestFirst } from "./newest-first.ts";
import { holdConnection, type TaskRun } from "./run.ts";
import { nextFileTry } from "./schedule.ts";
import { wantedResources } from "./wanted.ts";

/** The most files of one thing. */
const maxOfOne = 8;

/** A file to fetch. */
export interface FileFetch extends ResourceRef {
  /** Files in formats that are not kept, for a thing that has none in a format that is. */
  readonly instead?: readonly ResourceRef[];
}

export function filesOf(
  {
    provider,
    connection,
    deps,
  }: Pick<TaskRun, "provider"> & {
    readonly connection: Pick<TaskRun["connection"], "chosen_types" | "consents" | "apis" | "scopes">;
    readonly deps?: Pick<TaskRun["deps"], "keepFiles">;
  },
  part: Part,
): readonly FileFetch[] {
  const files = findResource(provider, part.resource)?.followUps?.(part).slice(0, maxOfOne) ?? [];
  const names = wantedResources(provider, connection).map(({ name }) => name);
  const wanted = files.filter(({ resource }) => names.includes(resource));
  return keptOf(provider, wanted, deps?.keepFiles);
}

/**
 * Leaves out files in formats that are not kept, where the thing should have one in a format that is: the others say what
 * it says. A thing with none of those keeps what it has.
 */
function keptOf(
  provider: TaskRun["provider"],
  files: readonly ResourceRef[],
  formats: readonly string[] | undefined,
): readonly FileFetch[] {
  if (formats === undefined) return files;
  const formatOf = ({ resource }: ResourceRef) => findResource(provider, resource)?.fileFormat;
  const isKept = (file: ResourceRef): boolean => formats.includes(formatOf(file) ?? "");
  if (!files.some(isKept)) return files;
  const leftOut = files.filter((file) => formatOf(file) !== undefined && !isKept(file));
  if (leftOut.length === 0) return files;
  return files
    .filter((file) => !leftOut.includes(file))
    .map((file) => (isKept(file) ? { ...file, instead: leftOut } : file));
}

/** Returns the files to fetch instead, where the thing turned out to have none in a format that is kept. */
export function filesInstead(
  files: readonly FileFetch[],
  isGone: (file: FileFetch) => boolean,
): readonly ResourceRef[] {
  const kept = files.filter(({ instead }) => instead !== undefined);
  return kept.every(isGone) ? (kept[0]?.instead ?? []) : [];
}

/** Creates one task for each thing of a list; a thing requested by name has its files fetched with it. */
export function createFileTasks(
  tx: DatabaseTransaction,
  run: TaskRun,
  asked: ResourceRef,
  parts: readonly Part[],
): Promise<void> {
  const files = newestFirst(run.provider, parts)
    .map((part) => (part.key === asked.key ? [] : filesOf(run, part)))
    .filter((fetches) => fetches.length > 0);
  return createFollowOns(
    tx,
    run,
    files.map((fetches) => ({ kind: "file", fetches })),
  );
}

/**
 * Creates tasks for files that could not be fetched just now, so that their exercise does not wait.
 * @throws ConnectionGone
 */
export async function createLaterFiles(run: TaskRun, files: readonly FileFetch[]): Promise<void> {
  if (files.length === 0) return;
  await run.deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, run.id);
    await createFollowOns(tx, run, [{ kind: "file", fetches: files, startAfter: nextFileTry(new Date()) }]);
  });
}

/** Whether another try would give the same result: the file does not exist, or cannot be read. */
export const isFinalForFile = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.retry === "never" ? error.code !== "PROVIDER_UNAUTHORIZED" : finalCodes.has(error.code));

/** Whether a file was fetched and cannot be read; that is reported, unlike a file that does not exist. */
export const isRefusedFile = (error: unknown): error is ProviderError =>
  error instanceof ProviderError && isFinalForFile(error) && unreadableCodes.has(error.code);

const unreadableCodes: ReadonlySet<string> = new Set([
  "PROVIDER_BODY_INVALID",
  "PROVIDER_BODY_TOO_LARGE",
  "PROVIDER_BODY_UNPARSABLE",
]);

const finalCodes: ReadonlySet<string> = new Set(["PROVIDER_RESOURCE_MISSING", "PROVIDER_BODY_INVALID"]);
