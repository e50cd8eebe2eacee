/** The ranks of calls to a provider: which comes first when its limits do not allow all of them. */
import type { TaskKind } from "./tables.ts";

/** From the least to the most urgent; a rank's index is its priority in the queue. */
export const ranks = ["backfill", "reconcile", "request", "notification"] as const;

/**
 * `notification`: the provider announced something new. `request`: a person waits for an answer: a
 * pull-to-refresh, or a person who has just connected. `reconcile`: a search for unannounced data.
 * `backfill`: data that is weeks old.
 */
export type Rank = (typeof ranks)[number];

export const priorityOf = (rank: Rank): number => ranks.indexOf(rank);

/** An unknown priority is the highest: tasks of a newer version do not wait until we understand them. */
export const rankOf = (priority: number): Rank => ranks[priority] ?? "notification";

/** The rank of each kind of task. A task that follows from another one has that one's rank instead. */
export const rankOfKind: Readonly<Record<TaskKind, Rank>> = {
  announced: "notification",
  connect: "request",
  refresh: "request",
  reconcile: "reconcile",
  backfill: "backfill",
  file: "request",
  // It completes announced data.
  "second-look": "notification",
  revoke: "request",
  given: "notification",
  "permission-ended": "notification",
  "scopes-changed": "notification",
};
