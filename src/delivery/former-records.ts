/** What the records of an event were in the event before: a format that deletes compares the two. */
import { type EventToExport, recordsOfEvent } from "../export/event-records.ts";
import { type DataType, hasSamples, type ModelOf, withoutSamples } from "../models/index.ts";
import { findFormerEvent } from "../store/events.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** An event with its id. */
export interface IdentifiedEvent extends EventToExport {
  readonly environmentId: string;
  readonly eventId: string;
}

export type FormerRecords = ReadonlyMap<string, ModelOf[DataType]>;

/**
 * Returns the former records by their natural keys, as far as their events are kept. Where the event has no samples,
 * because none were asked for, those of the former record are no loss.
 */
export async function formerRecords(
  db: DatabaseOrTransaction,
  event: IdentifiedEvent,
): Promise<FormerRecords> {
  const formers = new Map<string, ModelOf[DataType]>();
  if (event.userId === null || event.records.every(({ revision }) => revision === 1)) return formers;
  const { environmentId, eventId, userId } = event;
  for (const { type, naturalKey, revision, data } of recordsOfEvent(event)) {
    if (revision === 1) continue;
    const wanted = { environmentId, eventId, userId, type, naturalKey, revision };
    const found = await findFormerEvent(db, wanted);
    const former =
      found === null ? undefined : recordsOfEvent({ ...event, ...found }).find(isNamed(naturalKey));
    if (former !== undefined)
      formers.set(naturalKey, hasSamples(type, data) ? former.data : bare(former.data, type));
  }
  return formers;
}

const isNamed =
  (naturalKey: string) =>
  (record: { readonly naturalKey: string }): boolean =>
    record.naturalKey === naturalKey;

const bare = (data: ModelOf[DataType], type: DataType): ModelOf[DataType] => withoutSamples(type, data);
