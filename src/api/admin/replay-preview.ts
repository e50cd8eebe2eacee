/** What a replay would send. */
import { deliveriesOf } from "../../delivery/emit.ts";
import type { ReplayRequest, ReplayResult } from "../../delivery/replay.ts";
import { listRecipients } from "../../store/destinations.ts";
import { listEventsToReplay } from "../../store/events.ts";
import type { Store } from "../../store/store.ts";

const partSize = 5_000;

export async function previewReplay(
  { db }: Store,
  { environmentId, destinationId, ...filters }: ReplayRequest,
): Promise<ReplayResult> {
  const recipients = (await listRecipients(db, [environmentId])).filter(
    (recipient) => destinationId === undefined || recipient.destinationId === destinationId,
  );
  const total = { events: 0, deliveries: 0 };
  let after: string | null = null;
  for (;;) {
    const part = await listEventsToReplay(db, environmentId, filters, { limit: partSize, after });
    total.events += part.length;
    total.deliveries += part.flatMap((event) => deliveriesOf(event, recipients)).length;
    after = part.at(-1)?.event_id ?? null;
    if (part.length < partSize) return total;
  }
}
