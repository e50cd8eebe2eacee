/** Changes a destination, and sends what waited while it was switched off. */
import {
  type DestinationChange,
  type DestinationId,
  type StoredDestination,
  updateDestination,
} from "../store/destinations.ts";
import { parkPending } from "../store/parked.ts";
import type { Store } from "../store/store.ts";

/**
 * Changes a destination; returns null if there is none with this id. Activation, even of an active
 * destination, sends all pending deliveries from now on: the operator has repaired the target and does not
 * want to wait for the retry schedule.
 */
export function changeDestination(
  store: Store,
  id: DestinationId,
  change: DestinationChange,
): Promise<StoredDestination | null> {
  return store.db.transaction().execute(async (tx) => {
    const changed = await updateDestination(tx, store.keyRing, id, change);
    if (changed !== null && change.active === true) await parkPending(tx, id);
    return changed;
  });
}
