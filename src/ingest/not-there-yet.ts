/** Checks for empty answers, and for those that may still get data: another API has announced it. */
import type { ResourceRef } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import type { IngestRun } from "./deps.ts";
import type { FetchedPages } from "./fetch.ts";

/** Whether another API has announced something of a day, and the list of that day has nothing yet. */
export const isNotThereYet = (
  { provider }: IngestRun,
  { resource }: ResourceRef,
  isEmpty: boolean,
): boolean => isEmpty && findResource(provider, resource)?.discovery?.announcedBy !== undefined;

/** Whether an answer has neither parts nor entries. */
export const isEmptyAnswer = ({ pages }: Pick<FetchedPages, "pages">): boolean =>
  pages.every(({ parts, entries }) => parts.length === 0 && (entries ?? []).length === 0);
