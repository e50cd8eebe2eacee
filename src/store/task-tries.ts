/** A task's tries: when one begins, how it ended, and what makes a task that waits due again. */
import { sql } from "kysely";
import type { ProviderAccount } from "./accounts.ts";
import type { ConnectionId } from "./connections.ts";
import type { FetchTask, FetchTaskId } from "./fetch-tasks.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, TaskState } from "./tables.ts";

/** Marks and returns a task that is to be worked; null when it was finished or erased meanwhile. */
export async function beginTry(
  db: DatabaseOrTransaction,
  { environmentId, taskId }: FetchTaskId,
): Promise<FetchTask | null> {
  const row = await db
    .updateTable("fetch_tasks")
    .set({ begun_at: sql<Date>`now()` })
    .where("environment_id", "=", environmentId)
    .where("task_id", "=", taskId)
    .where("state", "=", "accepted")
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export interface TaskOutcome {
  readonly state: TaskState;
  readonly code: string | null;
  readonly details: Record<string, unknown> | null;
  readonly nextAttemptAt: Date | null;
  /** It was not even tried, since there was no room for a call: no attempt is counted. */
  readonly isPostponed?: boolean;
}

/**
 * Writes how a try ended; a task that was finished or erased meanwhile stays as it is. So does one handed out
 * twice whose other try has ended: its next try answers for what was announced since.
 */
export async function settleTask(
  db: DatabaseOrTransaction,
  { environment_id, task_id }: Pick<FetchTask, "environment_id" | "task_id">,
  outcome: TaskOutcome,
): Promise<boolean> {
  const isFinished = outcome.state === "done" || outcome.state === "failed";
  const row = await db
    .updateTable("fetch_tasks")
    .set({
      state: outcome.state,
      code: outcome.code,
      details: outcome.details === null ? null : JSON.stringify(outcome.details),
      next_attempt_at: outcome.nextAttemptAt,
      attempts: outcome.isPostponed ? sql`attempts` : sql`attempts + 1`,
      finished_at: isFinished ? new Date() : null,
      begun_at: null,
    })
    .where("environment_id", "=", environment_id)
    .where("task_id", "=", task_id)
    .where("state", "=", "accepted")
    .where("begun_at", "is not", null)
    .executeTakeFirst();
  return row.numUpdatedRows > 0n;
}

/** Takes out whose it was. A task that ends a permission is all that still names a person who was erased. */
export async function forgetWhose(
  tx: DatabaseTransaction,
  { environment_id, task_id }: Pick<FetchTask, "environment_id" | "task_id">,
): Promise<void> {
  await tx
    .updateTable("fetch_tasks")
    .set({ provider_user_id: null, user_id: null, body: null, details: null })
    .where("environment_id", "=", environment_id)
    .where("task_id", "=", task_id)
    .execute();
}

/** A task that is due, as the queue is told of it. */
export type DueTask = Pick<FetchTask, "environment_id" | "task_id" | "priority">;

/** Takes up what waited for this account; the caller enqueues what it returns. */
export function reviveWaiting(tx: DatabaseTransaction, account: ProviderAccount): Promise<DueTask[]> {
  return tx
    .updateTable("fetch_tasks")
    .set({ state: "accepted", code: null, details: null })
    .where("environment_id", "=", account.environmentId)
    .where("provider", "=", account.provider)
    .where("provider_user_id", "=", account.providerUserId)
    .where("state", "=", "waiting")
    .returning(["environment_id", "task_id", "priority"])
    .execute();
}

/** Makes the tasks of one connection due that wait for a later time and rank so high; the caller enqueues them. */
export function bringForward(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
  lowestPriority: number,
): Promise<DueTask[]> {
  return tx
    .updateTable("fetch_tasks")
    .set({ next_attempt_at: sql<Date>`now()` })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("state", "=", "accepted")
    .where("priority", ">=", lowestPriority)
    .where("next_attempt_at", ">", sql<Date>`now()`)
    .returning(["environment_id", "task_id", "priority"])
    .execute();
}

/** Whether another task of the same account is to be tried again after this failure. */
export async function isBeingTried(
  tx: DatabaseTransaction,
  { environment_id, task_id, provider, provider_user_id }: FetchTask,
  code: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom("fetch_tasks")
    .select("task_id")
    .where("environment_id", "=", environment_id)
    .where("state", "=", "accepted")
    .where("code", "=", code)
    .where("provider", "=", provider)
    .where("provider_user_id", "=", provider_user_id)
    .where("task_id", "!=", task_id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
