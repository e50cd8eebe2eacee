/** Making and removing destinations, each in one transaction. */
import { SystoleError } from "../errors.ts";
import {
  createDestination,
  type DestinationId,
  deleteDestination,
  type NewDestination,
  type StoredDestination,
} from "../store/destinations.ts";
import { listLinkingThrough } from "../store/linking.ts";
import type { Store } from "../store/store.ts";

/** @throws SystoleError RESOURCE_NOT_FOUND when the destination that it links through has just been removed */
export function addDestination(
  { db, keyRing }: Store,
  environmentId: string,
  destination: NewDestination,
): Promise<StoredDestination> {
  return db.transaction().execute((tx) => createDestination(tx, keyRing, environmentId, destination));
}

/**
 * Removes a destination with what it was still to be sent. False when there is none of this id.
 * @throws SystoleError DESTINATION_IN_USE while others link through it
 */
export function removeDestination({ db }: Store, id: DestinationId): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const destinations = await listLinkingThrough(tx, id);
    if (destinations.length > 0) throw new SystoleError("DESTINATION_IN_USE", { destinations });
    return deleteDestination(tx, id);
  });
}
