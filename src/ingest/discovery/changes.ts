/**
 * What follows from parts that are new or different, written in the transaction that keeps them: files to fetch
 * for things that came in a list, and the count of what nobody had told us of.
 */
import type { Part, Provider, ResourceRef } from "../../providers/provider.ts";
import type { Connection } from "../../store/connections.ts";
import { listCoverage, noteGaps } from "../../store/coverage.ts";
import { isAnnounced, type Notification } from "../../store/notifications.ts";
import type { PartChanges } from "../../store/raw-payloads.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import type { IngestDeps } from "../deps.ts";
import { newestFirst } from "../newest-first.ts";
import { followUpEvent, followUpsOf } from "./follow-ups.ts";
import { orderAlike } from "./order.ts";

/** What was asked for, by whom, and for whom. */
export interface ChangeContext {
  readonly deps: IngestDeps;
  readonly provider: Provider;
  readonly connection: Connection;
  readonly notification: Notification;
  readonly ref: ResourceRef;
}

/** Answers how many of the changes are gaps, for the log. */
export async function noteChanges(
  tx: DatabaseTransaction,
  context: ChangeContext,
  { added, changed }: PartChanges,
): Promise<number> {
  const parts = [...added, ...changed].filter(({ resource }) => resource === context.ref.resource);
  await orderFollowUps(tx, context, parts);
  return context.notification.origin === "reconcile" ? countGaps(tx, context, parts) : 0;
}

/** One order for each thing of a list; what was asked for by name has its files fetched along with it. */
async function orderFollowUps(
  tx: DatabaseTransaction,
  { deps, provider, connection, notification, ref }: ChangeContext,
  parts: readonly Part[],
): Promise<void> {
  for (const part of newestFirst(provider, parts)) {
    const fetches = part.key === ref.key ? [] : followUpsOf(provider, part);
    if (fetches.length === 0) continue;
    await orderAlike(tx, deps.store.queue, connection, notification, followUpEvent, fetches);
  }
}

async function countGaps(
  tx: DatabaseTransaction,
  { provider, connection, ref }: ChangeContext,
  parts: readonly Part[],
): Promise<number> {
  const resource = provider.resources.find(({ name }) => name === ref.resource);
  if (!resource?.discovery || parts.length === 0) return 0;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const coverage = (await listCoverage(tx, id)).find((one) => one.resource === ref.resource);
  if (!coverage?.askedUntil) return 0;
  const account = {
    environmentId: id.environmentId,
    provider: provider.slug,
    providerUserId: connection.provider_user_id,
  };
  const found = new Set<unknown>();
  for (const part of parts) {
    const told = resource.discovery.announced && (await isAnnounced(tx, account, part, coverage.askedUntil));
    // One thing that is kept under several keys is one gap.
    if (!told) found.add(part.value);
  }
  if (found.size > 0) await noteGaps(tx, id, ref.resource, found.size);
  return found.size;
}
