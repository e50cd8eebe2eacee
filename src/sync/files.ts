/**
 * What belongs to a thing but is fetched by itself: an exercise's files. They may well not be there, and
 * whatever becomes of them the thing they belong to is none the worse.
 */
import { type Part, type Provider, ProviderError, type ResourceRef } from "../providers/provider.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { createFollowOns } from "./follow-on.ts";
import { newestFirst } from "./newest-first.ts";
import { holdConnection, type TaskRun } from "./run.ts";
import { nextFileTry } from "./schedule.ts";

/** The most that one thing may ask for. */
const mostOfOne = 8;

export function filesOf(provider: Provider, part: Part): readonly ResourceRef[] {
  const resource = provider.resources.find(({ name }) => name === part.resource);
  return resource?.followUps?.(part).slice(0, mostOfOne) ?? [];
}

/** One task for each thing of a list; what was asked for by name has its files fetched along with it. */
export function createFileTasks(
  tx: DatabaseTransaction,
  run: TaskRun,
  asked: ResourceRef,
  parts: readonly Part[],
): Promise<void> {
  const files = newestFirst(run.provider, parts)
    .map((part) => (part.key === asked.key ? [] : filesOf(run.provider, part)))
    .filter((fetches) => fetches.length > 0);
  return createFollowOns(
    tx,
    run,
    files.map((fetches) => ({ kind: "file", fetches })),
  );
}

/** A file that could not be had just now does not keep its exercise waiting. @throws ConnectionGone */
export async function createLaterFiles(run: TaskRun, files: readonly ResourceRef[]): Promise<void> {
  if (files.length === 0) return;
  await run.deps.store.db.transaction().execute(async (tx) => {
    await holdConnection(tx, run.id);
    await createFollowOns(tx, run, [{ kind: "file", fetches: files, startAfter: nextFileTry(new Date()) }]);
  });
}

/** Asking again would give the same: it is not there, or nobody can read it. */
export const isFinalForFile = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.retry === "never" ? error.code !== "PROVIDER_UNAUTHORIZED" : finalCodes.has(error.code));

/** It came, and cannot be read: that is told, and not taken for a file that is not there. */
export const isRefusedFile = (error: unknown): error is ProviderError =>
  error instanceof ProviderError && isFinalForFile(error) && unreadableCodes.has(error.code);

const unreadableCodes: ReadonlySet<string> = new Set([
  "PROVIDER_BODY_INVALID",
  "PROVIDER_BODY_TOO_LARGE",
  "PROVIDER_BODY_UNPARSABLE",
]);

const finalCodes: ReadonlySet<string> = new Set(["PROVIDER_RESOURCE_MISSING", "PROVIDER_BODY_INVALID"]);
