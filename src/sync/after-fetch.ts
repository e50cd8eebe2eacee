/** Notes what is known after a fetch, and what is still to be fetched. Called when the records are made. */
import { type AnsweredFetch, noteAnswered } from "./answered.ts";
import { createLaterFiles, type FileFetch } from "./files.ts";
import { reportGaps } from "./gaps.ts";
import { noteRefused, type Refused } from "./refused.ts";
import type { TaskRun } from "./run.ts";

export interface Fetched {
  readonly answered: readonly AnsweredFetch[];
  /** Files that could not be fetched just now. */
  readonly later: readonly FileFetch[];
  /** Files and list items that were fetched and can never be read. */
  readonly refused: readonly Refused[];
}

/** @throws ConnectionGone */
export async function noteFetched(run: TaskRun, fetched: Fetched, askedAt: Date): Promise<void> {
  await noteAnswered(run, fetched.answered, askedAt);
  reportGaps(run, fetched.answered);
  await createLaterFiles(run, fetched.later);
  await noteRefused(run, fetched.refused);
}
