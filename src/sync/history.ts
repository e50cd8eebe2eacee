/**
 * A person's older data, planned in steps: when a step is nearly done, the next one follows. Reconciliation begins it
 * again where a process died between two steps.
 */
import { providerBySlug } from "../providers/registry.ts";
import type { ConnectionId } from "../store/connections.ts";
import { lockChoosing } from "../store/data-choices.ts";
import { type FetchTask, listOpenFetches } from "../store/fetch-tasks.ts";
import { priorityOf } from "../store/ranks.ts";
import type { Store } from "../store/store.ts";
import { createHistoryTasks, hasEnoughWaiting } from "./discover.ts";
import { discoverableFor } from "./discoverable.ts";
import { wantedResources } from "./wanted.ts";

/**
 * Plans the next step if the finished task was one of older data, and few such tasks are left. A person's first task
 * counts for resources whose history ends where nothing is found, since it tells as well how far back there is data.
 */
export async function continueHistory(
  { db, queue }: Store,
  { environment_id: environmentId, user_id: userId, kind, priority }: FetchTask,
  now: Date,
): Promise<void> {
  const isOlder = priority === priorityOf("backfill");
  if (userId === null || (kind !== "connect" && !isOlder)) return;
  const id: ConnectionId = { environmentId, userId };
  if (hasEnoughWaiting(await listOpenFetches(db, id))) return;
  await db.transaction().execute(async (tx) => {
    const connection = await lockChoosing(tx, id);
    if (connection === null || connection.state !== "active" || !connection.active) return;
    const provider = providerBySlug(connection.provider);
    const wanted = discoverableFor(provider, connection, wantedResources(provider, connection));
    const resources = isOlder ? wanted : wanted.filter(({ discovery }) => discovery.history !== undefined);
    await createHistoryTasks(tx, queue, { kind: "backfill", connection, resources, now });
  });
}
