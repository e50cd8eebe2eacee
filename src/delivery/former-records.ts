/** The events in which an event's records were before: a format that deletes compares the two. */
import type { EventToExport, FormerEvent } from "../export/event-records.ts";
import type { BodySource } from "../store/bodies/source.ts";
import { findEvent, findFormerEvents } from "../store/events.ts";

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
  source: BodySource,
  { environmentId, eventId, userId, records }: IdentifiedEvent,
): Promise<readonly FormerEvent[]> {
  if (userId === null) return [];
  const formers: FormerEvent[] = [];
  const bodies = new Map<string, Buffer | null>();
  const changed = records.filter(({ revision }) => revision > 1);
  for (const [type, ofType] of Map.groupBy(changed, (record) => record.type)) {
    const found = await findFormerEvents(source.db, {
      environmentId,
      userId,
      eventId,
      type,
      records: ofType,
    });
    for (const { natural_key: naturalKey, event_id: id, records: identities } of found) {
      if (!bodies.has(id)) bodies.set(id, (await findEvent(source, environmentId, id))?.body ?? null);
      const body = bodies.get(id) ?? null;
      if (body !== null) formers.push({ naturalKey, records: identities, body });
    }
  }
  return formers;
}
