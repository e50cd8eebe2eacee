/** The events in which an event's records were before: a format that deletes compares the two. */
import type { EventToExport, FormerEvent } from "../export/event-records.ts";
import { findFormerEvent } from "../store/events.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** An event with its id. */
export interface IdentifiedEvent extends EventToExport {
  readonly environmentId: string;
  readonly eventId: string;
}

/** Returns the former event of each record, as far as they are kept. */
export async function formerEvents(
  db: DatabaseOrTransaction,
  { environmentId, eventId, userId, records }: IdentifiedEvent,
): Promise<readonly FormerEvent[]> {
  const formers: FormerEvent[] = [];
  if (userId === null) return formers;
  for (const { type, naturalKey, revision } of records) {
    if (revision === 1) continue;
    const wanted = { environmentId, eventId, userId, type, naturalKey, revision };
    const found = await findFormerEvent(db, wanted);
    if (found !== null) formers.push({ naturalKey, ...found });
  }
  return formers;
}
