/** One event of our own making to one destination, whatever types that takes. */
import { type DestinationId, findSealedDestination } from "../store/destinations.ts";
import { insertEvents } from "../store/events.ts";
import { newId } from "../store/identifiers.ts";
import type { Store } from "../store/store.ts";
import { eventRow, type NewEvent, writeDeliveries } from "./emit.ts";

export interface TestEvent {
  readonly eventId: string;
  readonly deliveryId: string;
}

/** Null when there is no such destination. */
export async function sendTestEvent(
  { db, queue }: Pick<Store, "db" | "queue">,
  { environmentId, destinationId }: DestinationId,
  event: Omit<NewEvent, "environmentId">,
): Promise<TestEvent | null> {
  const createdAt = new Date();
  const row = await eventRow({ ...event, environmentId }, createdAt);
  const deliveryId = newId();
  return db.transaction().execute(async (tx) => {
    if ((await findSealedDestination(tx, { environmentId, destinationId })) === null) return null;
    await insertEvents(tx, [row]);
    const delivery = {
      environmentId,
      deliveryId,
      eventId: row.event_id,
      destinationId,
      orderedBy: null,
      parked: false,
    };
    await writeDeliveries(tx, queue, [delivery], createdAt);
    return { eventId: row.event_id, deliveryId };
  });
}
