/** The events in which an event's records were before: a format that deletes compares the two. */
import type { EventToExport, FormerEvent } from "../export/event-records.ts";
import { findEvent, findFormerEvent } from "../store/events.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** An event with its id. */
export interface IdentifiedEvent extends EventToExport {
  readonly environmentId: string;
  readonly eventId: string;
}

/**
 * Returns the former event of each record, as far as they are kept. Records that were in one event before share its body,
 * which is read once.
 */
export async function formerEvents(
  db: DatabaseOrTransaction,
  { environmentId, eventId, userId, records }: IdentifiedEvent,
): Promise<readonly FormerEvent[]> {
  const formers: FormerEvent[] = [];
  if (userId === null) return formers;
  const bodies = new Map<string, Buffer | null>();
  for (const { type, naturalKey, revision } of records) {
    if (revision === 1) continue;
    const wanted = { environmentId, eventId, userId, type, naturalKey, revision };
    const found = await findFormerEvent(db, wanted);
    if (found === null) continue;
    const { event_id: id, records: identities } = found;
    if (!bodies.has(id)) bodies.set(id, (await findEvent(db, environmentId, id))?.body ?? null);
    const body = bodies.get(id) ?? null;
    if (body !== null) formers.push({ naturalKey, records: identities, body });
  }
  return formers;
}
