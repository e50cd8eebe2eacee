/** Comparing what a provider's index lists with what we hold: only what is missing or different is fetched. */

import { reconcileEvent } from "../../connections/discovery/orders.ts";
import type { Discovery, IndexEntry, Provider } from "../../providers/provider.ts";
import type { Connection } from "../../store/connections.ts";
import { type Errand, listOpenErrands } from "../../store/notifications.ts";
import type { Queue } from "../../store/queue.ts";
import { findFingerprints } from "../../store/raw-payloads.ts";
import type { DatabaseTransaction } from "../../store/tables.ts";
import { type OrderCause, orderAlike } from "./order.ts";

/** Beyond so many one call for the whole list is cheaper, where there is such a call. */
const mostByName = 4;

/** Orders what differs; answers how many things do. */
export async function orderDifferences(
  tx: DatabaseTransaction,
  queue: Queue,
  provider: Provider,
  connection: Connection,
  cause: OrderCause,
  entries: readonly IndexEntry[],
): Promise<number> {
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const known = await findFingerprints(tx, id, entries);
  const differing = entries.filter(
    ({ resource, key, fingerprint }) => known.get(`${resource} ${key}`) !== fingerprint,
  );
  if (differing.length === 0) return 0;
  const open = (await listOpenErrands(tx, id)).filter(({ priority }) => priority >= cause.priority);
  for (const errand of errandsFor(provider, differing)) {
    if (open.some(({ resource, key }) => resource === errand.resource && key === errand.key)) continue;
    await orderAlike(tx, queue, connection, cause, reconcileEvent, [errand]);
  }
  return differing.length;
}

function errandsFor(provider: Provider, differing: readonly IndexEntry[]): Errand[] {
  const byName = differing.map(({ resource, key }) => ({ resource, key }));
  const [first] = byName;
  const discovery = provider.resources.find(({ name }) => name === first?.resource)?.discovery;
  const whole = discovery ? keyOfAll(discovery) : null;
  if (byName.length <= mostByName || whole === null || first === undefined) return byName;
  return [{ resource: first.resource, key: whole }];
}

/** A list that takes no dates has the same key for all of them. */
function keyOfAll({ key }: Discovery): string | null {
  const [one, other] = [key("2000-01-01", "2000-01-01"), key("2000-01-02", "2000-01-02")];
  return one === other ? one : null;
}
