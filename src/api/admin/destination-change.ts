/** Changes a destination that another operator may be changing at the same time. */
import { changeDestination } from "../../delivery/activation.ts";
import type { Destination } from "../../destinations/destination.ts";
import { parseSettings } from "../../destinations/settings.ts";
import { SystoleError } from "../../errors.ts";
import {
  type DestinationChange,
  type DestinationId,
  type DestinationSettings,
  findDestination,
  type StoredDestination,
} from "../../store/destinations.ts";
import type { ApiServices } from "../services.ts";

/** @throws SystoleError RESOURCE_NOT_FOUND */
export async function foundDestination(
  { store }: ApiServices,
  target: DestinationId,
): Promise<StoredDestination> {
  return (await findDestination(store.db, store.keyRing, target)) ?? destinationMissing(target);
}

export function destinationMissing({ destinationId }: DestinationId): never {
  throw new SystoleError("RESOURCE_NOT_FOUND", { destination_id: destinationId });
}

/**
 * Makes the change from the stored settings. Where those changed in the meantime, makes it once more from the new ones,
 * so that no change reverts another.
 *
 * @throws SystoleError RESOURCE_NOT_FOUND, and the errors of `make`
 */
export async function changeFromKept(
  services: ApiServices,
  target: DestinationId,
  make: (kept: StoredDestination) => Promise<DestinationChange>,
): Promise<{ readonly before: StoredDestination; readonly after: StoredDestination }> {
  for (;;) {
    const kept = await foundDestination(services, target);
    const change = { ...(await make(kept)), from: kept.revision };
    const changed = await changeDestination(services.store, target, change);
    if (changed !== null) return { before: kept, after: changed };
  }
}

/**
 * Refuses settings that could never work, while the caller can still correct them. Returns the values that follow from
 * the settings.
 *
 * @throws SystoleError DESTINATION_SETTINGS_INVALID, DeliveryError
 */
export async function assertUsable(
  { destinations }: ApiServices,
  destination: Destination,
  given: DestinationSettings,
): Promise<{ readonly ordered: boolean }> {
  const parsed = parseSettings(destination, given);
  const sender = destination.connect(parsed, destinations.context);
  await sender.close();
  return { ordered: destination.ordered?.(parsed) ?? false };
}
