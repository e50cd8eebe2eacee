/** Creates fetch tasks: the row and its job, in the caller's transaction. */
import { accountOf, type ProviderAccount } from "../store/accounts.ts";
import type { Connection, ConnectionId } from "../store/connections.ts";
import { insertTasks, type NewTask, priorityOfTask } from "../store/fetch-tasks.ts";
import type { Queue } from "../store/queue.ts";
import { priorityOf } from "../store/ranks.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { bringForward, type DueTask, reviveWaiting } from "../store/task-tries.ts";
import { newTraceId } from "../telemetry/trace.ts";

/** A task that we create ourselves; the task of a notification is written with the notification. */
export type WantedTask = Omit<
  NewTask,
  "taskId" | "notificationId" | "traceId" | "state" | "code" | "details"
>;

/** Returns the task columns that name one connection. */
export const taskFor = (
  connection: Pick<Connection, "environment_id" | "provider" | "provider_user_id" | "user_id">,
) => ({ ...accountOf(connection), userId: connection.user_id });

/** Creates tasks that start at once, or at their `startAfter`; returns their ids. */
export async function createTasks(
  tx: DatabaseTransaction,
  queue: Queue,
  wanted: readonly WantedTask[],
): Promise<string[]> {
  const tasks = wanted.map((task) => ({ ...task, traceId: newTraceId() }));
  const ids = await insertTasks(tx, tasks);
  const jobs = tasks.map(({ environmentId, startAfter, ...task }, index) => ({
    data: { environmentId, taskId: ids[index] ?? "" },
    priority: priorityOfTask(task),
    ...(startAfter && { startAfter }),
  }));
  await queue.enqueue(tx, "ingest", jobs);
  return ids;
}

/**
 * Creates the task that revokes a permission. Only this task keeps a sealed grant without its connection,
 * until it is revoked.
 */
export async function createRevocation(
  tx: DatabaseTransaction,
  queue: Queue,
  connection: Pick<
    Connection,
    "environment_id" | "provider" | "provider_user_id" | "user_id" | "grant_sealed"
  >,
): Promise<void> {
  const person = taskFor(connection);
  await createTasks(tx, queue, [{ ...person, kind: "revoke", fetches: [], body: connection.grant_sealed }]);
}

/** Resumes the tasks that waited for an account while nothing could be fetched for it. */
export async function resumeWaiting(
  tx: DatabaseTransaction,
  queue: Queue,
  account: ProviderAccount,
): Promise<void> {
  await enqueue(tx, queue, await reviveWaiting(tx, account));
}

/** Tries at once what a person waits for and is due later: they ask again because the data may be there now. */
export async function hastenTasks(tx: DatabaseTransaction, queue: Queue, id: ConnectionId): Promise<void> {
  await enqueue(tx, queue, await bringForward(tx, id, priorityOf("request")));
}

const enqueue = (tx: DatabaseTransaction, queue: Queue, due: readonly DueTask[]): Promise<void> =>
  queue.enqueue(
    tx,
    "ingest",
    due.map(({ environment_id: environmentId, task_id: taskId, priority }) => ({
      data: { environmentId, taskId },
      priority,
    })),
  );
