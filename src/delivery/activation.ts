/** Changing a destination, and taking up what waited while it was switched off. */
import {
  type DestinationChange,
  type DestinationId,
  type StoredDestination,
  updateDestination,
} from "../store/destinations.ts";
import { parkPending } from "../store/parked.ts";
import type { Store } from "../store/store.ts";

/**
 * Null when there is none of this id. Activation, also of a destination that is active, has what is pending
 * sent from now on: whoever activates a destination has mended it and does not want to wait for the schedule.
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
