/**
 * Reconciliation: what a provider has is compared with what we hold, by a schedule of its own for each resource
 * of each person. Any number of processes may do it: what one has claimed the others pass over.
 */

import { isDiscoverable } from "../../connections/discovery/chunks.ts";
import { firstInterval } from "../../connections/discovery/intervals.ts";
import { orderNews, reconciling, refreshing } from "../../connections/discovery/orders.ts";
import { hastenOrders } from "../../connections/orders.ts";
import { SystoleError } from "../../errors.ts";
import { providerBySlug, providers } from "../../providers/registry.ts";
import { type ConnectionId, findConnection, lockConnection } from "../../store/connections.ts";
import { claimDue, openCoverageOfAll } from "../../store/coverage.ts";
import type { Store } from "../../store/store.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";

/** Keeps a transaction short. */
const largestClaim = 200;

/** Orders what is due; answers how many resources were. */
export async function reconcileDue({ db, queue }: Store, now: Date): Promise<number> {
  let total = 0;
  for (;;) {
    const claimed = await db.transaction().execute(async (tx) => {
      const due = await claimDue(tx, largestClaim);
      for (const [id, names] of byConnection(due)) await orderFor(tx, { queue }, id, names, now, reconciling);
      return due.length;
    });
    total += claimed;
    if (claimed < largestClaim) return total;
  }
}

/** Pull-to-refresh: all of it now, ahead of what nobody waits for. @throws SystoleError USER_NOT_FOUND */
export async function refresh({ db, queue }: Store, id: ConnectionId, now: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    if ((await lockConnection(tx, id)) === null) {
      throw new SystoleError("USER_NOT_FOUND", { user_id: id.userId });
    }
    await hastenOrders(tx, queue, id);
    const due = await claimDue(tx, largestClaim, id);
    const names = due.map(({ resource }) => resource);
    if (names.length > 0) await orderFor(tx, { queue }, id, names, now, refreshing);
    return names.length;
  });
}

/** Whoever connected before a resource was known is asked for it too. */
export async function openBooks({ db }: Pick<Store, "db">): Promise<void> {
  for (const { slug, resources } of providers) {
    for (const resource of resources.filter(isDiscoverable)) {
      await openCoverageOfAll(db, slug, firstInterval(resource));
    }
  }
}

function byConnection(due: Awaited<ReturnType<typeof claimDue>>): [ConnectionId, string[]][] {
  const found = new Map<string, [ConnectionId, string[]]>();
  for (const { environmentId, userId, resource } of due) {
    const known = found.get(userId) ?? [{ environmentId, userId }, []];
    known[1].push(resource);
    found.set(userId, known);
  }
  return [...found.values()];
}

async function orderFor(
  tx: DatabaseTransaction,
  { queue }: Pick<Store, "queue">,
  id: ConnectionId,
  names: readonly string[],
  now: Date,
  placing: typeof reconciling,
): Promise<void> {
  const connection = await findConnection(tx, id);
  if (connection === null) return;
  const resources = providerBySlug(connection.provider).resources.filter(isDiscoverable);
  const due = resources.filter(({ name }) => names.includes(name));
  await orderNews(tx, queue, connection, due, now, placing);
}
