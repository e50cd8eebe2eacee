/**
 * Resources whose keys are in the answer of another one: each new or changed part creates tasks for what can
 * now be requested.
 */
import type { Part, ResourceRef } from "../providers/provider.ts";
import type { DatabaseTransaction, TaskKind } from "../store/tables.ts";
import { createFollowOns } from "./follow-on.ts";
import { newestFirst } from "./newest-first.ts";
import type { TaskRun } from "./run.ts";
import { wantedResources } from "./wanted.ts";

/**
 * Creates one task for each part. An open task may have been answered before the part changed, so it does not
 * count. The caller holds the connection's lock.
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
  return wantedResources(provider, connection).flatMap(({ after }) =>
    after?.resource === part.resource ? after.refs(part) : [],
  );
}

/**
 * Returns the kind of a dependent task. A dependent of an announcement, or of data that was pushed, is looked for a few
 * more times: it may be computed later and is not announced itself.
 */
const kindAfter = (kind: TaskKind): TaskKind =>
  kind === "announced" || kind === "given" ? "second-look" : kind;
