/** A task's tries: their beginning, their outcome, and what makes a waiting task due again. */
import { sql } from "kysely";
import type { ProviderAccount } from "./accounts.ts";
import type { ConnectionId } from "./connections.ts";
import type { FetchTask, FetchTaskId } from "./fetch-tasks.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, TaskState } from "./tables.ts";

/** Marks a task as begun and returns it; null when it was finished or erased meanwhile. */
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
  /** The provider's limits allowed no call, so no attempt is counted. */
  readonly isPostponed?: boolean;
}

/**
 * Writes the outcome of a try. A task that was finished or erased meanwhile stays as it is. So does one that
 * was handed out twice and whose other try has ended: its next try covers later announcements.
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

/** Removes the person's name. A task that revokes a permission is then all that is left of an erased person. */
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

/** A due task, as the queue needs it. */
export type DueTask = Pick<FetchTask, "environment_id" | "task_id" | "priority">;

/** Resumes the tasks that wait for this account; the caller enqueues the returned ones. */
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

/**
 * Makes due the tasks of one connection that wait for a later time and have at least this rank; the caller
 * enqueues the returned ones.
 */
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
