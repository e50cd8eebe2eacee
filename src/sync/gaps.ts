/** Gaps: new or changed things that reconciliation found and no notification had announced. */
import type { Part, ResourceRef } from "../providers/provider.ts";
import { isAnnounced } from "../store/announcements.ts";
import { listCoverage, noteGaps } from "../store/coverage.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import type { AnsweredFetch } from "./answered.ts";
import type { TaskRun } from "./run.ts";

/**
 * Counts those of the new or changed parts that nobody had told us of, in the transaction that keeps them. Only
 * reconciliation looks for them, in what was asked for before.
 */
export async function countGaps(
  tx: DatabaseTransaction,
  { provider, connection, id, task }: TaskRun,
  asked: ResourceRef,
  parts: readonly Part[],
): Promise<number> {
  const resource = provider.resources.find(({ name }) => name === asked.resource);
  if (task.kind !== "reconcile" || !resource?.discovery || parts.length === 0) return 0;
  const coverage = (await listCoverage(tx, id)).find((one) => one.resource === asked.resource);
  if (!coverage?.askedUntil) return 0;
  const { environmentId } = id;
  const account = { environmentId, provider: provider.slug, providerUserId: connection.provider_user_id };
  const found = new Set<unknown>();
  for (const part of parts) {
    const told = resource.discovery.announced && (await isAnnounced(tx, account, part, coverage.askedUntil));
    // One thing that is kept under several keys is one gap.
    if (!told) found.add(part.value);
  }
  if (found.size > 0) await noteGaps(tx, id, asked.resource, found.size);
  return found.size;
}

/** What no notification had told us of is counted and logged, by resource. */
export function reportGaps({ deps, provider, id, task }: TaskRun, answered: readonly AnsweredFetch[]): void {
  for (const { fetch, gaps } of answered) {
    if (gaps === 0) continue;
    const resource = fetch.covers?.resource ?? fetch.resource;
    deps.gapsFound?.(provider.slug, resource, gaps);
    const known = provider.resources.find(({ name }) => name === resource);
    const isAnnounced = known?.discovery?.announced ?? false;
    // Of what is never announced everything is found like this.
    deps.log[isAnnounced ? "warn" : "info"](
      {
        trace_id: task.trace_id,
        environment_id: id.environmentId,
        user_id: id.userId,
        provider: provider.slug,
        resource,
        announced: isAnnounced,
        gaps,
      },
      "found without having been told",
    );
  }
}
