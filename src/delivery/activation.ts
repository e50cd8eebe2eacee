/** Changing a destination, and taking up what waited while it was switched off. */

import { hastenPending } from "../store/deliveries.ts";
import {
  type DestinationChange,
  type DestinationId,
  type StoredDestination,
  updateDestination,
} from "../store/destinations.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";

const partSize = 5_000;

/**
 * Null when there is none of this id. Activation, also of a destination that is active, sends what is pending
 * at once: whoever activates a destination has mended it and does not want to wait for the schedule. The
 * row's lock makes a worker that leaves a delivery waiting do so before, or see the change.
 */
export function changeDestination(
  store: Store,
  id: DestinationId,
  change: DestinationChange,
): Promise<StoredDestination | null> {
  return store.db.transaction().execute(async (tx) => {
    const changed = await updateDestination(tx, store.keyRing, id, change);
    if (changed !== null && change.active === true) await resume(tx, store, id);
    return changed;
  });
}

async function resume(tx: DatabaseTransaction, { queue }: Store, id: DestinationId): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const part = await hastenPending(tx, id, { limit: partSize, after });
    await queue.enqueue(
      tx,
      "deliver",
      part.map((data) => ({ data })),
    );
    after = part.at(-1)?.deliveryId ?? null;
    if (part.length < partSize) return;
  }
}
