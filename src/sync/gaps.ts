/** Gaps: new or changed things that reconciliation found and no notification had announced. */
import { ownIdOf, type Part, type ResourceRef } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import { accountOf } from "../store/accounts.ts";
import { isAnnounced } from "../store/announcements.ts";
import { listCoverage, noteGaps } from "../store/coverage.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import type { AnsweredFetch } from "./answered.ts";
import { discoveryOf } from "./discoverable.ts";
import { paceOf } from "./pace.ts";
import type { TaskRun } from "./run.ts";

/**
 * Counts the new or changed parts that were never announced, in the transaction that stores them. Only
 * reconciliation looks for them, and only in what was requested before.
 */
export async function countGaps(
  tx: DatabaseTransaction,
  { provider, connection, id, task }: TaskRun,
  asked: ResourceRef,
  parts: readonly Part[],
): Promise<number> {
  const resource = findResource(provider, asked.resource);
  const discovery = discoveryOf({ provider, connection }, asked.resource);
  if (task.kind !== "reconcile" || !resource || !discovery || parts.length === 0) return 0;
  const coverage = (await listCoverage(tx, id)).find((one) => one.resource === asked.resource);
  if (!coverage?.askedUntil) return 0;
  const account = accountOf(connection);
  const told = new Set<unknown>();
  for (const part of parts) {
    const named = resource.endsWithId ? { ...part, key: ownIdOf(part.key) ?? part.key } : part;
    const isTold = discovery.announced && (await isAnnounced(tx, account, named, coverage.askedUntil));
    if (isTold) told.add(part.value);
  }
  // One thing stored under several keys is one gap, and is told under one of them.
  const gaps = new Set(parts.map(({ value }) => value).filter((value) => !told.has(value))).size;
  if (gaps > 0) await noteGaps(tx, id, { resource: asked.resource, count: gaps, pace: paceOf(discovery) });
  return gaps;
}

/** Counts and logs unannounced things, by resource. */
export function reportGaps(run: TaskRun, answered: readonly AnsweredFetch[]): void {
  const { deps, provider, id, task } = run;
  for (const { fetch, gaps } of answered) {
    if (gaps === 0) continue;
    const resource = fetch.covers?.resource ?? fetch.resource;
    deps.gapsFound?.(provider.slug, resource, gaps);
    const { announced: isAnnounced = false, whereUntold } = discoveryOf(run, resource) ?? {};
    // A resource without announcements has everything found this way, and one that another API announces may have.
    deps.log[isAnnounced && whereUntold === undefined ? "warn" : "info"](
      {
        trace_id: task.trace_id,
        environment_id: id.environmentId,
        user_id: id.userId,
        provider: provider.slug,
        resource,
        announced: isAnnounced,
        gaps,
      },
      "found without an announcement",
    );
  }
}
