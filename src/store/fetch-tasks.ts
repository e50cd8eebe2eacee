/** Fetch tasks: what we still have to ask a provider for, and the outcomes. */
import { type Insertable, type Selectable, sql } from "kysely";
import type { ProviderAccount } from "./accounts.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import { priorityOf, type Rank, rankOfKind } from "./ranks.ts";
import type {
  DatabaseOrTransaction,
  DatabaseTransaction,
  FetchTasksTable,
  TaskFetch,
  TaskKind,
  TaskState,
} from "./tables.ts";

export type FetchTask = Selectable<FetchTasksTable>;

export interface FetchTaskId {
  readonly environmentId: string;
  readonly taskId: string;
}

export interface NewTask {
  /** A new one when absent. */
  readonly taskId?: string;
  readonly kind: TaskKind;
  /** Only for a task that a notification caused. */
  readonly notificationId?: string;
  readonly environmentId: string;
  readonly provider: string;
  readonly providerUserId: string | null;
  /** Only this connection; when absent, every connection of the provider's user. */
  readonly userId?: string;
  /** The rank; when absent, that of its kind. */
  readonly rank?: Rank;
  /** `accepted` when absent. */
  readonly state?: TaskState;
  readonly traceId: string;
  readonly fetches: readonly TaskFetch[];
  readonly body?: Buffer;
  /** Set if it is not to be tried at once. */
  readonly startAfter?: Date;
  readonly code?: string;
  readonly details?: Record<string, unknown>;
}

export const priorityOfTask = ({ kind, rank = rankOfKind[kind] }: Pick<NewTask, "kind" | "rank">): number =>
  priorityOf(rank);

export function taskRow(task: NewTask, now: Date): Insertable<FetchTasksTable> & { task_id: string } {
  const { state = "accepted" } = task;
  return {
    environment_id: task.environmentId,
    task_id: task.taskId ?? newId(),
    kind: task.kind,
    notification_id: task.notificationId ?? null,
    provider: task.provider,
    provider_user_id: task.providerUserId,
    user_id: task.userId ?? null,
    priority: priorityOfTask(task),
    state,
    fetches: JSON.stringify(task.fetches),
    body: task.body ?? null,
    trace_id: task.traceId,
    next_attempt_at: task.startAfter ?? null,
    code: task.code ?? null,
    details: task.details ? JSON.stringify(task.details) : null,
    created_at: now,
    finished_at: state === "done" || state === "failed" ? now : null,
  };
}

/** The rows of one statement: the driver takes at most 65,535 values. */
const mostRows = 1_000;

/** Inserts any number of tasks; returns the ids, in order. */
export async function insertTasks(db: DatabaseOrTransaction, tasks: readonly NewTask[]): Promise<string[]> {
  if (tasks.length === 0) return [];
  const now = new Date();
  const rows = tasks.map((task) => taskRow(task, now));
  for (let start = 0; start < rows.length; start += mostRows) {
    await db
      .insertInto("fetch_tasks")
      .values(rows.slice(start, start + mostRows))
      .execute();
  }
  return rows.map(({ task_id }) => task_id);
}

export async function findTask(
  db: DatabaseOrTransaction,
  { environmentId, taskId }: FetchTaskId,
): Promise<FetchTask | null> {
  const row = await db
    .selectFrom("fetch_tasks")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("task_id", "=", taskId)
    .executeTakeFirst();
  return row ?? null;
}

/** A fetch with its task's priority, and the tries that have failed so far. */
export interface OpenFetch extends TaskFetch {
  readonly priority: number;
  readonly attempts: number;
}

/** Returns the fetches of a connection that are not done yet. */
export async function listOpenFetches(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<OpenFetch[]> {
  const rows = await db
    .selectFrom("fetch_tasks")
    .select(["fetches", "priority", "attempts"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("state", "in", ["accepted", "waiting"])
    .execute();
  return rows.flatMap(({ fetches, ...task }) => fetches.map((one) => ({ ...one, ...task })));
}

/** A fetch of a task that was given up. */
export interface FailedFetch extends TaskFetch {
  readonly finishedAt: Date;
}

/** Returns the fetches of a connection's tasks that were given up after this time. */
export async function listFailedFetches(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  after: Date,
): Promise<FailedFetch[]> {
  const rows = await db
    .selectFrom("fetch_tasks")
    .select(["fetches", "finished_at"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("state", "=", "failed")
    .where("finished_at", ">", after)
    .execute();
  return rows.flatMap(({ fetches, finished_at }) =>
    fetches.map((one) => ({ ...one, finishedAt: finished_at ?? after })),
  );
}

/** Leaves only these fetches in the task: the others are done, and need not be repeated with them. */
export async function narrowFetches(
  db: DatabaseOrTransaction,
  { environment_id, task_id }: Pick<FetchTask, "environment_id" | "task_id">,
  fetches: readonly TaskFetch[],
): Promise<void> {
  await db
    .updateTable("fetch_tasks")
    .set({ fetches: JSON.stringify(fetches) })
    .where("environment_id", "=", environment_id)
    .where("task_id", "=", task_id)
    .execute();
}

/** Replaces the body of a task. */
export async function keepBody(
  db: DatabaseOrTransaction,
  { environment_id, task_id }: Pick<FetchTask, "environment_id" | "task_id">,
  body: Buffer,
): Promise<void> {
  await db
    .updateTable("fetch_tasks")
    .set({ body })
    .where("environment_id", "=", environment_id)
    .where("task_id", "=", task_id)
    .execute();
}

/** Whether a failed task of a connection with just this fetch and code exists already. */
export async function isNotedAsFailed(
  db: DatabaseOrTransaction,
  { environmentId, userId, fetches, code }: Pick<NewTask, "environmentId" | "userId" | "fetches" | "code">,
): Promise<boolean> {
  const row = await db
    .selectFrom("fetch_tasks")
    .select("task_id")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId ?? null)
    .where("state", "=", "failed")
    .where("code", "=", code ?? null)
    .where(sql<boolean>`fetches = ${JSON.stringify(fetches)}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives the tasks of a connection another account id: the provider has named the person since they were made. */
export async function moveTasks(
  tx: DatabaseTransaction,
  { environmentId, userId, providerUserId }: ProviderAccount & { readonly userId: string },
  to: string,
): Promise<void> {
  await tx
    .updateTable("fetch_tasks")
    .set({ provider_user_id: to })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("provider_user_id", "=", providerUserId)
    .execute();
}
