/**
 * Resources whose keys are in another one's answer: from each of its parts that is new or has changed follow tasks for
 * what can be asked for now.
 */
import type { Part, ResourceRef } from "../providers/provider.ts";
import type { DatabaseTransaction, TaskKind } from "../store/tables.ts";
import { createFollowOns } from "./follow-on.ts";
import { grantedResources } from "./granted.ts";
import { newestFirst } from "./newest-first.ts";
import type { TaskRun } from "./run.ts";

/**
 * One task for each part. A task that is there already may have been answered before the part changed, so it stands for
 * nothing. The caller holds the connection.
 */
export function createDependentTasks(
  tx: DatabaseTransaction,
  run: TaskRun,
  parts: readonly Part[],
): Promise<void> {
  const kind = kindAfter(run.task.kind);
  const wanted = newestFirst(run.provider, parts)
    .map((part) => dependentsOf(run, part))
    .filter((fetches) => fetches.length > 0);
  return createFollowOns(
    tx,
    run,
    wanted.map((fetches) => ({ kind, fetches })),
  );
}

function dependentsOf({ provider, connection }: TaskRun, part: Part): readonly ResourceRef[] {
  return grantedResources(provider, connection).flatMap(({ after }) =>
    after?.resource === part.resource ? after.refs(part) : [],
  );
}

/**
 * What follows from an announcement is looked for a few times more while it is not there: it may be computed later,
 * and nothing announces it.
 */
const kindAfter = (kind: TaskKind): TaskKind => (kind === "announced" ? "second-look" : kind);
