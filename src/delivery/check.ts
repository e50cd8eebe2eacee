/** "Test connection": tries a destination with its stored settings and leaves nothing behind there. */
import type { DeliveryReceipt, SenderContext } from "../destinations/destination.ts";
import { loadDestination } from "../destinations/registry.ts";
import { parseSettings } from "../destinations/settings.ts";
import { SystoleError } from "../errors.ts";
import { type DestinationId, findDestination } from "../store/destinations.ts";
import type { Store } from "../store/store.ts";

/** @throws DeliveryError, SystoleError RESOURCE_NOT_FOUND */
export async function checkDestination(
  { store, guard }: { store: Store; guard: SenderContext },
  id: DestinationId,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const kept = await findDestination(store.db, store.keyRing, id);
  if (kept === null) throw new SystoleError("RESOURCE_NOT_FOUND", { destination_id: id.destinationId });
  const destination = await loadDestination(kept.kind);
  const sender = destination.connect(parseSettings(destination, kept.settings), guard, kept.format);
  try {
    return await sender.check(signal);
  } finally {
    await sender.close();
  }
}
