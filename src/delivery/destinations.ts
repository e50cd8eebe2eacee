/** Creates and removes destinations, each in one transaction. */
import { SystoleError } from "../errors.ts";
import {
  createDestination,
  type DestinationId,
  deleteDestination,
  type NewDestination,
  type StoredDestination,
} from "../store/destinations.ts";
import { listLinkingThrough } from "../store/linking.ts";
import { excludeParking } from "../store/parked.ts";
import type { Store } from "../store/store.ts";

/** @throws SystoleError RESOURCE_NOT_FOUND when the destination that holds its links has just been removed */
export function addDestination(
  { db, keyRing }: Store,
  environmentId: string,
  destination: NewDestination,
): Promise<StoredDestination> {
  return db.transaction().execute((tx) => createDestination(tx, keyRing, environmentId, destination));
}

/**
 * Removes a destination and its pending deliveries; returns false if there is none with this id.
 * @throws SystoleError DESTINATION_IN_USE while other destinations put their links there
 */
export function removeDestination({ db }: Store, id: DestinationId): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    await excludeParking(tx, id);
    const destinations = await listLinkingThrough(tx, id);
    if (destinations.length > 0) throw new SystoleError("DESTINATION_IN_USE", { destinations });
    return deleteDestination(tx, id);
  });
}
