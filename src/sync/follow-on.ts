/** Tasks that follow from another one: for the same connection, with the same rank. */
import { rankOf } from "../store/ranks.ts";
import type { DatabaseTransaction, TaskFetch, TaskKind } from "../store/tables.ts";
import { createTasks, taskFor } from "./create-tasks.ts";
import type { TaskRun } from "./run.ts";

export interface FollowOn {
  readonly kind: TaskKind;
  readonly fetches: readonly TaskFetch[];
  readonly startAfter?: Date;
}

/** Creates follow-on tasks. The caller holds the connection's lock. */
export async function createFollowOns(
  tx: DatabaseTransaction,
  { deps, connection, task }: TaskRun,
  wanted: readonly FollowOn[],
): Promise<void> {
  const rank = rankOf(task.priority);
  await createTasks(
    tx,
    deps.store.queue,
    wanted.map((one) => ({ ...taskFor(connection), rank, ...one })),
  );
}
