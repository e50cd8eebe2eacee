/** Replaying: new deliveries of events that are kept. Their ids, bytes and headers are what they were. */
import { listRecipients } from "../store/destinations.ts";
import { type EventFilters, listEventsToReplay } from "../store/events.ts";
import type { Store } from "../store/store.ts";
import { deliveriesOf, writeDeliveries } from "./emit.ts";

/** Events written in one transaction. */
const partSize = 1_000;

export interface ReplayRequest extends EventFilters {
  readonly environmentId: string;
  /** Only to this destination; to every active one that takes the type when absent. */
  readonly destinationId?: string | undefined;
}

export interface ReplayResult {
  readonly events: number;
  readonly deliveries: number;
}

/**
 * Sends events again that match the filters, the oldest first. A replay that fails half-way has sent the
 * older part; sending that part once more harms nobody, for receivers know the ids.
 */
export async function replayEvents(
  store: Store,
  { environmentId, destinationId, ...filters }: ReplayRequest,
): Promise<ReplayResult> {
  const total = { events: 0, deliveries: 0 };
  let after: string | null = null;
  for (;;) {
    const part = await replayPart(store, { environmentId, destinationId, filters, after });
    total.events += part.events;
    total.deliveries += part.deliveries;
    after = part.last;
    if (part.events < partSize) return total;
  }
}

interface Part {
  readonly environmentId: string;
  readonly destinationId: string | undefined;
  readonly filters: EventFilters;
  readonly after: string | null;
}

function replayPart(
  store: Store,
  { environmentId, destinationId, filters, after }: Part,
): Promise<ReplayResult & { last: string | null }> {
  return store.db.transaction().execute(async (tx) => {
    const events = await listEventsToReplay(tx, environmentId, filters, { limit: partSize, after });
    const recipients = (await listRecipients(tx, [environmentId])).filter(
      (recipient) => destinationId === undefined || recipient.destinationId === destinationId,
    );
    const deliveries = events.flatMap((event) => deliveriesOf(event, recipients));
    await writeDeliveries(tx, store.queue, deliveries, new Date());
    return { events: events.length, deliveries: deliveries.length, last: events.at(-1)?.event_id ?? null };
  });
}
