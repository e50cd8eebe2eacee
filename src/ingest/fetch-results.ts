/** The results of a task's fetches: answers, what is missing, and what is to be tried again. */
import type { ResourceRef } from "../providers/provider.ts";
import type { TaskFetch } from "../store/tables.ts";
import type { Fetched } from "../sync/after-fetch.ts";
import type { AnsweredFetch } from "../sync/answered.ts";
import type { FileFetch } from "../sync/files.ts";
import type { Refused } from "../sync/refused.ts";
import type { FetchedParts } from "./fetch.ts";

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

export const noResults = (): FetchResults => ({
  fetched: [],
  missing: [],
  answered: [],
  later: [],
  refused: [],
  failed: [],
});

/** Adds the results of others, in their order. */
export function addResults(results: FetchResults, others: readonly FetchResults[]): void {
  for (const { fetched, missing, answered, later, refused, failed } of others) {
    results.fetched.push(...fetched);
    results.missing.push(...missing);
    results.answered.push(...answered);
    results.later.push(...later);
    results.refused.push(...refused);
    results.failed.push(...failed);
  }
}
