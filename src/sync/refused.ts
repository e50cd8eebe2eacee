/**
 * Reports files and list items that were fetched and cannot be read. They hold nothing back: each gets a
 * failed task of its own, which is visible in the person's sync state and among the notifications.
 */
import type { ProviderError, ResourceRef } from "../providers/provider.ts";
import { insertTasks, isNotedAsFailed } from "../store/fetch-tasks.ts";
import { rankOf } from "../store/ranks.ts";
import { taskFor } from "./create-tasks.ts";
import type { TaskRun } from "./run.ts";

export interface Refused {
  readonly ref: ResourceRef;
  readonly error: ProviderError;
}

/** Reports each list once: it is requested again and again, with the same result. */
export async function noteRefused(run: TaskRun, refused: readonly Refused[]): Promise<void> {
  const { deps, connection, task } = run;
  const { db } = deps.store;
  for (const { ref, error } of refused) {
    const failed = {
      ...taskFor(connection),
      kind: "file" as const,
      rank: rankOf(task.priority),
      state: "failed" as const,
      fetches: [{ resource: ref.resource, key: ref.key }],
      traceId: task.trace_id,
      code: error.code,
      details: error.details,
    };
    if (!(await isNotedAsFailed(db, failed))) await insertTasks(db, [failed]);
  }
}
