/** Which of the calls we owe a provider comes first when there is not room for all of them. */
import type { TaskKind } from "./tables.ts";

/** From what can wait longest to what cannot wait; a rank's place is its priority in the queue. */
export const ranks = ["backfill", "reconcile", "request", "notification"] as const;

/**
 * `notification`: the provider told us that something is new. `request`: somebody waits for an answer: a
 * pull-to-refresh, a person who has just connected. `reconcile`: what was never announced is looked for.
 * `backfill`: what is weeks old.
 */
export type Rank = (typeof ranks)[number];

export const priorityOf = (rank: Rank): number => ranks.indexOf(rank);

/** An unknown priority is the highest: nothing of a newer version waits for us to understand it. */
export const rankOf = (priority: number): Rank => ranks[priority] ?? "notification";

/** A task's rank unless it follows from another one, whose rank it then has. */
export const rankOfKind: Readonly<Record<TaskKind, Rank>> = {
  announced: "notification",
  connect: "request",
  refresh: "request",
  reconcile: "reconcile",
  backfill: "backfill",
  file: "request",
  // It completes what was announced.
  "second-look": "notification",
  revoke: "request",
  given: "notification",
  "permission-ended": "notification",
  "scopes-changed": "notification",
};
